# shellcheck shell=dash
# Where things are on a Xen host, and how Xen's programs are run. Sourced first; needs the client's say.sh and grammar.sh.

SERVICE=${QRM_SERVICE:-$QRM/services/xen}
TOOLS=$SERVICE/tools
RUN=${QRM_XEN_RUN:-/run/qrm-xen}                         # gone with the boot: locks, and what is being fetched
RUNTIME=${QRM_XEN_RUNTIME:-/run}                         # where systemd and NetworkManager look for what counts for this boot
PARTITIONS=${QRM_XEN_LIB:-/var/lib/xen}/VirtualMachines  # <mac>/<mac>.xen, settings, state
BOOT_FILES=${QRM_XEN_LIB:-/var/lib/xen}/BootFiles        # kernels and initrds of partitions
CONSOLE_TERMINALS=${QRM_DEV:-/dev}/pts
CONSOLE_LOCKS=${QRM_XEN_LOCKS:-/run/lock}
CONSOLES=${QRM_XEN_LOG:-/var/log/xen}/console
ARGUMENTS=$QRM/arguments  # what the server tells this machine alone, name=value on a line each
BRIDGE=xenbr0

# says why not, and ends. Where something was begun, failed (of partitions.sh) notes down that it came to nothing
refuse() {
    echo "qrm-xen: $*" >&2
    [ -z "${booting:-}" ] || failed "$*"
    exit 1
}

# version of the running hypervisor, as in 4.17
running_version() {
    echo "$(first_line "$SYS/hypervisor/version/major").$(first_line "$SYS/hypervisor/version/minor")"
}

# The image's own programs when they are those of the running hypervisor, else the boot service's, in a root of their own. Debian has each
# version's in a directory of its own; others have one version, which the library that only fits its own hypervisor tells.
find_tools() {
    image_tools=${QRM_IMAGE:-}/usr/lib/xen-$(running_version)/bin
    [ ! -x "$image_tools/xl" ] || return 0
    image_tools=${QRM_IMAGE:-}/usr/sbin
    for library in lib64 lib; do
        if [ -e "${QRM_IMAGE:-}/usr/$library/libxenctrl.so.$(running_version)" ] && [ -x "$image_tools/xl" ]; then return 0; fi
    done
    image_tools=''
}

# sets $runs to the words that run one of Xen's programs
find_program() {
    if [ -z "$image_tools" ]; then
        runs="chroot $TOOLS /bin/$1"
        return
    fi
    for directory in "$image_tools" "${QRM_IMAGE:-}/usr/lib/xen/bin" "${QRM_IMAGE:-}/usr/libexec/xen/bin" "${QRM_IMAGE:-}/usr/sbin"; do
        if [ -x "$directory/$1" ]; then
            runs=$directory/$1
            return
        fi
    done
    runs=/usr/bin/$1
}

# tool NAME [ARGUMENT...]: what it leaves running holds no lock of ours
tool() {
    find_program "$1"
    shift
    $runs "$@" 8>&- 9>&-
}

xl() {
    tool xl "$@"
}

# own_tool NAME [ARGUMENT...]: programs that have nothing to do with the hypervisor's version
own_tool() {
    program=$1
    shift
    chroot "$TOOLS" "/bin/$program" "$@"
}

# the value of a line "key : value" of the file $2, as `xl info` prints them
info_value() {
    sed -n "s/^$1 *: *//p" "$2" | head -n 1
}
