# shellcheck shell=dash
# What this machine is: key=value lines as a registration carries them.

# $1: MAC of the boot card
facts() {
    machine_facts
    card_facts "$1"
}

# what can be asked before the network is there
machine_facts() {
    echo "cpus=$(cpus)"
    echo "cpu-mhz=$(cpu_mhz)"
    echo "memory-mb=$(awk '/^MemTotal:/ { print int($2 / 1024 + 0.5) }' "$PROC/meminfo")"
    echo "arch=$(uname -m)"
    echo "kernel=$(uname -r)"
    echo "vendor=$(dmi sys_vendor)"
    echo "product=$(dmi product_name)"
    echo "serial=$(dmi product_serial)"
    echo "uuid=$(dmi product_uuid)"
}

# where the processors are not listed by that word, by their directories; one at least reads this
cpus() {
    count=$(grep -c '^processor' "$PROC/cpuinfo" 2> /dev/null) || count=$(printf '%s\n' "$SYS"/devices/system/cpu/cpu[0-9]* | wc -l)
    echo $((count))
}

# The highest clock of any processor, from cpufreq (kHz) or cpuinfo (MHz), or that in its name (GHz): one that has little to do says a low
# one. 0 where none of them says it, as on many an ARM machine.
cpu_mhz() {
    { cat "$SYS"/devices/system/cpu/cpu*/cpufreq/cpuinfo_max_freq 2> /dev/null | sed 's/^/khz : /'; cat "$PROC/cpuinfo"; } |
        awk -F ':' '/^khz/ { mhz = $2 / 1000 } /^cpu MHz/ { mhz = $2 + 0 }
                    /^model name/ && match($0, /[0-9]+(\.[0-9]+)? *GHz/) { mhz = substr($0, RSTART) * 1000 }
                    mhz > highest && mhz <= 100000 { highest = mhz }
                    END { printf "%d", highest + 0.5 }'
}

# the cards that the server is told of, at most 32, and those that it is told to be left out
card_facts() {
    cards=$(network_cards "$1")
    [ -z "$cards" ] || printf '%s\n' "$cards" | head -n 32
    more=$(($(printf '%s\n' "$cards" | wc -l) - 32))
    [ "$more" -le 0 ] || echo "left-out=$more more network cards: 32 are taken"
    odd_cards | head -n 8
}

# the one with MAC $1 first; a name that could not be told from the rest of its line is left out
network_cards() {
    for directory in "$SYS"/class/net/*; do
        mac=$(first_line "$directory/address")
        is_station_mac "$mac" || continue
        if [ "$mac" = "$1" ]; then
            [ -e "$directory/device" ] || continue
            first=0
        else
            is_ethernet_card "$directory" || continue
            first=1
        fi
        echo "$first nic=$mac,$(name_of "$directory"),$(driver_of "$directory"),$(speed_of "$directory")"
    done | sort | cut -d ' ' -f 2- | awk -F '[=,]' '!seen[$2]++'
}

odd_cards() {
    for directory in "$SYS"/class/net/*; do
        mac=$(first_line "$directory/address")
        if is_ethernet_card "$directory" && ! is_station_mac "$mac"; then
            echo "left-out=network card $(plain "${directory##*/}" 32): its address '$(plain "$mac" 64)' is not that of one card"
        fi
    done
}

# A card with a device behind it, of type 1 (Ethernet: if_arp.h of Linux); InfiniBand (32, its addresses have 20 octets) and CAN are of
# other types; radio cards and modems of mobile networks (DEVTYPE) are of type 1, too. The drivers are those by which a machine talks over
# USB to its own BMC; no network is behind such a card. A virtual function is a part of its physical one.
is_ethernet_card() {
    [ -e "$1/device" ] && [ ! -e "$1/device/physfn" ] && [ ! -e "$1/phy80211" ] && [ ! -e "$1/wireless" ] || return 1
    case $(first_line "$1/type") in
        '' | 1) ;;
        *) return 1 ;;
    esac
    ! grep -q -x 'DEVTYPE=\(wwan\|wlan\)' "$1/uevent" 2> /dev/null || return 1
    case $(driver_of "$1") in
        cdc_ether | cdc_eem | cdc_ncm | cdc_subset | rndis_host) return 1 ;;
    esac
}

name_of() {
    name=${1##*/}
    ! consists_of "$name" 'A-Za-z0-9_.@:-' || printf '%s' "$name"
}

driver_of() {
    driver=$(readlink "$1/device/driver" || :)
    driver=${driver##*/}
    ! consists_of "$driver" 'A-Za-z0-9_.-' || printf '%s' "$driver"
}

# a card without link says -1, the same as an unsigned number, or cannot be read
speed_of() {
    speed=$(first_line "$1/speed")
    case $speed in
        '' | *[!0-9]* | 65535 | ????????*) echo 0 ;;
        *) echo "$speed" ;;
    esac
}

dmi() {
    plain "$(first_line "$SYS/class/dmi/id/$1")" 128
}
