# shellcheck shell=sh
# Which of several kernels or hypervisors is the newest one that is wanted, by the names that distributions give them. Sourced by what
# builds boot images. The plug-in xen has the same words (SourceInventory) and order (source.sh) for source systems.

# newest: of names on standard input, one a line, or nothing. Neither for debugging or rescue, nor left behind by packages or people, nor,
# unless there is no other, a test version or for real time.
newest() {
    all=$(by_version)
    all=$(without 'd|dbg|debug|debuginfo|rescue|kdump|syms|old|bak|orig|dpkg|rpmsave|rpmnew|rpmorig|hmac|sig')
    released=$(without 'rc[0-9]*|pre[0-9]*|alpha[0-9]*|beta[0-9]*|unstable|next|rt[0-9]*')
    printf '%s\n' "${released:-$all}" | tail -n 1
}

# oldest first; a dot and a letter end a version, as in 427.el9, which is older than 427.13.1.el9_4
by_version() { sed -e 'h; s/\.\([A-Za-z]\)/~\1/g; G; s/\n/\t/' | sort -V -t '	' -k 1,1 | cut -f 2; }

without() { printf '%s\n' "$all" | grep -vE "[-_.+~]($1)([-_.+~]|\$)" || :; }
