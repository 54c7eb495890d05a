# shellcheck shell=dash
# The client inside a booted image: reports, starts the boot services, and restarts or stops the machine when the server says so.

SERVICE_LIMIT=${QRM_SERVICE_LIMIT:-300} # seconds that the start of one boot service may take
STOP_LIMIT=${QRM_STOP_LIMIT:-240}       # seconds after which a restart or a stop is forced
DENIED_LIMIT=${QRM_DENIED_LIMIT:-60}    # seconds without its own root after which a machine restarts

# what the idle environment handed over
read_node_file() {
    server=$(answer_value server "$QRM/node")
    resource=$(answer_value resource "$QRM/node")
    interval=$(answer_value interval "$QRM/node")
}

live() {
    guard_root
    state=starting error='' failures=0 leaving='' started='' next_report=0 retry_at=0
    while [ ! -e "$QRM/stopping" ]; do
        begin=$(uptime_seconds)
        if [ "$state" = active ]; then
            report active 10
            heed
            not_too_often "$begin"
        else
            come_up
            [ "$state" != active ] || continue
            report_now_and_then
            sleep 1
        fi
    done
}

# active is what has reached multi-user.target (qrm-multi-user.service notes that) and has its boot services running
come_up() {
    [ -e "$QRM/multi-user" ] && [ "$(uptime_seconds)" -ge "$retry_at" ] || return 0
    if start_boot_services; then
        state=active error=''
        say 'active'
    else
        say "$error; trying again in 30 s"
        retry_at=$(($(uptime_seconds) + 30))
        next_report=0
    fi
}

# while the image starts, the server learns that the machine is alive
report_now_and_then() {
    [ "$(uptime_seconds)" -ge "$next_report" ] || return 0
    next_report=$(($(uptime_seconds) + interval))
    report "$state" 0
    heed
}

# runs each boot service's program start once; sets $error and fails when one of them fails
start_boot_services() {
    for directory in "$QRM"/services/*/; do
        service=$(basename "$directory")
        [ -x "$directory/start" ] || continue
        case " $started " in *" $service "*) continue ;; esac
        say "starting the boot service $service"
        if ! (cd / && PATH=$IMAGE_PATH exec timeout "$SERVICE_LIMIT" "$directory/start") > "$QRM/tmp/start.log" 2>&1 < /dev/null; then
            error="the boot service $service did not start: $(tail -n 2 "$QRM/tmp/start.log" | printable 300)"
            return 1
        fi
        started="$started $service"
    done
}

heed() {
    case $status in
        200)
            [ "$failures" -eq 0 ] || say 'the server answers again'
            failures=0
            obey "$(answer_value 'do' "$instruction")"
            ;;
        *)
            failures=$((failures + 1))
            [ $((failures % 30)) -ne 1 ] || say "the server does not take the report: ${trouble:-HTTP status $status}; trying on"
            sleep $((failures < 10 ? failures : 10))
            ;;
    esac
}

# idle and mount are what the initrd does: here they change nothing
obey() {
    case $1 in
        reboot | local-boot) leave reboot b ;;
        power-off) leave poweroff o ;;
    esac
}

# leave VERB KEY: asks systemd once; the guard forces it by the kernel's sysrq KEY when that takes too long
leave() {
    [ -z "$leaving" ] || return 0
    leaving=$1
    say "$1, as the server says"
    start_guard "$2"
    systemctl --no-block "$1" 2> /dev/null || systemctl --force "$1" || echo "$2" > "$PROC/sysrq-trigger"
}

# systemd spares processes whose name begins with @ when it kills what is left (systemd.io/ROOT_STORAGE_DAEMONS), so the guard lives
# until the very end. It waits by read: a child process named sleep would be killed.
start_guard() {
    mkdir -p "$QRM/@qrm"
    cp "$QRM/bin/busybox" "$QRM/@qrm/sh"
    [ -p "$QRM/tmp/guard" ] || mkfifo "$QRM/tmp/guard"
    (
        cd "$QRM" || exit
        trap '' HUP TERM INT
        exec setsid "@qrm/sh" -c "read -t $STOP_LIMIT never; echo $1 >&3" <> "$QRM/tmp/guard" 3> "$PROC/sysrq-trigger" > /dev/null 2>&1
    ) &
}

# A machine whose image is closed to it, or was removed, is refused each path that begins at its root: nothing can be executed, and systemd
# restarts nothing, not even the machine. One process of each boot looks for that, and needs neither a program nor such a path by then.
guard_root() {
    mkfifo "$QRM/tmp/root" 2> /dev/null || return 0
    (
        cd "$QRM" || exit
        trap '' HUP TERM INT
        exec setsid bin/busybox sh -c '
            denied=0
            while [ ! -e stopping ]; do
                read -t "$2" never
                if [ -e "$3" ]; then denied=0; else denied=$((denied + $2)); fi
                [ "$denied" -lt "$1" ] || echo b >&3
            done' sh "$DENIED_LIMIT" "$(((DENIED_LIMIT + 5) / 6))" "$PROC/self" <> tmp/root 3> "$PROC/sysrq-trigger" > /dev/null 2>&1
    ) &
}

# said once, when the whole machine goes down and not only this service
say_goodbye() {
    case $(systemctl is-system-running 2> /dev/null || :) in
        stopping) ;;
        *) return 0 ;;
    esac
    : > "$QRM/stopping"
    error=''
    report_body stopping > "$QRM/tmp/goodbye"
    fetch goodbye 5 64 "$server/node/v1/report?hold=0" goodbye
}
