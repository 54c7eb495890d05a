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
    switch_selinux_off
    offer_name_servers
    ask_nobody
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
    init=$(inside /sbin/init)
    [ "$init" != /sbin/init ] || [ -e "$ROOT$init" ] || refuse "$source has no /sbin/init"
    systemd=/usr/lib/systemd/systemd
    [ -e "$ROOT$systemd" ] || systemd=/lib/systemd/systemd
    [ -e "$ROOT$(inside "$systemd")" ] || refuse "$source has no systemd, which the client needs"
    check_programs
    case $init in
        */systemd) return 0 ;;
    esac
    # one of its own that begins with #! may start systemd later
    [ "$(head -c 2 "$ROOT$init" 2> /dev/null)" = '#!' ] || cmp -s "$ROOT$init" "$ROOT$(inside "$systemd")" 2> /dev/null ||
        refuse "/sbin/init of $source is $init and not systemd, which the client needs: install systemd-sysv there"
}

# An image for other processors, or for newer ones or kernels than these, would end in a panic that nobody sees.
check_programs() {
    said=$(timeout 60 chroot "$ROOT" "$systemd" --version 2>&1 < /dev/null) ||
        refuse "programs of $source do not run on this machine ($(uname -m), kernel $(uname -r)): $systemd says: ${said:-nothing within 60 s}"
}

