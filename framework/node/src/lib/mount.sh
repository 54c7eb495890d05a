# shellcheck shell=dash
# Makes $ROOT the root file system of the assigned virtual environment. Each function says on standard error why it fails.

ROOT=${QRM_ROOT:-/root}
LOWER=${QRM_LOWER:-/ro}
LAYER=${QRM_LAYER:-/rw}

# prepare_root INSTRUCTION: mounts the image, and lays what the client needs into its /run
prepare_root() {
    check_instruction "$1"
    mount_image
    check_image
    mount -t tmpfs -o mode=0755,nosuid,nodev,size=50% tmpfs "$ROOT/run" || refuse "cannot mount a tmpfs on /run of the image"
    bring_client "$ROOT/run/qrm"
    bring_units "$ROOT/run/systemd"
    bring_arguments "$1" "$ROOT/run/qrm/arguments"
    bring_boot_services "$1" "$ROOT/run/qrm/services"
    set_host_name "$(answer_value hostname "$1")"
    hide_local_disks
    free_serial_consoles
    protect_boot_card
}

refuse() {
    echo "$*" >&2
    exit 1
}

# sets $source $options $mode $environment
check_instruction() {
    storage=$(answer_value storage "$1")
    source=$(answer_value source "$1")
    options=$(answer_value options "$1")
    mode=$(answer_value mode "$1")
    environment=$(answer_value environment "$1")
    [ "$storage" = nfs ] || refuse "this initrd cannot mount storage of the type '$storage', only nfs"
    is_ipv4 "${source%%:*}" || refuse "the source '$source' does not begin with the IPv4 address of a storage server"
    case $source in
        *:/*) ;;
        *) refuse "the source '$source' is not ADDRESS:/PATH" ;;
    esac
    [ -z "$options" ] || consists_of "$options" 'A-Za-z0-9,=._-' || refuse "the mount options '$options' hold odd characters"
    case $mode in
        rw | overlay) ;;
        *) refuse "the mode '$mode' is neither rw nor overlay" ;;
    esac
}

mount_image() {
    case $mode in
        rw) mount_nfs rw "$ROOT" ;;
        overlay)
            mount_nfs ro "$LOWER"
            mount -t tmpfs -o mode=0755,size=75% tmpfs "$LAYER" || refuse 'cannot mount a tmpfs for the writable layer'
            mkdir -p "$LAYER/upper" "$LAYER/work"
            mount -t overlay -o "lowerdir=$LOWER,upperdir=$LAYER/upper,workdir=$LAYER/work" overlay "$ROOT" ||
                refuse 'cannot mount the overlay of image and writable layer'
            ;;
    esac
}

# mount_nfs ro|rw DIRECTORY; a storage server that does not answer must not hold the machine for ever
mount_nfs() {
    all=$1,${options:+$options,}addr=${source%%:*}
    said=$(timeout 90 mount -t nfs -o "$all" "$source" "$2" 2>&1) ||
        refuse "cannot mount $source over NFS ($1${options:+,$options}): ${said:-no answer within 90 s}. Does the storage server export it to this machine?"
}

check_image() {
    [ -d "$ROOT/run" ] && [ -d "$ROOT/proc" ] || refuse "$source is no root file system: it has no /run and /proc"
    { [ -e "$ROOT/sbin/init" ] || [ -L "$ROOT/sbin/init" ]; } || refuse "$source has no /sbin/init"
    { [ -e "$ROOT/lib/systemd/systemd" ] || [ -e "$ROOT/usr/lib/systemd/systemd" ]; } ||
        refuse "$source has no systemd, which the client needs"
}

bring_client() {
    mkdir -p "$1/proc" "$1/dev" "$1/tmp" "$1/services"
    cp -a "$QRM/bin" "$QRM/lib" "$QRM/lib64" "$QRM/etc" "$QRM/root" "$QRM/node" "$QRM/lease" "$QRM/routes" "$1/"
    chmod 700 "$1/tmp" "$1/root"
}

# units in /run/systemd are gone with the next boot, and override nothing that an administrator wrote into /etc
bring_units() {
    mkdir -p "$1/system/sysinit.target.wants" "$1/system/multi-user.target.wants"
    cp "$QRM"/systemd/*.service "$1/system/"
    for unit in qrm-client qrm-dhcp qrm-execd; do
        ln -s "../$unit.service" "$1/system/sysinit.target.wants/"
    done
    ln -s ../qrm-multi-user.service "$1/system/multi-user.target.wants/"
}

# bring_arguments INSTRUCTION FILE: the environment's secret arguments, name=value on a line each, for root of the image alone
bring_arguments() {
    (
        umask 077
        answer_values argument "$1" > "$2"
    )
    while IFS='=' read -r name value; do
        consists_of "$name" 'A-Za-z0-9_.-' && [ -n "$value" ] || refuse 'a secret argument has no proper name, or no value'
    done < "$2"
}

# bring_boot_services INSTRUCTION DIRECTORY
bring_boot_services() {
    answer_values boot-service "$1" > "$QRM/tmp/boot-services"
    while IFS=, read -r plugin digest; do
        is_name "$plugin" || refuse "the boot service '$plugin' has no proper name"
        is_digest "$digest" || refuse "the boot service $plugin has no SHA-256 digest"
        fetch_boot_service "$plugin" "$digest" "$2/$plugin"
    done < "$QRM/tmp/boot-services"
}

fetch_boot_service() {
    fetch service 120 262144 "$server/node/v1/boot-services/$1"
    [ "$status" = 200 ] || refuse "cannot fetch the boot service $1: ${trouble:-HTTP status $status}"
    found=$(sha256sum < "$QRM/tmp/service.answer" | cut -d ' ' -f 1)
    [ "$found" = "$2" ] || refuse "the boot service $1 has the digest $found instead of $2"
    mkdir -p "$3"
    tar -xzf "$QRM/tmp/service.answer" -C "$3" || refuse "the boot service $1 is no tar.gz"
    rm -f "$QRM/tmp/service.answer"
}

# the files of the image stay as they are: where one of them must say something else, another is mounted over it
cover() {
    [ -f "$ROOT$1" ] && [ ! -L "$ROOT$1" ] || return 0
    mount -o bind "$2" "$ROOT$1" || refuse "cannot mount a file over $1 of the image"
}

# set_host_name NAME: a name of before that is no host name is brought near to one
set_host_name() {
    host=$(host_name_from "$1")
    [ "$host" = "$1" ] || say "the name '$(plain "$1" 63)' of this machine is no host name; it is called $host here. Rename it on the server"
    echo "$host" > "$PROC/sys/kernel/hostname"
    echo "$host" > "$ROOT/run/qrm/etc/hostname"
    cover /etc/hostname "$ROOT/run/qrm/etc/hostname"
}

# letters, digits, inner hyphens and single dots of it; what then is still no name of its own is called by the card's address
host_name_from() {
    nearest=$(printf '%s\n' "$1" | tr -c 'A-Za-z0-9.\n-' '-' | sed 's/[.-]*\.[.-]*/./g; s/^[.-]*//; s/[.-]*$//')
    case $nearest in
        localhost | localhost.*) nearest='' ;;
        *[!0-9.]*) ;;
        *) nearest='' ;;
    esac
    if is_host_name "$nearest" && [ ${#nearest} -le 63 ]; then
        echo "$nearest"
    else
        echo "node-$(echo "$mac" | tr -d ':')"
    fi
}

# an image copied from a running system names that system's disks: waiting for them ends in emergency mode, and using those of
# this machine would be worse
hide_local_disks() {
    [ -f "$ROOT/etc/fstab" ] || return 0
    awk '/^[ \t]*(#|$)/ || !($2 == "/" || $3 == "swap" || $1 ~ /^(\/dev\/|UUID=|LABEL=|PARTUUID=|PARTLABEL=)/)' \
        "$ROOT/etc/fstab" > "$ROOT/run/qrm/etc/fstab"
    cmp -s "$ROOT/etc/fstab" "$ROOT/run/qrm/etc/fstab" || cover /etc/fstab "$ROOT/run/qrm/etc/fstab"
}

# without udev no device unit ever appears, and the login on a serial console would hold up the start of the image for 90 s
free_serial_consoles() {
    for directory in lib usr/lib; do
        [ ! -e "$ROOT/$directory/systemd/systemd-udevd" ] || return 0
    done
    for directory in lib usr/lib; do
        original=$ROOT/$directory/systemd/system/serial-getty@.service
        [ ! -f "$original" ] || sed '/^BindsTo=dev-/d; s/dev-%i\.device//' "$original" > "$ROOT/run/systemd/system/serial-getty@.service"
    done
}

# the root file system hangs on the card that the machine booted from: no network service of the image may touch it
protect_boot_card() {
    mkdir -p "$ROOT/run/systemd/network" "$ROOT/run/NetworkManager/conf.d" "$ROOT/run/systemd/system/networking.service.d" "$ROOT/run/network"
    printf '[Match]\nMACAddress=%s\n[Link]\nNamePolicy=keep\n' "$mac" > "$ROOT/run/systemd/network/00-qrm.link"
    printf '[Match]\nMACAddress=%s\n[Link]\nUnmanaged=yes\n' "$mac" > "$ROOT/run/systemd/network/00-qrm.network"
    printf '[keyfile]\nunmanaged-devices=mac:%s\n' "$mac" > "$ROOT/run/NetworkManager/conf.d/qrm.conf"
    echo "$interface=$interface" > "$ROOT/run/network/ifstate"
    echo "$interface" > "$ROOT/run/network/ifstate.$interface"
    printf '[Service]\nExecStop=\n' > "$ROOT/run/systemd/system/networking.service.d/qrm.conf"
}

# after a failure: back to nothing mounted, so that the next attempt starts afresh
undo_root() {
    for directory in "$ROOT/etc/fstab" "$ROOT/etc/hostname" "$ROOT/run" "$ROOT" "$LAYER" "$LOWER"; do
        umount -l "$directory" 2> /dev/null || :
    done
}
