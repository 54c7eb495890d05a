# shellcheck shell=bash
# Everything of a rack lives in one PID namespace, whose first process is libexec/rack-init: when that dies, however it
# dies, the kernel kills every process of the rack, and with them go its network namespaces, interfaces and mounts.

# PID and start time name a process for ever; the PID alone may be another one's tomorrow.
process_identity() { # PID
    local stat fields
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    read -ra fields <<<"${stat##*) }"
    [ "${fields[0]}" != Z ] && printf '%s %s\n' "$1" "${fields[19]}"
}

identity_lives() { # "PID START"
    [ -n "$1" ] && [ "$(process_identity "${1%% *}")" = "$1" ]
}

file_line() { [ ! -r "$1" ] || head -n 1 "$1"; }

keeper_identity() { file_line "$RACK_DIR/keeper.pid"; }

init_identity() { file_line "$RACK_DIR/init.pid"; }

rack_is_up() { [ -e "$RACK_DIR/ready" ] && identity_lives "$(init_identity)"; }

# RACK_INSIDE is set for what a process of the rack itself calls, where it is the kernel that knows that the rack is up.
require_rack() {
    check_settings
    if [ -z "${RACK_INSIDE:-}" ] && ! rack_is_up; then
        say "no rack '$RACK_NAME' is running in $RACK_DIR; start one with 'rack up N'"
        exit 3
    fi
    touch "$RACK_DIR/lease"
}

# Fills the array entry: what to put before a command that is to run on the server's host. It dies with the caller (and,
# as everything, with the rack).
entry_to_server() {
    local init
    init=$(init_identity)
    entry=(nsenter --target "${init%% *}" --mount --net --uts --ipc --pid -- "$RACK_HOME/libexec/rack-run" "$PWD")
}

entry_to_host() { # storage|source
    entry_to_server
    entry+=(nsenter --target "$(file_line "$RACK_DIR/hosts/$1/pid")" --mount --net --uts --ipc --pid --
        env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "TERM=${TERM:-dumb}"
        setpriv --pdeathsig KILL --)
}

in_server() { # COMMAND …
    local entry
    if [ -n "${RACK_INSIDE:-}" ]; then
        "$@"
        return
    fi
    entry_to_server
    "${entry[@]}" "$@"
}

# For the background: ends with this command, however that ends.
in_server_while_i_live() { # COMMAND …
    local entry
    entry_to_server
    exec setpriv --pdeathsig KILL -- "${entry[@]}" "$@"
}

rack_exec() { # HOST -- COMMAND …
    if [ $# -lt 3 ] || [ "$2" != -- ]; then misuse "exec needs: HOST -- COMMAND"; fi
    require_rack
    local host=$1 entry
    shift 2
    if [ "$host" = server ]; then
        entry_to_server
    else
        require_host "$host"
        entry_to_host "$host"
    fi
    # no proxy of the site's can be reached from there
    unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
    exec "${entry[@]}" "$@"
}

# From this machine's loopback to the server: a process of the rack that listens in the network of the outside.
rack_forward() { # LOCAL-PORT SERVER-PORT
    [ $# -eq 2 ] || misuse "forward needs: LOCAL-PORT SERVER-PORT"
    require_number "the local port" "$1" 1 65535
    require_number "the server's port" "$2" 1 65535
    require_rack
    local init
    init=$(init_identity)
    ! port_answers "$1" || fail "port $1 of 127.0.0.1 is taken"
    nsenter --target "${init%% *}" --mount --pid -- setsid --fork socat "TCP-LISTEN:$1,bind=127.0.0.1,reuseaddr,fork" \
        "EXEC:nsenter --net=/proc/1/ns/net socat - TCP\\:$RACK_SERVER_ADDRESS\\:$2" </dev/null >>"$RACK_LOGS/forward.log" 2>&1
    wait_until 60 port_answers "$1" || fail "port $1 does not open: $(tail -n 1 "$RACK_LOGS/forward.log")"
}

port_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
