# shellcheck shell=dash
# Where this machine's BMC is: asked of the BMC itself, through the keyboard controller style interface (KCS; IPMI 2.0, 9). The kernel's
# drivers would want a program for their device, which is larger than all the rest here; the interface is two bytes of I/O.

# the IPv4 address of its first LAN channel that has one, or nothing
bmc_address() {
    kcs_find || return 0
    for channel in 1 2 3 4 5 6 7 8; do
        # Get LAN Configuration Parameters (23.2), parameter 3: IP address
        kcs_ask 48 2 "$channel" 3 0 0 || return 0
        # shellcheck disable=SC2086  # a list of octets
        set -- $answer
        if [ $# = 8 ] && [ "$1 $2 $3" = '52 2 0' ] && [ "$5" != 0 ]; then
            echo "$5.$6.$7.$8"
            return 0
        fi
    done
}

# Sets $kcs_data and $kcs_status, the ports, as SMBIOS has them (IPMI 2.0, C1). Not where a driver of the kernel uses them already.
kcs_find() {
    [ -r "$SYS/firmware/dmi/tables/DMI" ] && [ -e "$DEV/port" ] && [ ! -e "$SYS/bus/platform/drivers/ipmi_si" ] || return 1
    ports=$(smbios_octets | kcs_ports) || return 1
    kcs_data=${ports% *}
    kcs_status=${ports#* }
    [ -n "$kcs_data" ]
}

# of the octets of the tables: the base address of the first structure of type 38 that is of this interface (its lowest bit says that it
# is I/O), and the other port at its distance
kcs_ports() {
    smbios_structures 38 | awk -F '\001' '
        {
            split($1, octet, " ")
            if (octet[2] < 16 || octet[5] != 1) next
            high = 0
            for (i = 11; i <= 16; i++) high += octet[i]
            base = octet[9] + 256 * octet[10]
            modifier = octet[2] > 16 ? octet[17] : 0
            if (high != 0 || base % 2 != 1) exit
            base = base - 1 + int(modifier / 16) % 2
            distance = int(modifier / 64) == 1 ? 4 : int(modifier / 64) == 2 ? 16 : 1
            if (base >= 256 && base + distance < 65536) print base, base + distance
            exit
        }'
}

# kcs_ask OCTET...: leaves the octets of the answer in $answer. An answer has 40 at most.
kcs_ask() {
    answer=''
    kcs_write "$@" && kcs_read && return
    # GET_STATUS/ABORT, so that the next who asks finds it idle
    kcs_await && port_write "$kcs_status" 96 && kcs_await && port_read "$kcs_data" > /dev/null && port_write "$kcs_data" 0 && kcs_read
    return 1
}

kcs_write() {
    kcs_await && port_read "$kcs_data" > /dev/null && port_write "$kcs_status" 97 || return 1
    while [ $# -gt 0 ]; do
        kcs_await && [ "$kcs_state" = 2 ] && port_read "$kcs_data" > /dev/null || return 1
        if [ $# = 1 ]; then
            port_write "$kcs_status" 98 && kcs_await && [ "$kcs_state" = 2 ] && port_read "$kcs_data" > /dev/null || return 1
        fi
        port_write "$kcs_data" "$1" || return 1
        shift
    done
}

kcs_read() {
    bytes=0
    while [ "$bytes" -lt 40 ]; do
        bytes=$((bytes + 1))
        kcs_await 1 || return 1
        got=$(port_read "$kcs_data") || return 1
        case $kcs_state in
            0) return 0 ;;
            1) answer="$answer $got" ;;
            *) return 1 ;;
        esac
        port_write "$kcs_data" 104 || return 1
    done
    return 1
}

# Waits until the BMC has taken what was written, and with an argument until there is something to be read; sets $kcs_state: 0 idle,
# 1 read, 2 write, 3 error. A port that nothing is behind reads as 255.
kcs_await() {
    tries=0
    while [ "$tries" -lt 300 ]; do
        register=$(port_read "$kcs_status") || return 1
        [ "$register" != 255 ] || return 1
        kcs_state=$((register / 64))
        # idle hardware need not have anything to be read
        if [ $((register / 2 % 2)) = 0 ] && { [ $# = 0 ] || [ $((register % 2)) = 1 ] || [ "$kcs_state" = 0 ]; }; then
            return 0
        fi
        tries=$((tries + 1))
        [ "$tries" -lt 10 ] || sleep 0.01
    done
    return 1
}

port_read() {
    dd if="$DEV/port" bs=1 count=1 skip="$1" 2> /dev/null | hexdump -v -e '1/1 "%u"' | grep .
}

port_write() {
    # shellcheck disable=SC2059  # an octet
    printf "\\$(printf %03o "$2")" | dd of="$DEV/port" bs=1 count=1 seek="$1" conv=notrunc 2> /dev/null
}
