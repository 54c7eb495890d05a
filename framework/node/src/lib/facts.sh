# shellcheck shell=dash
# What this machine is: key=value lines as a registration carries them.

# $1: MAC of the boot card
facts() {
    machine_facts
    network_cards "$1" | head -n 32
}

# what can be asked before the network is there
machine_facts() {
    echo "cpus=$(grep -c '^processor' "$PROC/cpuinfo")"
    echo "cpu-mhz=$(cpu_mhz)"
    echo "memory-mb=$(awk '/^MemTotal:/ { print int($2 / 1024 + 0.5) }' "$PROC/meminfo")"
    echo "arch=$(uname -m)"
    echo "kernel=$(uname -r)"
    echo "vendor=$(dmi sys_vendor)"
    echo "product=$(dmi product_name)"
    echo "serial=$(dmi product_serial)"
    echo "uuid=$(dmi product_uuid)"
}

# the highest clock of any processor, from cpufreq (kHz) or cpuinfo (MHz)
cpu_mhz() {
    { cat "$SYS"/devices/system/cpu/cpu*/cpufreq/cpuinfo_max_freq 2> /dev/null | sed 's/^/khz : /'; cat "$PROC/cpuinfo"; } |
        awk -F ':' '/^khz/ { mhz = $2 / 1000 } /^cpu MHz/ { mhz = $2 + 0 } mhz > highest { highest = mhz }
                    END { printf "%d", highest < 1 ? 1 : highest + 0.5 }'
}

# physical cards (those with a device behind them), the one with MAC $1 first
network_cards() {
    for directory in "$SYS"/class/net/*; do
        [ -e "$directory/device" ] || continue
        mac=$(first_line "$directory/address")
        is_mac "$mac" || continue
        first=1
        [ "$mac" = "$1" ] && first=0
        echo "$first nic=$mac,${directory##*/},$(driver_of "$directory"),$(speed_of "$directory")"
    done | sort | cut -d ' ' -f 2- | awk -F '[=,]' '!seen[$2]++'
}

driver_of() {
    driver=$(readlink "$1/device/driver" || :)
    driver=${driver##*/}
    ! consists_of "$driver" 'A-Za-z0-9_.-' || printf '%s' "$driver"
}

# a card without link says -1, or cannot be read
speed_of() {
    speed=$(first_line "$1/speed")
    case $speed in
        '' | *[!0-9]*) echo 0 ;;
        *) echo "$speed" ;;
    esac
}

dmi() {
    plain "$(first_line "$SYS/class/dmi/id/$1")" 128
}
