# shellcheck shell=sh
# Which of several kernels or hypervisors is the newest one that is wanted, by the names that distributions give them. Sourced by what
# builds boot images. The plug-in xen has the same words (SourceInventory) and order (source.sh) for source systems.

# newest: of names on standard input, one a line, or nothing. Neither for debugging or rescue, nor left behind by packages or people, nor,
# unless there is no other, a test version, for real time, or for virtual machines alone, without drivers of hardware.
newest() {
    all=$(by_version)
    all=$(without 'd|dbg|debug|debuginfo|rescue|kdump|syms|old|bak|orig|dpkg|rpmsave|rpmnew|rpmorig|hmac|sig')
    released=$(without 'rc[0-9]*|pre[0-9]*|alpha[0-9]*|beta[0-9]*|unstable|next|rt[0-9]*|realtime|cloud|kvm|kvmsmall|aws|azure|gcp|gke|ibm|oracle')
    printf '%s\n' "${released:-$all}" | tail -n 1
}

# oldest first; a dot and a letter end a version, as in 427.el9, which is older than 427.13.1.el9_4
by_version() { sed -e 'h; s/\.\([A-Za-z]\)/~\1/g; G; s/\n/\t/' | sort -V -t '	' -k 1,1 | cut -f 2; }

without() { printf '%s\n' "$all" | grep -vE "[-_.+~]($1)([-_.+~]|\$)" || :; }

# kernels_in ROOT: versions of which the modules are there, too. Arch calls all its kernels vmlinuz-linux in /boot; it, Fedora and SUSE have
# them beside their modules, and perhaps nowhere else (unified kernel images, boot loader entries).
kernels_in() {
    for directory in "$1"/usr/lib/modules/* "$1"/lib/modules/*; do
        if { [ -d "$directory/kernel" ] || [ -f "$directory/modules.dep" ]; } && [ -n "$(kernel_file "$1" "${directory##*/}")" ]; then echo "${directory##*/}"; fi
    done | sort -u
}

# kernel_file ROOT VERSION: its path, or nothing. Links are those of the root file system: /usr/lib/… is in it.
kernel_file() {
    for file in "$1/boot/vmlinuz-$2" "$1/usr/lib/modules/$2/vmlinuz" "$1/lib/modules/$2/vmlinuz"; do
        target=$(readlink "$file" || :)
        case $target in /*) file=$1$target ;; esac
        if [ -f "$file" ]; then
            echo "$file"
            return
        fi
    done
}
