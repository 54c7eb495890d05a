# shellcheck shell=sh
# Programs and their libraries out of Debian packages that apt downloads and dpkg-deb unpacks; nothing is installed, root is not needed.
# Sourced by builds, which set $builds (their name in messages) and $work (a directory for what lies about meanwhile).

cache=${QRM_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/qrm}/deb

need_packages() {
    need apt-get apt
    need apt-cache apt
    need dpkg-deb dpkg
    mkdir -p "$cache" || fail "cannot make the package cache $cache: set QRM_CACHE to a directory that can be written"
}

need() {
    command -v "$1" > /dev/null || fail "the program $1 is missing: install the Debian package $2"
}

# packages and all that they depend on
with_dependencies() {
    apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances "$@" |
        grep '^[a-z0-9]' | sort -u | grep . || fail "apt does not know all of: $*: run apt-get update as root"
}

# unpack PACKAGE...: into $work/root
unpack() {
    apt-cache show --no-all-versions "$@" > "$work/records" 2> /dev/null || fail "apt does not know all of: $*: run apt-get update as root"
    awk '/^Package:/ { name = source = $2; from = ""; with = "-" } /^Version:/ { version = $2 } /^Architecture:/ { arch = $2 } /^SHA256:/ { digest = $2 }
         /^Source:/ { source = $2; from = $3; gsub(/[()]/, "", from) }
         /^Built-Using:/ { with = substr($0, 14); gsub(/ /, "", with) }
         /^$/ { if (source == "linux-signed-amd64") { source = "linux"; from = "" } # that one holds signatures only
                print name, version, arch, digest, source, from == "" ? version : from, with }' "$work/records" > "$work/packages"
    mkdir -p "$work/root"
    while read -r package version arch digest source source_version built_using; do
        deb=$cache/${package}_$(echo "$version" | sed 's/:/%3a/')_$arch.deb
        has_digest "$deb" "$digest" || download "$package" "$version" "$deb"
        dpkg-deb -x "$deb" "$work/root" || fail "cannot unpack $deb: remove it and build again"
        printf '%s\t%s\t%s\t%s\t%s\n' "$package" "$version" "$source" "$source_version" "$built_using" >> "$work/unpacked"
        digests_of "$deb" "$package" >> "$work/digests"
    done < "$work/packages"
}

# digests_of DEB PACKAGE: of each file that was unpacked, with the package after it
digests_of() {
    dpkg-deb --fsys-tarfile "$1" | tar -t -v | sed -n 's,^-[^/]*/[^/]* .* \./,./,p' | (cd "$work/root" && tr '\n' '\0' | xargs -0 -r sha256sum) |
        sed "s, .*, $2,"
}

# record DIRECTORY SHIPPED...: writes packages (name, version, source package, its version, sources linked in) and copyright/NAME for all that SHIPPED,
# files and folders, hold of others; refuses a binary that no package brought. What was made out of a package is named in $made_from.
record() {
    fresh_directory "$1/copyright"
    shipped=$1
    shift
    find "$@" -type f -exec sha256sum '{}' + > "$work/shipped"
    awk 'FNR == NR { from[$1] = $2; next } { print ($1 in from ? from[$1] : "-"), $2 }' "$work/digests" "$work/shipped" > "$work/origins"
    while read -r package file; do
        [ "$package" = - ] || continue
        case $file in
            *.ko | */modules.* | */grubnet.efi) ;; # in $made_from
            *) ! grep -qI . "$file" && [ -s "$file" ] && fail "no Debian package brought $file, and it is no text of ours" ;;
        esac
    done < "$work/origins"
    { cut -d' ' -f1 "$work/origins"; echo "$made_from" | tr ' ' '\n'; } | grep '^[a-z0-9]' | sort -u | while read -r package; do
        grep -m 1 "^$package	" "$work/unpacked" || fail "$package was not unpacked"
        cp -L "$work/root/usr/share/doc/$package/copyright" "$shipped/copyright/$package" || fail "the package $package brings no copyright"
    done > "$shipped/packages"
}

# only when the cache lacks the version that apt offers
download() {
    echo "$builds: fetching $1 $2"
    fresh_directory "$work/download"
    (cd "$work/download" && apt-get -q -q -o APT::Sandbox::User= download "$1=$2" < /dev/null) ||
        fail "apt-get download $1=$2 failed (see above): when the package lists are old, run apt-get update as root"
    mv "$work/download"/*.deb "$3"
}

has_digest() {
    [ -f "$1" ] && [ "$(sha256sum < "$1" | cut -d' ' -f1)" = "$2" ]
}

# copy_program ROOT PATH DIRECTORY: the program goes to bin of DIRECTORY, its libraries to lib
copy_program() {
    [ -f "$1/$2" ] || fail "the Debian packages hold no $2 (looked in $1)"
    cp "$1/$2" "$3/bin/"
    needed=$(libraries "$1" "$1/$2")
    for library in $needed; do
        [ -e "$3/lib/$(basename "$library")" ] || cp -L "$library" "$3/lib/"
    done
}

# libraries of a program and the loader itself, all from the unpacked packages, never from the machine that builds
libraries() {
    loader=$(first_of "$1/lib64/ld-linux-x86-64.so.2" "$1/usr/lib64/ld-linux-x86-64.so.2")
    head -c 4096 "$2" | grep -aq /ld-linux || return 0 # statically linked
    listed=$("$loader" --inhibit-cache --library-path "$1/lib/x86_64-linux-gnu:$1/usr/lib/x86_64-linux-gnu" --list "$2" 2>&1) ||
        fail "cannot list the libraries of $2: $listed"
    strangers=$(echo "$listed" | sed -n 's/.* => \(.*\) (0x.*/\1/p' | grep -v "^$1/" || :)
    [ -z "$strangers" ] || fail "$2 needs libraries that its packages do not bring: $(echo "$strangers" | tr "\n" " ")"
    echo "$loader"
    echo "$listed" | sed -n 's/.* => \(.*\) (0x.*/\1/p'
}

first_of() {
    for candidate in "$@"; do
        if [ -e "$candidate" ]; then
            echo "$candidate"
            return
        fi
    done
    fail "none of these exists: $*"
}

fresh_directory() {
    rm -rf "$1"
    mkdir -p "$1"
}

fail() {
    echo "$builds: $*" >&2
    exit 1
}
