# shellcheck shell=dash
# A partition's settings and boot files as a configuration of xl (xl.cfg(5)). Nothing here asks the machine anything.

# configuration MAC KERNEL RAMDISK ARGUMENTS CAP: RAMDISK may be empty
configuration() {
    echo "# made by qrm-xen-manage from what the server says; written anew at each start"
    echo "name = $(quoted "$name")"
    echo "uuid = $(quoted "$(uuid_of "$1")")"
    echo "type = $(quoted "$type")"
    echo "kernel = $(quoted "$2")"
    [ -z "$3" ] || echo "ramdisk = $(quoted "$3")"
    echo "extra = $(quoted "$4")"
    echo "memory = $memory_mb"
    echo "maxmem = $memory_mb"
    echo "vcpus = $cpus"
    echo "maxvcpus = $cpus"
    [ -z "$pinned_cpus" ] || echo "cpus = $(quoted "$pinned_cpus")"
    [ "$5" -eq 0 ] || echo "cap = $5"
    case $type in
        hvm)
            echo "vif = [ $(quoted "mac=$1,bridge=$BRIDGE,script=$SERVICE/vif,type=vif") ]"
            printf '%s\n' 'serial = "pty"' 'vga = "none"' 'vnc = 0'
            ;;
        *) echo "vif = [ $(quoted "mac=$1,bridge=$BRIDGE,script=$SERVICE/vif") ]" ;;
    esac
    # a partition that restarts must ask the server again what to boot: qrm-xen-watch sees to all of these
    printf '%s\n' 'on_poweroff = "preserve"' 'on_reboot = "preserve"' 'on_watchdog = "preserve"' 'on_crash = "preserve"'
}

quoted() {
    printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"
}

# domains are found by it, whatever they are called
uuid_of() {
    echo "51524d00-7865-4e00-8000-$(printf '%s' "$1" | tr -d ':')"
}

# cap CPUS MHZ HOST_MHZ: MHZ of each processor as per cent of one of the host's, for all together; 0 is no limit
cap() {
    if [ "$2" -eq 0 ] || [ "$2" -ge "$3" ]; then
        echo 0
    else
        share=$(($1 * $2 * 100 / $3))
        echo $((share > 0 ? share : 1))
    fi
}
