# shellcheck shell=dash
# What a partition is to be: name, cpus, cpu_mhz, memory_mb, pinned_cpus, type. Kept as key=value lines in <mac>/settings.

# read_settings: from standard input, all of it, checked; what it may not be is refused with the reason
read_settings() {
    name='' cpus='' cpu_mhz='' memory_mb='' pinned_cpus='' type='' seen=' ' lines=0
    while IFS= read -r line || [ -n "$line" ]; do
        lines=$((lines + 1))
        [ "$lines" -le 32 ] && [ ${#line} -le 1024 ] || refuse 'the settings have more than 32 lines, or one longer than 1024 bytes'
        key=${line%%=*}
        case $line in
            *=*) ;;
            *) refuse "a line of the settings is not key=value: '$(plain "$line" 100)'" ;;
        esac
        case $seen in
            *" $key "*) refuse "the settings name $key twice" ;;
        esac
        seen="$seen$key "
        take_setting "$key" "${line#*=}"
    done
    [ -n "$name" ] && [ -n "$cpus" ] && [ -n "$memory_mb" ] || refuse 'the settings must hold name, cpus and memory-mb'
    cpu_mhz=${cpu_mhz:-0} type=${type:-pv}
}

take_setting() {
    case $1 in
        name) is_partition_name "$2" || bad_setting "$@" 'up to 64 letters, digits and . _ -, not only digits' && name=$2 ;;
        cpus) is_number "$2" 1 512 || bad_setting "$@" '1 to 512' && cpus=$2 ;;
        cpu-mhz) is_number "$2" 0 100000 || bad_setting "$@" '0 (no limit) to 100000' && cpu_mhz=$2 ;;
        memory-mb) is_number "$2" 16 67108864 || bad_setting "$@" '16 to 67108864' && memory_mb=$2 ;;
        pinned-cpus) is_cpu_list "$2" || bad_setting "$@" 'like 0-1,3, or empty' && pinned_cpus=$2 ;;
        type)
            case $2 in
                pv | pvh | hvm) type=$2 ;;
                *) bad_setting "$@" 'pv, pvh or hvm' ;;
            esac
            ;;
        *) refuse "there is no setting '$(plain "$1" 40)'" ;;
    esac
}

bad_setting() {
    refuse "$1 cannot be '$(plain "$2" 100)': it must be $3"
}

# a whole number from $2 to $3, without sign and leading zeros
is_number() {
    case $1 in
        '' | *[!0-9]* | 0?*) return 1 ;;
    esac
    [ ${#1} -le 8 ] && [ "$1" -ge "$2" ] && [ "$1" -le "$3" ]
}

# xl takes a name of digits for a domain's number
is_partition_name() {
    [ ${#1} -le 64 ] && consists_of "$1" 'A-Za-z0-9._-' || return 1
    case $1 in
        [.-]* | Domain-0) return 1 ;;
        *[!0-9]*) ;;
        *) return 1 ;;
    esac
}

# nothing, or numbers and ranges with commas between
is_cpu_list() {
    [ ${#1} -le 256 ] || return 1
    case $1 in
        *[!0-9,-]* | [,-]* | *[,-] | *[,-][,-]*) return 1 ;;
    esac
    rest=$1,
    while [ -n "$rest" ]; do
        case ${rest%%,*} in
            *-*-*) return 1 ;;
        esac
        rest=${rest#*,}
    done
}

write_settings() {
    printf '%s\n' "name=$name" "cpus=$cpus" "cpu-mhz=$cpu_mhz" "memory-mb=$memory_mb" "pinned-cpus=$pinned_cpus" "type=$type" > "$1.new"
    mv "$1.new" "$1"
}
