# shellcheck shell=dash
# From bare hardware to an address: drivers, the boot card, DHCP.

# The protocol is IPv4; an address that nobody asked for is of no use to an idle machine, and joining its multicast groups makes some
# cards deaf for a second. The image gets the kernel's default back.
use_ipv6() {
    case $1 in
        no) { echo 1 > "$PROC/sys/net/ipv6/conf/default/disable_ipv6"; } 2> /dev/null || : ;;
        yes) { echo 0 > "$PROC/sys/net/ipv6/conf/all/disable_ipv6"; } 2> /dev/null || : ;;
    esac
}

# loads the drivers of all devices, and of the devices that those drivers bring (virtio, Xen, Hyper-V, whose bus is told by ACPI)
load_drivers() {
    known=''
    while :; do
        aliases=$(device_aliases)
        [ "$aliases" != "$known" ] || return 0
        known=$aliases
        printf '%s\n' "$aliases" | xargs modprobe -a -b -q 2> /dev/null || :
    done
}

device_aliases() {
    for file in "$SYS"/bus/pci/devices/*/modalias "$SYS"/bus/virtio/devices/*/modalias "$SYS"/bus/xen/devices/*/modalias \
        "$SYS"/bus/acpi/devices/V[Mm][Bb][Uu][Ss]:*/modalias "$SYS"/bus/vmbus/devices/*/modalias; do
        [ ! -r "$file" ] || printf '%s\n' "$(first_line "$file")"
    done | sort -u
}

# Of cards that have one address (a virtual function and netvsc or virtio above it) that which is below no other: there packets come in.
interface_with() {
    found=''
    for directory in "$SYS"/class/net/*; do
        if [ "$(first_line "$directory/address")" = "$1" ] && [ -e "$directory/device" ]; then
            [ -n "$found" ] && [ -e "$directory/master" ] || found=$directory
            [ -e "$found/master" ] || break
        fi
    done
    [ -n "$found" ] && echo "${found##*/}"
}

# sets $interface to the card with MAC $1
wait_for_card() {
    tries=0
    load_drivers
    until interface=$(interface_with "$1"); do
        [ $((tries % 15)) -ne 0 ] || say "waiting for the network card $1: $(why_no_card "$1")"
        tries=$((tries + 1))
        sleep 2
        load_drivers
    done
}

# why_no_card MAC: what there is instead. USB has no drivers here.
why_no_card() {
    there=$(network_cards "$1" | sed 's/^nic=//' | tr '\n' ' ')
    strange=$(cards_without_driver | tr '\n' ',')
    there=${there% }
    echo "no driver has found it; there are: ${there:-none}${strange:+; cards that none is here for: ${strange%,}}$(lacking_firmware); a card on USB cannot be used"
}

# what the kernel told of files that it was asked for by drivers, in Debian's words or its own; nothing if there is none
lacking_firmware() {
    files=$(dmesg | sed -n 's/^.*: firmware: failed to load \([^ ]*\) (.*/\1/p; s/^.*: Direct firmware load for \([^ ]*\) failed .*/\1/p' | sort -u |
        printable 256)
    [ -z "$files" ] || printf '; firmware that drivers want and that is not here: %s' "$files"
}

# by PCI: where none is included, or it wants firmware that is not
cards_without_driver() {
    pci_functions | sed -n 's/^device=pci,[^,]*,0,,\([^,]*\),class 02[0-9a-f]*$/\1/p'
}

# wait_for_link INTERFACE WORK...: meanwhile does other work. A card reports its link within a few seconds; some never do, so nothing
# depends on it but messages and speed
wait_for_link() {
    ip link set dev "$1" up || say "cannot bring up $1$(lacking_firmware)"
    card=$1
    shift
    for work in "$@"; do
        "$work"
    done
    set -- "$card"
    tries=0
    until [ "$(first_line "$SYS/class/net/$1/carrier")" = 1 ]; do
        tries=$((tries + 1))
        if [ "$tries" -ge 80 ]; then
            say "the card $1 reports no link: is its cable plugged in? Asking for an address all the same"
            return
        fi
        sleep 0.1
    done
}

# udhcpc asks again and again by itself, and renews the address as long as the machine is idle; sets $dhcp_pid
obtain_address() {
    rm -f "$QRM/lease"
    start_udhcpc "$1"
    tries=0
    until [ -f "$QRM/lease" ]; do
        tries=$((tries + 1))
        [ $((tries % 150)) -ne 0 ] || say "waiting for an address: no DHCP server answers on $1 ($(first_line "$SYS/class/net/$1/address"))"
        kill -0 "$dhcp_pid" 2> /dev/null || {
            say "udhcpc ended; starting it again"
            sleep 2
            start_udhcpc "$1"
        }
        sleep 0.1
    done
}

start_udhcpc() {
    # shellcheck disable=SC2086  # a list of words
    udhcpc -f -i "$1" -t 4 -T 2 -A 8 $LEASE_OPTIONS -s "$QRM/bin/qrm-lease" > /dev/null 2>&1 &
    dhcp_pid=$!
}
