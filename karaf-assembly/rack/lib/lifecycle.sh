# shellcheck shell=bash
# Rack up, rack down.

. "$RACK_HOME/lib/network.sh"

rack_up() { # N [options]
    check_settings
    parse_up "$@"
    require_able
    [ -z "$hosts" ] || images_build "$source"
    lock_rack
    ! rack_is_up || fail "rack '$RACK_NAME' is already running in $RACK_DIR; 'rack down' stops it"
    remove_leftovers
    lay_out
    start_keeper
}

parse_up() {
    machines=${1:-} cards=2 memory=512 cpus=1 owner='' lease=0 hosts=yes source=source
    require_number "the number of machines" "$machines" 0 64
    shift
    while [ $# -gt 0 ]; do
        [ "$1" != --no-hosts ] || { hosts= && shift && continue; }
        [ $# -ge 2 ] || misuse "$1 needs a value"
        case $1 in
            --cards) cards=$2 && require_number "$1" "$2" 1 4 ;;
            --memory) memory=$2 && require_number "$1" "$2" 64 65536 ;;
            --cpus) cpus=$2 && require_number "$1" "$2" 1 16 ;;
            --source)
                source=$2
                case $2 in source | xen) ;; *) misuse "--source is source or xen" ;; esac
                ;;
            --owner)
                require_number "$1" "$2" 1 99999999
                owner=$(process_identity "$2") || misuse "there is no process $2 to be the owner"
                ;;
            --lease) lease=$2 && require_number "$1" "$2" 1 86400 ;;
            *) misuse "up does not know '$1'" ;;
        esac
        shift 2
    done
}

# One rack command that starts or stops at a time, with no lock file to leave behind
lock_rack() {
    exec 9<"$RACK_HOME/rack"
    flock 9
}

lay_out() {
    local machine
    mkdir -p "$(dirname "$RACK_DIR")"
    mkdir -m 0700 "$RACK_DIR"
    mkdir -p "$RACK_LOGS" "$RACK_DIR/machines"
    echo "$machines" >"$RACK_DIR/machines/count"
    echo "$cards" >"$RACK_DIR/machines/cards"
    for ((machine = 1; machine <= machines; machine++)); do machine_set "$machine" "$memory" "$cpus" bios; done
    [ -z "$hosts" ] || hosts_lay_out "$source"
    touch "$RACK_DIR/lease"
}

start_keeper() {
    setsid --fork "$RACK_HOME/libexec/rack-keeper" "$owner" "$lease" </dev/null >"$RACK_LOGS/keeper.log" 2>&1 9<&-
    # A loaded machine takes its time
    wait_until 180 started_or_failed || true
    if ! rack_is_up; then
        say "the rack does not start; $RACK_LOGS/keeper.log ends with:"
        tail -n 10 "$RACK_LOGS/keeper.log" >&2 || true
        stop_keeper
        remove_leftovers
        exit 1
    fi
}

started_or_failed() {
    rack_is_up || { [ -e "$RACK_DIR/keeper.pid" ] && ! identity_lives "$(keeper_identity)"; }
}

rack_down() {
    check_settings
    lock_rack
    stop_keeper
    remove_leftovers
}

stop_keeper() {
    local keeper
    keeper=$(keeper_identity)
    identity_lives "$keeper" || return 0
    kill -TERM "${keeper%% *}"
    wait_until 30 identity_is_gone "$keeper" || kill -KILL "${keeper%% *}"
}

identity_is_gone() { ! identity_lives "$1"; }

# What a killed keeper leaves: files, and for an instant its first process
remove_leftovers() {
    local init
    init=$(init_identity)
    if identity_lives "$init"; then
        kill -KILL "${init%% *}" || true
        wait_until 30 identity_is_gone "$init" || fail "process ${init%% *}, the first of the rack, does not end"
    fi
    [ ! -e "$RACK_DIR" ] || rm -rf --one-file-system "$RACK_DIR"
    [ "$RACK_DIR" != "/var/lib/qrm-rack/$RACK_NAME" ] || rmdir --ignore-fail-on-non-empty /var/lib/qrm-rack 2>/dev/null || true
}