# inside PATH: where it leads to in the image, links and all; a link's target is a path of the image, not of this initrd
inside() {
    left=$1 here='' hops=0
    while [ -n "${left#/}" ]; do
        left=${left#/}
        part=${left%%/*} left=${left#"$part"}
        case $part in
            '' | .) ;;
            ..) here=${here%/*} ;;
            *)
                if [ -L "$ROOT$here/$part" ] && [ "$hops" -lt 40 ]; then
                    hops=$((hops + 1))
                    target=$(readlink "$ROOT$here/$part")
                    case $target in /*) here='' ;; esac
                    left=$target$left
                else
                    here=$here/$part
                fi
                ;;
        esac
    done
    printf '%s\n' "${here:-/}"
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
    covered=$ROOT$(inside "$1")
    [ -f "$covered" ] || return 0
    mount -o bind "$2" "$covered" || refuse "cannot mount a file over $1 of the image"
    echo "$covered" >> "$QRM/tmp/covered"
}

# cover_with FILE: what is on standard input
cover_with() {
    mkdir -p "$ROOT/run/qrm$(dirname "$1")"
    cat > "$ROOT/run/qrm$1"
    cmp -s "$ROOT/run/qrm$1" "$ROOT$(inside "$1")" || cover "$1" "$ROOT/run/qrm$1"
}

# set_host_name NAME: a name of before that is no host name is brought near to one
set_host_name() {
    host=$(host_name_from "$1")
    [ "$host" = "$1" ] || say "the name '$(plain "$1" 63)' of this machine is no host name; it is called $host here. Rename it on the server"
    echo "$host" > "$PROC/sys/kernel/hostname"
    echo "$host" > "$ROOT/run/qrm/etc/hostname"
    cover /etc/hostname "$ROOT/run/qrm/etc/hostname"
    name_itself "$ROOT$(inside /etc/hosts)"
}

# 127.0.1.1 is where Debian and Ubuntu write a machine's own name; that of the system that the image was copied from would lead to this
# machine. What is left of the file by docker export is empty.
name_itself() {
    [ -f "$1" ] || return 0
    {
        grep -q '[[:space:]]localhost\([[:space:].]\|$\)' "$1" || printf '127.0.0.1 localhost\n::1 localhost\n'
        sed "s/^127\\.0\\.1\\.1[[:space:]].*/127.0.1.1 $host/" "$1"
    } | cover_with /etc/hosts
}

# letters, digits, inner hyphens and single dots of it; what then is still no name of its own is called by the card's address
host_name_from() {
    nearest=$(printf '%s\n' "$1" | tr -c 'A-Za-z0-9.\n-' '-' | sed 's/[.-]*\.[.-]*/./g; s/^[.-]*//; s/[.-]*$//')
    if is_host_name "$nearest" && [ ${#nearest} -le 63 ] && ! looks_numeric "$nearest" && ! is_own_name "$nearest"; then
        echo "$nearest"
    else
        echo "node-$(echo "$mac" | tr -d ':')"
    fi
}

# An image copied from a running system names that system's disks: waiting for them ends in emergency mode, and using those of
# this machine would be worse. The storage type nfs leaves out the same lines of what it copies. What /run is mounted with may forbid
# to run programs (noexec), and the client is there.
# shellcheck disable=SC2016  # conditions in awk
hide_local_disks() {
    without_lines /etc/fstab '$2 ~ /^(\/var)?\/run\/*$/ || $2 == "/" || $3 == "swap" || host_share() || !(network() || $4 ~ /(^|,)_netdev(,|$)/) && disk($1)'
    for table in crypttab veritytab integritytab; do
        without_lines "/etc/$table" '!/_netdev/ && disk($2)'
    done
}

# without_lines FILE AWK-CONDITION
without_lines() {
    table=$ROOT$(inside "$1")
    [ -f "$table" ] || return 0
    awk '
        function network() { return $3 ~ /^(nfs4?|cifs|smb3|smbfs|ceph|glusterfs|lustre|beegfs|gpfs|mmfs|9p|virtiofs|afs|ocfs2|gfs2|orangefs|pvfs2|davfs)$/ }
        # of the host of a virtual machine that the image was copied from
        function host_share() { return $3 ~ /^(fuse\.)?(vmhgfs(-fuse)?|vboxsf|prl_fs)$/ || $1 ~ /^vmhgfs-fuse/ }
        function disk(source) {
            gsub(/"/, "", source)
            return source ~ /^(LABEL|UUID|PARTLABEL|PARTUUID|ID)=/ || source ~ /^\/dev\/./ && source !~ /^\/dev\/(fuse|shm|rbd)/ ||
                source ~ /^(mtd|ubi)[0-9]*[:_0-9]/ || $3 == "zfs" || $3 == "btrfs" || $3 == "bcachefs"
        }
        /^[ \t]*(#|$)/ || !('"$2"')' "$table" | cover_with "$1"
}

# NFS keeps no labels before version 4.2, and where all files have the same one a policy that is enforced lets nothing start. One that only
# warns gives all files labels and restarts, when it is told to by a file .autorelabel: for ever, if the image is not written to.
switch_selinux_off() {
    # only the layer in memory is written to
    [ "$mode" != overlay ] || rm -f "$ROOT/.autorelabel"
    case $options in *vers=4.2*) return 0 ;; esac
    configuration=$ROOT$(inside /etc/selinux/config)
    ! grep -q -i '^SELINUX=\(enforcing\|permissive\)' "$configuration" 2> /dev/null ||
        sed 's/^SELINUX=.*/SELINUX=disabled/' "$configuration" | cover_with /etc/selinux/config
}

# Questions of a first boot, which wait at the console for somebody: systemd-firstboot(1), homectl(1), and those of Red Hat, SUSE and Ubuntu
ask_nobody() {
    mkdir -p "$ROOT/run/systemd/system"
    for unit in systemd-firstboot systemd-homed-firstboot initial-setup initial-setup-text initial-setup-graphical jeos-firstboot \
        YaST2-Firstboot YaST2-Second-Stage oem-config; do
        ln -sf /dev/null "$ROOT/run/systemd/system/$unit.service"
    done
}

# The card's name servers, for images whose resolv.conf is made while they run: by systemd-resolved, or by somebody who does not know this
# card and to whose place in /run it leads. A file of the image's own stays, unless it leads to nobody.
offer_name_servers() {
    servers=$(sed -n 's/^nameserver //p' "$QRM/etc/resolv.conf" 2> /dev/null | tr '\n' ' ')
    [ -n "$servers" ] || return 0
    mkdir -p "$ROOT/run/systemd/resolved.conf.d"
    printf '[Resolve]\nDNS=%s\nDomains=%s\n' "${servers% }" "$(sed -n 's/^search //p' "$QRM/etc/resolv.conf")" \
        > "$ROOT/run/systemd/resolved.conf.d/qrm.conf"
    place=$(inside /etc/resolv.conf)
    case ${place#/var} in
        /run/systemd/*) ;;
        /run/*)
            place=${place#/var}
            mkdir -p "$ROOT$(dirname "$place")"
            cp "$QRM/etc/resolv.conf" "$ROOT$place"
            ;;
        /etc/resolv*)
            [ ! -f "$ROOT$place" ] || leads_to_a_name_server "$ROOT$place" || cover_with /etc/resolv.conf < "$QRM/etc/resolv.conf"
            ;;
    esac
}

# The file that docker export leaves is empty. In a fresh Debian it is the storage server's (debootstrap), as what a system gives a
# container is its own: that of systemd-resolved leads to nobody where that is not installed.
leads_to_a_name_server() {
    servers=$(sed -n 's/^[[:space:]]*nameserver[[:space:]]*\([0-9A-Fa-f.:]*\).*/\1/p' "$1")
    for asked in $servers; do
        case $asked in
            127.0.0.53 | 127.0.0.54) [ ! -e "$ROOT/usr/lib/systemd/systemd-resolved" ] && [ ! -e "$ROOT/lib/systemd/systemd-resolved" ] || return 0 ;;
            *) return 0 ;;
        esac
    done
    return 1
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

# The root file system hangs on the card that the machine booted from: no network service of the image may touch it. Of files of
# systemd the first by name counts, and + comes before all digits and letters.
protect_boot_card() {
    mkdir -p "$ROOT/run/systemd/network" "$ROOT/run/NetworkManager/conf.d" "$ROOT/run/systemd/system/networking.service.d" "$ROOT/run/network"
    printf '[Match]\nMACAddress=%s\n[Link]\nNamePolicy=keep\n' "$mac" > "$ROOT/run/systemd/network/+qrm.link"
    printf '[Match]\nMACAddress=%s\n[Link]\nUnmanaged=yes\n' "$mac" > "$ROOT/run/systemd/network/+qrm.network"
    # twice: files in /etc, which are read later, may set unmanaged-devices anew
    printf '[keyfile]\nunmanaged-devices=mac:%s\n[device-qrm]\nmatch-device=mac:%s\nmanaged=0\n' "$mac" "$mac" \
        > "$ROOT/run/NetworkManager/conf.d/qrm.conf"
    echo "$interface=$interface" > "$ROOT/run/network/ifstate"
    echo "$interface" > "$ROOT/run/network/ifstate.$interface"
    printf '[Service]\nExecStop=\n' > "$ROOT/run/systemd/system/networking.service.d/qrm.conf"
    # The network is there, and by a card that is not theirs: they would wait two minutes for another one. By its name this comes after
    # netplan's file, which says which cards to wait for.
    for unit in systemd-networkd-wait-online "systemd-networkd-wait-online@$interface"; do
        mkdir -p "$ROOT/run/systemd/system/$unit.service.d"
        printf '[Service]\nExecStart=\nExecStart=/run/qrm/bin/true\n' > "$ROOT/run/systemd/system/$unit.service.d/qrm.conf"
    done
    # wicked, and the scripts of Red Hat before NetworkManager
    for place in /etc/sysconfig/network /etc/sysconfig/network-scripts; do
        [ ! -f "$ROOT$(inside "$place/ifcfg-$interface")" ] ||
            printf 'DEVICE=%s\nSTARTMODE=off\nBOOTPROTO=none\nONBOOT=no\nNM_CONTROLLED=no\n' "$interface" | cover_with "$place/ifcfg-$interface"
    done
    # before what is for single cards
    [ ! -f "$ROOT/etc/dhcpcd.conf" ] || { echo "denyinterfaces $interface"; cat "$ROOT/etc/dhcpcd.conf"; } | cover_with /etc/dhcpcd.conf
    keep_connman_off
}

# connman.conf(5): the last list counts; without one it has a list of its own
keep_connman_off() {
    [ -f "$ROOT/etc/connman/main.conf" ] || return 0
    others=$(sed -n 's/^[[:space:]]*NetworkInterfaceBlacklist[[:space:]]*=[[:space:]]*//p' "$ROOT/etc/connman/main.conf" | tail -n 1)
    {
        grep -v '^[[:space:]]*NetworkInterfaceBlacklist[[:space:]]*=' "$ROOT/etc/connman/main.conf" || :
        printf '\n[General]\nNetworkInterfaceBlacklist=%s,%s\n' "$interface" "${others:-vmnet,vboxnet,virbr,ifb,ve-,vb-}"
    } | cover_with /etc/connman/main.conf
}

# after a failure: back to nothing mounted, so that the next attempt starts afresh
undo_root() {
    [ ! -f "$QRM/tmp/covered" ] || while read -r covered; do
        umount -l "$covered" 2> /dev/null || :
    done < "$QRM/tmp/covered"
    rm -f "$QRM/tmp/covered"
    for directory in "$ROOT/run" "$ROOT" "$LAYER" "$LOWER"; do
        umount -l "$directory" 2> /dev/null || :
    done
}
