# shellcheck shell=dash
# Applies a DHCP lease. The variables are those that udhcpc sets (interface, ip, mask, router, dns); a DHCP server is a stranger.

apply_lease() {
    is_ipv4 "${ip:-}" || return 0
    prefix=${mask:-24}
    consists_of "$prefix" '0-9' || prefix=24
    held=$(address_of "${interface:?}")
    if [ -n "$held" ] && [ "$held" != "$ip" ]; then
        [ -z "${KEEP_ADDRESS:-}" ] || {
            say "DHCP offers $ip, but this machine keeps $held: its root file system is exported to that address"
            return 0
        }
        ip addr flush dev "$interface"
    fi
    ip addr replace "$ip/$prefix" dev "$interface"
    set_route
    set_name_servers
    printf 'address=%s\ninterface=%s\n' "$ip" "$interface" > "$QRM/lease.new"
    mv "$QRM/lease.new" "$QRM/lease"
}

address_of() {
    ip -4 addr show dev "$1" | sed -n 's,^ *inet \([0-9.]*\)/.*,\1,p' | head -n 1
}

set_route() {
    gateway=${router:-}
    gateway=${gateway%% *}
    is_ipv4 "$gateway" || return 0
    ip route replace default via "$gateway" dev "$interface" || say "the gateway $gateway that DHCP names cannot be reached from $ip"
}

set_name_servers() {
    for server in ${dns:-}; do
        ! is_ipv4 "$server" || echo "nameserver $server"
    done > "$QRM/etc/resolv.conf"
}
