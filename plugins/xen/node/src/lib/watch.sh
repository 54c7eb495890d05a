# shellcheck shell=dash
# Looks after domains that have ended: those that restart themselves are started again with what the server says then (their boot
# token works once), those that switched themselves off or crashed are cleared away and noted down.

PERIOD=10             # seconds between looks when nothing happens, and between attempts to restart
CONSOLE_LIMIT=512     # KiB of a console's log; as much again is kept of what came before

watch_domains() {
    rm -f "$RUN/events"
    mkfifo "$RUN/events"
    exec 7<> "$RUN/events"
    tool xenstore-watch @releaseDomain >&7 7>&- &
    watcher=$!
    while kill -0 "$watcher" 2> /dev/null; do
        # shellcheck disable=SC3045  # busybox has -t
        if read -t "$PERIOD" -r _ <&7; then
            look_after event
        else
            look_after time
            bound_consoles
        fi
    done
    refuse 'xenstored does not tell of ended domains any more'
}

# look_after event|time: each partition in a process of its own, so that one which waits for the server holds up no other
look_after() {
    xl list -v > "$RUN/domains" 2>&1 || refuse "xl list fails: $(words_of "$RUN/domains")"
    for directory in "$PARTITIONS"/*/; do
        address=$(basename "$directory")
        is_mac "$address" && is_kept "$address" || continue
        find_domain "$address" "$RUN/domains"
        read_state "$address"
        case $1/$domain_is/$noted in
            */off/* | */rebooting/* | */crashed/* | time/absent/retrying | time/*/restarting) settle "$address" 7>&- & ;;
        esac
    done
}

# Whoever else works on the partition settles this too
settle() {
    lock_partition_or_leave "$1"
    is_kept "$1" || return 0
    look_for "$1"
    read_state "$1"
    case $domain_is/$noted in
        off/*)
            destroy "$1"
            record "$1" stopped 'it has switched itself off'
            say "partition $1 has switched itself off"
            ;;
        crashed/*)
            destroy "$1"
            read_settings < "$PARTITIONS/$1/settings"
            record "$1" crashed "its kernel has crashed; its console says: $(last_words)"
            say "partition $1 has crashed"
            ;;
        rebooting/* | absent/retrying | absent/restarting | paused/restarting)
            say "partition $1 restarts"
            [ "$noted" = retrying ] || record "$1" restarting
            booting=$1 fails_as=retrying
            destroy "$1"
            read_settings < "$PARTITIONS/$1/settings"
            boot "$1" retrying
            ;;
    esac
}

# why the kernel gave up, or else the last line
last_words() {
    [ -f "$CONSOLES/guest-$name.log" ] || return 0
    tail -c 8192 "$CONSOLES/guest-$name.log" | tr '\r' '\n' | grep . |
        awk '/Kernel panic/ { panic = $0 } { last = $0 } END { print panic != "" ? panic : last }' | printable 200
}

# A guest may write to its console as much as it likes
bound_consoles() {
    full=$(find "$CONSOLES" -name 'guest-*.log' -size "+${CONSOLE_LIMIT}k")
    [ -n "$full" ] || return 0
    for file in $full; do
        mv "$file" "$file.1"
    done
    systemctl kill -s HUP qrm-xenconsoled || :
}
