# shellcheck shell=dash
# Makes a machine that has booted the hypervisor a host of partitions. Every step may find itself done already.

check_hypervisor() {
    [ "$(first_line "$SYS/hypervisor/type")" = xen ] ||
        refuse 'this machine did not boot the Xen hypervisor: is the boot image of its environment one with a hypervisor?'
    find_tools
    brought=$(first_line "$TOOLS/xen-version")
    [ -n "$image_tools" ] || [ "$brought" = "$(running_version)" ] ||
        refuse "the hypervisor is Xen $(running_version), the tools of this boot service are those of Xen $brought: install those of $(running_version) in the image (Debian: xen-utils-$(running_version), Fedora: xen-runtime, SUSE: xen-tools)"
}

load_modules() {
    for module in xenfs xen-privcmd xen-evtchn xen-gntdev xen-netback bridge; do
        modprobe "$module" 2> "$RUN/modprobe.log" ||
            refuse "cannot load the kernel module $module: $(tail -n 1 "$RUN/modprobe.log"). Does the image hold /lib/modules of the kernel $(uname -r)?"
    done
    ! modprobe tun 2> /dev/null || :
    is_mounted "$PROC/xen" || mount -t xenfs xenfs "$PROC/xen" || refuse "cannot mount xenfs on $PROC/xen"
    grep -q control_d "$PROC/xen/capabilities" || refuse 'this is a guest of Xen, not the machine that controls it (Domain-0)'
}

is_mounted() {
    grep -q "^[^ ]* $1 " "$PROC/mounts"
}

# the root of the boot service's programs sees the image's devices, and files in the same places
bind_directories() {
    mkdir -p "$PARTITIONS" "$BOOT_FILES" "$CONSOLES" /var/lib/xen /run/xen /run/xenstored /run/lock
    chmod 700 "$PARTITIONS" "$BOOT_FILES" "$CONSOLES" /run/xen
    for directory in /proc /proc/xen /sys /dev /dev/pts /run /var/lib/xen /var/log/xen; do
        is_mounted "$TOOLS$directory" || mount -o bind "$directory" "$TOOLS$directory" || refuse "cannot bind $directory to $TOOLS$directory"
    done
}

start_daemons() {
    install_units
    [ -n "$(processes xenstored oxenstored)" ] || systemctl start qrm-xenstored || refuse "xenstored does not start: $(journal qrm-xenstored)"
    wait_until 30 xenstore_answers || refuse "xenstored does not answer: $(journal qrm-xenstored)"
    [ -n "$(tool xenstore-read /local/domain/0/name 2> /dev/null || :)" ] || tool xen-init-dom0 > "$RUN/init-dom0.log" 2>&1 ||
        refuse "xen-init-dom0 failed: $(tail -n 1 "$RUN/init-dom0.log")"
    stop_silent_console_daemon
    systemctl start qrm-xenconsoled || refuse "xenconsoled does not start: $(journal qrm-xenconsoled)"
}

install_units() {
    changed=''
    for unit in "$SERVICE"/units/*.service; do
        cmp -s "$unit" "$UNITS/${unit##*/}" || {
            cp "$unit" "$UNITS/"
            changed=yes
        }
    done
    [ -z "$changed" ] || systemctl daemon-reload
}

# without a daemon behind the socket, xenstore-read waits in the kernel for ever
xenstore_answers() {
    [ -S /run/xenstored/socket ] && timeout 10 "$SERVICE/tool" xenstore-read / > /dev/null 2>&1
}

# one that the image started would keep no logs
stop_silent_console_daemon() {
    systemctl -q is-active qrm-xenconsoled && return
    for process in $(processes xenconsoled); do
        kill "$process" 2> /dev/null || :
    done
}

# processes of these names
processes() {
    for directory in "$PROC"/[0-9]*; do
        command_name=$(first_line "$directory/comm")
        for wanted in "$@"; do
            [ "$command_name" != "$wanted" ] || echo "${directory##*/}"
        done
    done
}

journal() {
    journalctl -q -n 2 -o cat -u "$1" 2> /dev/null | tr '\n' ' '
}

# wait_until SECONDS COMMAND...
wait_until() {
    tries=$(($1 * 5))
    shift
    until "$@"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.2
    done
}

