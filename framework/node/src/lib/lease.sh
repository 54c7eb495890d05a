# shellcheck shell=dash
# Applies a DHCP lease. The variables are those that udhcpc sets (interface, ip, mask, router, routes, staticroutes, mtu, domain, search,
# dns); a DHCP server is a stranger. Option 12 (host name) is not used: a machine's name comes from the QRM server.

# what udhcpc asks for beside its defaults: options 26, 33, 119, 121 and 249
LEASE_OPTIONS='-O mtu -O routes -O search -O staticroutes -O msstaticroutes'

apply_lease() {
    is_host_address "${ip:-}" || {
        say "DHCP gives the address $(plain "${ip:-}" 20), which no machine can have: it is not used"
        return 0
    }
    prefix=$(prefix_given)
    held=$(address_of "${interface:?}")
    if [ -n "$held" ] && [ "$held" != "$ip" ]; then
        [ -z "${KEEP_ADDRESS:-}" ] || {
            say "DHCP offers $ip, but this machine keeps $held: its root file system is exported to that address"
            return 0
        }
        ip addr flush dev "$interface"
    fi
    set_mtu
    ip addr replace "$ip/$prefix" dev "$interface"
    drop_other_prefixes
    : > "$QRM/routes.new"
    set_routes
    drop_old_routes
    mv "$QRM/routes.new" "$QRM/routes"
    set_name_servers
    printf 'address=%s\ninterface=%s\n' "$ip" "$interface" > "$QRM/lease.new"
    mv "$QRM/lease.new" "$QRM/lease"
}

# Without a mask, or with one that is none, an address has that of its class (RFC 950). What udhcpc has counted is only right where the
# ones of the mask are at its beginning.
prefix_given() {
    if is_number "${mask:-}" 1 32 && [ "${subnet:-$(network_of 255.255.255.255 "$mask")}" = "$(network_of 255.255.255.255 "$mask")" ]; then
        echo "$mask"
        return
    fi
    [ -z "${subnet:-}" ] || say "DHCP gives the netmask $(plain "$subnet" 20) (option 1), which is none: that of the address' class is used"
    class_of "$ip"
}

# the prefix that an address had before there were masks (RFC 791)
class_of() {
    if [ "${1%%.*}" -lt 128 ]; then
        echo 8
    elif [ "${1%%.*}" -lt 192 ]; then
        echo 16
    else
        echo 24
    fi
}

# network_of ADDRESS PREFIX: what is left of it
network_of() {
    left=$2 network='' more=$1.
    while [ -n "$more" ]; do
        bits=$((left > 8 ? 8 : left))
        network=$network.$((${more%%.*} >> (8 - bits) << (8 - bits)))
        left=$((left - bits))
        more=${more#*.}
    done
    echo "${network#.}"
}

# an address that a machine may have: neither 0.x, loopback, multicast nor broadcast
is_host_address() {
    is_ipv4 "$1" || return 1
    case $1 in
        127.*) return 1 ;;
    esac
    is_number "${1%%.*}" 1 223
}

address_of() {
    ip -4 addr show dev "$1" | sed -n 's,^ *inet \([0-9.]*\)/.*,\1,p' | head -n 1
}

# the kernel takes one address with two prefixes for two addresses
drop_other_prefixes() {
    ip -4 addr show dev "$interface" | sed -n 's,^ *inet \([0-9./]*\) .*,\1,p' | while read -r other; do
        if [ "${other%/*}" = "$ip" ] && [ "$other" != "$ip/$prefix" ]; then
            ip addr del "$other" dev "$interface"
        fi
    done
}

# below 576 IPv4 has no right to work (RFC 791); to set what is there already would make some cards deaf for a second
set_mtu() {
    [ -n "${mtu:-}" ] || return 0
    is_number "$mtu" 576 65535 || {
        say "DHCP gives the MTU $(plain "$mtu" 20) (option 26), which is none from 576 to 65535: it is not used"
        return 0
    }
    [ "$(first_line "$SYS/class/net/$interface/mtu")" != "$mtu" ] || return 0
    ip link set dev "$interface" mtu "$mtu" || say "the card $interface does not take the MTU $mtu that DHCP gives (option 26)"
}

