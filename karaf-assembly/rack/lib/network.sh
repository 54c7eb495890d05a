# shellcheck shell=bash
# The network of a rack: one bridge in the server's namespace, a tap for each card, a veth pair for each host.

network_create() {
    ip link set lo up
    # A fixed address: a bridge otherwise takes the lowest of its ports, and changes while machines come and go
    ip link add "$RACK_BRIDGE" address 52:54:00:01:00:01 type bridge stp_state 0 forward_delay 0 mcast_snooping 0
    ip address add "$RACK_SERVER_ADDRESS/$RACK_PREFIX" dev "$RACK_BRIDGE"
    ip link set "$RACK_BRIDGE" up
}

tap_name() { printf 'tap%d.%d\n' "$1" "$2"; } # MACHINE CARD

network_add_machines() { # MACHINES CARDS
    local machine card tap
    for ((machine = 1; machine <= $1; machine++)); do
        for ((card = 1; card <= $2; card++)); do
            tap=$(tap_name "$machine" "$card")
            ip tuntap add "$tap" mode tap
            ip link set "$tap" master "$RACK_BRIDGE" up
        done
    done
}

network_join() { # NAME PID ADDRESS …: gives the host with that first process a card eth0 on the bridge
    local name=$1 pid=$2 address
    shift 2
    ip link add "$name" type veth peer name eth0 netns "$pid"
    ip link set "$name" master "$RACK_BRIDGE" up
    for address; do
        nsenter --target "$pid" --net ip address add "$address/$RACK_PREFIX" dev eth0
    done
    nsenter --target "$pid" --net ip link set lo up
    nsenter --target "$pid" --net ip link set eth0 up
    nsenter --target "$pid" --net ip route add default via "$RACK_SERVER_ADDRESS"
}
