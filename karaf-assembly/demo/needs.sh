# shellcheck shell=bash
# What the demonstration needs of this machine, looked at before anything is started: each lack is one sentence.

# One demonstration of a folder at a time, since it has one target/demo
take_lock() {
    exec 9>>"$DEMO/lock" || fail "cannot write to $DEMO as user $(id -un): run it in a clone of your own"
    flock -n 9 || fail "a demonstration of this folder is running (process $(cat "$DEMO/pid" 2>/dev/null || echo unknown)); end it there with Ctrl-C first"
    echo $$ >"$DEMO/pid"
}

# Installs packages where it may, and takes the rack or says why not
choose_site() {
    # shellcheck disable=SC2046  # lists of names
    install_packages $(packages build run) || fail "it cannot do without these packages"
    . karaf-assembly/demo/on-rack.sh
    local reason
    reason=$(why_no_rack)
    [ -n "$reason" ] || return 0
    echo "No virtual rack here: $reason. Machines are simulated instead${XEN:+, and the partitions with them}."
    . karaf-assembly/demo/simulated.sh
}

why_no_rack() {
    if [ "${DEMO_SIMULATED:-}" = yes ]; then
        echo "DEMO_SIMULATED=yes"
    elif [ "$(id -u)" -ne 0 ]; then
        echo "it makes network namespaces, which needs root"
    elif [ ! -c /dev/net/tun ]; then
        echo "/dev/net/tun is missing"
    else
        # shellcheck disable=SC2046  # a list of names
        install_packages $("$RACK" packages) >&2 || true
        { "$RACK" check 2>&1 || true; } | sed 's/^rack: //' | paste -sd ';' | sed 's/;/; /g'
    fi
}

need_room() {
    # MiB: a build and a server; each machine; that of a Xen host
    local memory=1200
    if [ "$PARTITIONING" = xen ]; then
        memory=$((memory + 600 * MACHINES))
        [ -z "$XEN" ] || memory=$((memory + 1500))
        need_disk "${RACK_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/qrm}" 3000 "root file systems"
        need_disk /var/lib 2000 "what the rack writes"
    fi
    local available
    available=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
    [ "$available" -ge "$memory" ] ||
        fail "$available MiB of memory are free, and $memory are needed; end something, or take simulated machines: DEMO_SIMULATED=yes ./demo"
    need_disk "$DEMO" 1500 "the build and the server's data"
    need_disk "${HOME:-/root}" 600 "Maven's repository"
}

# need_disk PATH MIB WHAT: of a path that need not exist yet
need_disk() {
    local path=$1 free
    while [ ! -d "$path" ]; do path=$(dirname "$path"); done
    free=$(df -Pm "$path" | awk 'NR == 2 { print $4 }')
    [ "$free" -ge "$2" ] || fail "$free MiB are free in $path, and $2 are needed for $3; make room there"
}

need_ports() {
    need_port "$HTTPS_PORT" QRM_HTTPS_PORT 9443
    need_port "$SSH_PORT" QRM_SSH_PORT 9101
    # on the rack that of plain HTTP is in a network of its own
    [ "$PARTITIONING" = xen ] || need_port "$HTTP_PORT" QRM_HTTP_PORT 9080
    [ "$PARTITIONING" != xen ] || "$RACK" status >/dev/null 2>&1 || return 0
    [ "$PARTITIONING" != xen ] || fail "the rack '$RACK_NAME' is running already, of another demonstration; end that with Ctrl-C, or, when it is a left-over: RACK_NAME=$RACK_NAME $RACK down"
}

# need_port PORT SETTING ANOTHER
need_port() {
    [[ $1 =~ ^[1-9][0-9]{0,4}$ ]] && [ "$1" -le 65535 ] || fail "$2=$1 is no port: give a number from 1 to 65535"
    ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null ||
        fail "port $1 of 127.0.0.1 is in use; end what listens there ('ss -ltnp' names it), or take another: $2=$3 ./demo"
}