# RFC 3442: a machine that is given classless routes (option 121) does not look at gateways (3) and static routes (33); option 249 is
# what Microsoft had before that.
set_routes() {
    set -f
    # shellcheck disable=SC2086  # a list of words
    set -- ${staticroutes:-${msstaticroutes:-}}
    if [ $# -eq 0 ]; then
        set_classful_routes
        return
    fi
    while [ $# -ge 2 ]; do
        add_route "$1" "$2" || :
        shift 2
    done
}

# Destinations of option 33 have no prefix: a network of a class is one, all else a single host (RFC 2132, 5.8); 0.0.0.0 is forbidden there.
# Of several gateways the first that the kernel takes.
set_classful_routes() {
    for pair in ${routes:-}; do
        to=${pair%/*}
        is_host_address "$to" || {
            say "DHCP gives a static route that is none (option 33): $(plain "$pair" 60)"
            continue
        }
        class=$(class_of "$to")
        [ "$(network_of "$to" "$class")" = "$to" ] || class=32
        add_route "$to/$class" "${pair#*/}" || :
    done
    for gateway in ${router:-}; do
        [ "$gateway" != 0.0.0.0 ] || continue
        ! add_route 0.0.0.0/0 "$gateway" || return 0
    done
    # some networks name the machine's own address: somebody there answers for all addresses (proxy ARP, RFC 1027)
    case " ${router:-} " in
        *" $ip "*) add_route 0.0.0.0/0 0.0.0.0 || : ;;
    esac
}

# add_route DESTINATION GATEWAY. Whatever gateway DHCP names is on the card's own network, also when the address' prefix does not say so
# (a /32, say): onlink. The gateway 0.0.0.0 is the network itself (RFC 3442).
add_route() {
    is_ipv4 "${1%/*}" && is_number "${1#*/}" 0 32 && { [ "$2" = 0.0.0.0 ] || is_host_address "$2"; } || {
        say "DHCP gives a route that is none: $(plain "$1 $2" 60)"
        return 1
    }
    # bits behind the prefix do not count (RFC 3442), but for the kernel
    set -- "$(network_of "${1%/*}" "${1#*/}")/${1#*/}" "$2"
    # The first counts; and the card's own network is there already, and must stay when the route goes.
    if grep -q -x -F "$1" "$QRM/routes.new" || [ "$1" = "$(network_of "$ip" "$prefix")/$prefix" ]; then
        return 0
    fi
    if [ "$2" = 0.0.0.0 ]; then
        set -- "$1" dev "$interface"
    else
        set -- "$1" via "$2" dev "$interface" onlink
    fi
    said=$(ip route replace "$@" 2>&1) || {
        say "the route that DHCP gives cannot be set: ip route replace $*: $(plain "$said" 100)"
        return 1
    }
    echo "$1" >> "$QRM/routes.new"
}

# what the lease before gave, and this one does not
drop_old_routes() {
    [ -f "$QRM/routes" ] || return 0
    while read -r destination; do
        grep -q -x -F "$destination" "$QRM/routes.new" || ip route del "$destination" dev "$interface" 2> /dev/null || :
    done < "$QRM/routes"
}

# the resolver takes three servers and 256 characters of domains (resolv.conf(5)); "bad" is udhcpc's word for what is no name
set_name_servers() {
    {
        found=''
        for domain in ${search:-${domain:-}}; do
            domain=${domain%.}
            if [ "$domain" = bad ] || ! is_domain "$domain"; then
                say "DHCP gives a domain that is none, or several in one (option 15 or 119): $(plain "$domain" 60) is not used"
            elif [ $((${#found} + ${#domain})) -le 255 ]; then
                found="$found $domain"
            fi
        done
        [ -z "$found" ] || echo "search$found"
        for server in ${dns:-}; do
            if is_host_address "$server"; then
                echo "nameserver $server"
            else
                say "DHCP gives a name server that cannot be asked (option 6): $(plain "$server" 20)"
            fi
        done | awk '!seen[$0]++' | head -n 3
    } > "$QRM/etc/resolv.conf"
}

# domains may have what hosts may not (RFC 2181, 11), and many a one has a _
is_domain() { is_host_name "$(printf '%s' "$1" | tr _ x)"; }