# the card for the partitions becomes a port of the bridge; this machine itself has no address there
build_bridge() {
    [ -d "$SYS/class/net/$BRIDGE" ] || ip link add name "$BRIDGE" type bridge || refuse "cannot make the bridge $BRIDGE"
    card=$(card_of_bridge)
    if [ -z "$card" ]; then
        card=$(card_for_partitions)
        [ -n "$card" ] || refuse "this machine has no second network card: one boots, the other carries the partitions. There are: $(cards | tr '\n' ' ')"
        leave_alone "$card"
        ip addr flush dev "$card"
        ip link set dev "$card" master "$BRIDGE" || refuse "cannot put the card $card into the bridge $BRIDGE"
    fi
    for interface in "$card" "$BRIDGE"; do
        forbid_addresses "$interface"
        ip link set dev "$interface" up || refuse "cannot bring up $interface"
    done
}

card_of_bridge() {
    for port in "$SYS/class/net/$BRIDGE/brif"/*; do
        case " $(cards | tr '\n' ' ') " in
            *" ${port##*/} "*) echo "${port##*/}" ;;
        esac
    done | head -n 1
}

# the first card with a link, or else the first, that is not the one that the machine booted from
card_for_partitions() {
    boot_card=$(command_line_value qrm.mac)
    for card in $(cards); do
        [ "$(first_line "$SYS/class/net/$card/address")" != "$boot_card" ] || continue
        ip link set dev "$card" up 2> /dev/null || :
        echo "$(first_line "$SYS/class/net/$card/carrier")0 $card"
    done | sort -k 1,1nr -s | head -n 1 | cut -d ' ' -f 2
}

# what the machine registers as network cards, see the client's facts.sh; not the ends of partitions' cards. Frames of others do not pass
# a bridge from a radio card or InfiniBand, and behind the USB card of a BMC is no network.
cards() {
    for directory in "$SYS"/class/net/*; do
        is_ethernet_card "$directory" || continue
        case $(readlink "$directory/device/subsystem" || :) in
            */xen-backend) ;;
            *) echo "${directory##*/}" ;;
        esac
    done
}

# No network service of the image may give the card an address. Of files of systemd the first by name counts, and + comes before all digits
# and letters; to NetworkManager it is said twice, because files in /etc, which are read later, may set unmanaged-devices anew.
leave_alone() {
    own=$(first_line "$SYS/class/net/$1/address")
    mkdir -p "$RUNTIME/systemd/network" "$RUNTIME/NetworkManager/conf.d"
    printf '[Match]\nMACAddress=%s\n[Network]\nLinkLocalAddressing=no\n[Link]\nUnmanaged=yes\n' "$own" > "$RUNTIME/systemd/network/+qrm-xen.network"
    printf '[keyfile]\nunmanaged-devices+=mac:%s;interface-name:%s;interface-name:vif*\n' "$own" "$BRIDGE" > "$RUNTIME/NetworkManager/conf.d/qrm-xen.conf"
    printf '[device-qrm-xen]\nmatch-device=mac:%s;interface-name:%s;interface-name:vif*\nmanaged=0\n' "$own" "$BRIDGE" >> "$RUNTIME/NetworkManager/conf.d/qrm-xen.conf"
    # these end a DHCP client, too: ifupdown, wicked, dhcpcd
    [ ! -x /sbin/ifdown ] || timeout 20 /sbin/ifdown --force "$1" > /dev/null 2>&1 || :
    ! command -v wicked > /dev/null || timeout 20 wicked ifdown "$1" > /dev/null 2>&1 || :
    ! command -v dhcpcd > /dev/null || timeout 20 dhcpcd -x "$1" > /dev/null 2>&1 || :
    ! command -v networkctl > /dev/null || networkctl reload 2> /dev/null || :
    ! command -v nmcli > /dev/null || nmcli general reload conf 2> /dev/null || :
    ! command -v nmcli > /dev/null || nmcli device set "$1" managed no 2> /dev/null || :
}

# the gateway that the administrator named, unless DHCP did
set_gateway() {
    gateway=''
    [ ! -f "$ARGUMENTS" ] || gateway=$(answer_value xen.gateway "$ARGUMENTS")
    [ -n "$gateway" ] || gateway=$(command_line_value xen.gateway) # of a host that was started by a server before 0.2.0
    consists_of "$gateway" '0-9.' || return 0
    ! ip route | grep -q '^default ' || return 0
    ip route add default via "$gateway" || echo "qrm-xen: the gateway $gateway is in no network of this machine; it has none now" >&2
}

forbid_addresses() {
    { echo 1 > "$PROC/sys/net/ipv6/conf/$1/disable_ipv6"; } 2> /dev/null || :
}

check_domain_0() {
    xl list > "$RUN/list" 2>&1 || refuse "xl list fails: $(tail -n 2 "$RUN/list" | tr '\n' ' ')"
    grep -q '^Domain-0 ' "$RUN/list" || refuse 'xl list does not show Domain-0'
}
