# shellcheck shell=dash
# The subcommands of qrm-xen-manage.

STOP_SECONDS=${QRM_XEN_STOP_SECONDS:-60}     # that a partition has to shut down by itself
CREATE_SECONDS=${QRM_XEN_CREATE_SECONDS:-300} # that xl has to create one

start_partition() {
    read_settings
    lock_partition "$1"
    mkdir -p "$PARTITIONS/$1"
    look_for "$1"
    judge "$1"
    case $state in
        running)
            echo "$1 runs already" >&2
            return
            ;;
        paused)
            xl_does "unpause $1" unpause "$domain"
            return
            ;;
    esac
    destroy "$1"
    write_settings "$PARTITIONS/$1/settings"
    record "$1" starting
    boot "$1" stopped
}

# boot MAC WORD: what a partition is from nothing to running; the word is what it is when that fails. The caller holds its lock
boot() {
    booting=$1 fails_as=$2
    check_type
    echo "asking the server what $1 boots" >&2
    lock_boot_files
    fetch_boot "$1"
    xl info > "$RUN/info.$1" 2>&1 || refuse "xl info fails: $(words_of "$RUN/info.$1")"
    limit=$(cap "$cpus" "$cpu_mhz" "$(host_mhz "$RUN/info.$1")")
    [ "$limit" -eq 0 ] || check_scheduler "$RUN/info.$1"
    free=$(info_value free_memory "$RUN/info.$1")
    [ "$memory_mb" -le "${free:-0}" ] || refuse "$1 is to have $memory_mb MiB of memory; $free MiB are free"
    configuration "$1" "$kernel" "$ramdisk" "$arguments" "$limit" > "$PARTITIONS/$1/$1.xen.new"
    mv "$PARTITIONS/$1/$1.xen.new" "$PARTITIONS/$1/$1.xen"
    forget_unused_files
    unlock_boot_files
    echo "creating the domain of $1" >&2
    create "$1"
    record "$1" running
    rm -f "$RUN"/*."$1" "$RUN/boot.$1".*
    booting=''
}

# what `list` then says of the partition that was being started
failed() {
    [ -z "${booting:-}" ] || record "$booting" "$fails_as" "$1"
}

check_type() {
    offered=$(types)
    case ,$offered, in
        *",$type,"*) ;;
        *) refuse "this host cannot run partitions of the type $type, only $offered" ;;
    esac
}

# xl stays in nobody's way (-e): what becomes of the domain is qrm-xen-watch's affair
create() {
    timeout "$CREATE_SECONDS" "$SERVICE/tool" xl create -e "$PARTITIONS/$1/$1.xen" > "$RUN/create.$1" 2>&1 < /dev/null 8>&- 9>&- && return
    said=$(words_of "$RUN/create.$1")
    look_for "$1"
    destroy "$1"
    refuse "xl create failed: ${said:-not done within $CREATE_SECONDS s}"
}

host_mhz() {
    speed=$(info_value cpu_mhz "$1")
    speed=${speed%.*}
    ! is_number "$speed" 1 1000000 || echo "$speed"
    is_number "$speed" 1 1000000 || echo 1
}

check_scheduler() {
    scheduler=$(info_value xen_scheduler "$1")
    case $scheduler in
        credit | credit2) ;;
        *) refuse "the scheduler $scheduler cannot limit the speed of processors: start the hypervisor with sched=credit2, or ask for 0 MHz (no limit)" ;;
    esac
}

stop_partition() {
    lock_partition "$1"
    is_kept "$1" || return 0
    look_for "$1"
    read_state "$1"
    [ "${2:-}" = force ] || case $domain_is/$noted in
        running/* | paused/running) shut_down "$1" ;;
    esac
    destroy "$1"
    record "$1" stopped
}

# a guest that cannot be asked, or does not answer, is destroyed by the caller
shut_down() {
    [ "$domain_is" != paused ] || xl unpause "$domain" > /dev/null 2>&1 || :
    if ! xl shutdown "$domain" > "$RUN/shutdown.$1" 2>&1; then
        echo "$1 cannot be asked to shut down: $(words_of "$RUN/shutdown.$1")" >&2
        return
    fi
    rm -f "$RUN/shutdown.$1"
    left=$STOP_SECONDS
    while [ "$left" -gt 0 ]; do
        look_for "$1"
        case $domain_is in
            running | paused) ;;
            *) return 0 ;;
        esac
        sleep 1
        left=$((left - 1))
    done
    echo "$1 did not shut down within $STOP_SECONDS s; destroying it" >&2
}

pause_partition() {
    lock_partition "$1"
    is_kept "$1" || refuse "there is no partition $1 here"
    look_for "$1"
    case $domain_is in
        paused) ;;
        running) xl_does "pause $1" pause "$domain" ;;
        *) refuse "$1 does not run" ;;
    esac
}

resume_partition() {
    lock_partition "$1"
    is_kept "$1" || refuse "there is no partition $1 here"
    look_for "$1"
    case $domain_is in
        running) ;;
        paused) xl_does "resume $1" unpause "$domain" ;;
        *) refuse "$1 does not run" ;;
    esac
}

# xl_does WHAT ARGUMENT...: refuses with xl's own words
xl_does() {
    what=$1
    shift
    xl "$@" > "$RUN/said.$$" 2>&1 || refuse "cannot $what: $(words_of "$RUN/said.$$")"
    rm -f "$RUN/said.$$"
}

# What does not run is changed by its next start. What runs is changed at once, one thing after the other, and noted down as it goes
change_partition() {
    read_settings
    lock_partition "$1"
    is_kept "$1" || refuse "there is no partition $1 here"
    look_for "$1"
    case $domain_is in
        running | paused) change_running "$1" ;;
        *) write_settings "$PARTITIONS/$1/settings" ;;
    esac
}

change_running() {
    wanted_name=$name wanted_cpus=$cpus wanted_mhz=$cpu_mhz wanted_memory=$memory_mb wanted_pins=$pinned_cpus wanted_type=$type
    settings=$PARTITIONS/$1/settings
    read_settings < "$settings"
    [ "$name" = "$wanted_name" ] || refuse "the name of $1 cannot change while it runs: stop it first"
    [ "$type" = "$wanted_type" ] || refuse "the type of $1 cannot change while it runs: stop it first"
    if [ "$memory_mb" != "$wanted_memory" ]; then
        xl_does "give $1 $wanted_memory MiB while it runs" mem-set "$domain" "${wanted_memory}m"
        memory_mb=$wanted_memory
        write_settings "$settings"
    fi
    if [ "$pinned_cpus" != "$wanted_pins" ]; then
        xl_does "pin the processors of $1 while it runs" vcpu-pin "$domain" all "${wanted_pins:-all}"
        pinned_cpus=$wanted_pins
        write_settings "$settings"
    fi
    if [ "$cpus" != "$wanted_cpus" ]; then
        set_processors "$1"
    fi
    if [ "$cpus/$cpu_mhz" != "${capped:-$cpus}/$wanted_mhz" ]; then
        set_speed "$1"
    fi
}

set_processors() {
    capped=$cpus
    xl_does "give $1 $wanted_cpus processors while it runs" vcpu-set "$domain" "$wanted_cpus"
    cpus=$wanted_cpus
    write_settings "$settings"
}

set_speed() {
    xl info > "$RUN/info.$1" 2>&1 || refuse "xl info fails: $(words_of "$RUN/info.$1")"
    limit=$(cap "$cpus" "$wanted_mhz" "$(host_mhz "$RUN/info.$1")")
    check_scheduler "$RUN/info.$1"
    rm -f "$RUN/info.$1"
    xl_does "limit the processors of $1 to $wanted_mhz MHz" "sched-$scheduler" -d "$domain" -c "$limit"
    cpu_mhz=$wanted_mhz
    write_settings "$settings"
}

remove_partition() {
    lock_partition "$1"
    is_kept "$1" || return 0
    look_for "$1"
    destroy "$1"
    ! read_settings < "$PARTITIONS/$1/settings" || rm -f "$CONSOLES/guest-$name.log" "$CONSOLES/guest-$name.log.1"
    rm -rf "${PARTITIONS:?}/$1"
    lock_boot_files
    forget_unused_files
}

is_kept() {
    [ -f "$PARTITIONS/$1/settings" ]
}

list_partitions() {
    xl list -v > "$RUN/domains.$$" 2>&1 || refuse "xl list fails: $(words_of "$RUN/domains.$$")"
    for directory in "$PARTITIONS"/*/; do
        address=$(basename "$directory")
        is_mac "$address" && is_kept "$address" || continue
        read_settings < "$PARTITIONS/$address/settings"
        find_domain "$address" "$RUN/domains.$$"
        judge "$address"
        echo "$address $state $cpus $cpu_mhz $memory_mb $reason"
    done
    rm -f "$RUN/domains.$$"
}
