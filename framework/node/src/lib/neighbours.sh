# shellcheck shell=dash
# Where each network card is plugged in, as switches tell it every 30 s (LLDP, IEEE 802.1AB-2016). Nothing here can open a socket for
# such frames; a tap on the card (macvtap) is a file of which each read gives one. They are what strangers say: every length is looked at,
# and of texts only what can be printed is kept.

LISTEN_SECONDS=${QRM_LISTEN_SECONDS:-65}   # in which a switch tells twice
CARRIER_SECONDS=${QRM_CARRIER_SECONDS:-20} # that other cards may take for their link
TAPS=$QRM/tmp/taps

# in the background, at all cards; sets $listeners to the processes
begin_listening() {
    listeners='' listening=yes
    rm -rf "$TAPS"
    mkdir -p "$TAPS"
    modprobe -q macvtap 2> /dev/null || :
    # a second card in the boot card's network would else answer for its address
    { echo 1 > "$PROC/sys/net/ipv4/conf/all/arp_ignore"; } 2> /dev/null || :
    place=0
    for directory in "$SYS"/class/net/*; do
        [ "${directory##*/}" = "${interface:-}" ] || is_ethernet_card "$directory" || continue
        [ "$place" -lt 32 ] || continue
        listen_at "${directory##*/}" "$place" &
        listeners="$listeners $!"
        echo "$! $(born $!)" >> "$TAPS/processes"
        place=$((place + 1))
    done
}

# listen_at CARD NUMBER: a card that nobody uses is up only meanwhile
listen_at() {
    if [ "$1" != "$interface" ]; then
        echo "$1" >> "$TAPS/downs"
        ip link set dev "$1" up
        has_carrier_soon "$1" || return 0
    fi
    # as many frames as wait there are kept; on a network with a storm others would displace the one
    ip link add link "$1" name "qrmtap$2" type macvtap && ip link set dev "qrmtap$2" qlen 2000 up && ifconfig "qrmtap$2" allmulti || return 0
    mknod "$TAPS/tap$2" c "$(tap_number "qrmtap$2" 1)" "$(tap_number "qrmtap$2" 2)" || return 0
    # a read gives 10 octets of the tap's own (struct virtio_net_hdr) and a frame; each is filled up to the same length
    sh -c 'echo "$$ $(sed "s/.*) //" "$4/$$/stat" | cut -d " " -f 20)" >> "$1/processes"; exec timeout "$3" dd if="$1/$2" bs=1536 conv=sync' sh "$TAPS" "tap$2" "$LISTEN_SECONDS" "$PROC" 2> /dev/null |
        hexdump -v -e '384/4 "%08x" "\n"' | lldp_neighbours > "$TAPS/$1.heard"
}

has_carrier_soon() {
    waited=0
    until [ "$(first_line "$SYS/class/net/$1/carrier")" = 1 ]; do
        [ "$waited" -lt "$CARRIER_SECONDS" ] || return 1
        waited=$((waited + 1))
        sleep 1
    done
}

# of the character device that belongs to a tap: 1 major, 2 minor
tap_number() {
    for file in "$SYS/class/net/$1"/tap*/dev; do
        first_line "$file" | cut -d : -f "$2"
    done
}

# when a process began, by which it is told from one that has its number after it
born() { first_line "$PROC/$1/stat" | sed 's/.*) //' | cut -d ' ' -f 20; }

# leaves the cards as they were; what was heard stays
end_listening() {
    listening=''
    [ -d "$TAPS" ] || return 0
    while read -r process since; do
        [ "$(born "$process")" != "$since" ] || kill "$process" || :
    done 2> /dev/null < "$TAPS/processes" || :
    for tap in "$SYS"/class/net/qrmtap*; do
        [ ! -e "$tap" ] || ip link delete "${tap##*/}" 2> /dev/null || :
    done
    while read -r card; do
        ip link set dev "$card" down || :
    done 2> /dev/null < "$TAPS/downs" || :
    rm -f "$TAPS/processes" "$TAPS/downs" "$TAPS"/tap*
    { echo 0 > "$PROC/sys/net/ipv4/conf/all/arp_ignore"; } 2> /dev/null || :
}

# of all cards, as the inventory has them
neighbours() {
    [ -z "${listening:-}" ] || return 0
    for file in "$TAPS"/*.heard; do
        [ -s "$file" ] || continue
        card=${file##*/}
        sort "$file" | while IFS=$SEPARATOR read -r chassis switch port details; do
            device neighbour "${card%.heard}" 0 "$chassis" "$switch $port" "$details"
        done
    done | at_most 32 neighbours
}

# Of lines that are frames, in words of 32 bits as this machine has them: one line for each neighbour that has not taken its leave, of
# chassis, switch, port and details, each fit to be printed, with octet 1 between them.
lldp_neighbours() {
    awk '
        BEGIN {
            for (code = 0; code < 256; code++) {
                value[sprintf("%02x", code)] = code
                character[code] = code > 31 && code < 127 ? sprintf("%c", code) : code == 0 ? "" : "?"
            }
        }
        # to the group of the nearest bridge (7.1); untagged, or with a priority alone
        substr($0, 17, 4) != "8001" || substr($0, 25, 8) != "0e0000c2" { next }
        substr($0, 41, 4) == "cc88" { look(24); next }
        substr($0, 41, 4) == "0081" && substr($0, 49, 4) == "cc88" { look(28) }
        END { for (one = 1; one <= many; one++) if (known[one] in told) print told[known[one]] }

        function look(at,    type, size, tlvs) {
            to_octets()
            chassis = port = label = name = address = ""
            vlan = named = 0
            while (at + 2 <= length_of_all) {
                size = number(at, 2)
                type = int(size / 512)
                size %= 512
                at += 2
                if (type == 0) break
                # three must be there, in this order (9.2.7.7.1)
                if (++tlvs <= 3 ? type != tlvs : type <= 3) return
                if (at + size > length_of_all || !tlv(type, at, size)) return
                at += size
            }
            if (tlvs >= 3) keep()
        }

        # behind the last octet that is none there is nothing, or what fills the frame up
        function to_octets(    at) {
            frame = ""
            for (at = 1; at < length($0); at += 8)
                frame = frame substr($0, at + 6, 2) substr($0, at + 4, 2) substr($0, at + 2, 2) substr($0, at, 2)
            length_of_all = length(frame) / 2
            for (used = length_of_all; used > 0 && octet(used - 1) == 0; used--);
        }

        function octet(at) { return value[substr(frame, 2 * at + 1, 2)] }
        function number(at, size,    all) { for (; size > 0; size--) all = all * 256 + octet(at++); return all + 0 }

        # 0 when the frame cannot be one
        function tlv(type, at, size) {
            if (type == 1) return size > 1 && at + size <= used && (chassis = identity(at, size, 4, 5)) != ""
            if (type == 2) return size > 1 && at + size <= used && (port = identity(at, size, 3, 4)) != ""
            if (type == 3) { lifetime = number(at, 2); return size >= 2 }
            # texts do not end in what fills a frame up: this one was cut off
            if (type >= 4 && type <= 6 && size > 0 && at + size > used) return 0
            if (type == 4) label = text(at, size)
            if (type == 5) name = text(at, size)
            if (type == 8 && size >= 9 && number(at, 2) == 1281 && address == "") address = ipv4(at + 2)
            if (type == 127 && size >= 6 && number(at, 3) == 32962) of_802_1(octet(at + 3), at + 4, size - 4)
            return 1
        }

        # of IEEE 802.1 (802.1Q, D.2): the VLAN of untagged frames, or the names of all
        function of_802_1(subtype, at, size) {
            if (subtype == 1 && number(at, 2) < 4095) vlan = number(at, 2)
            if (subtype == 3 && size >= 3 && number(at, 2) < 4095 && octet(at + 2) <= size - 3 && ++named <= 4) {
                vlans[named] = number(at, 2)
                vlan_names[named] = text(at + 3, octet(at + 2))
            }
        }

        # which kinds are addresses differs between chassis and ports (8.5.2.2, 8.5.3.2)
        function identity(at, size, mac, network,    all) {
            kind = octet(at++)
            size--
            if (kind == mac && size == 6) {
                for (; size > 0; size--) all = all (all == "" ? "" : ":") substr(frame, 2 * at++ + 1, 2)
                return all
            }
            if (kind == network && size == 5 && octet(at) == 1) return ipv4(at + 1)
            if (kind == network && size == 17 && octet(at) == 2) {
                for (at++; size > 1; size -= 2) { all = all (all == "" ? "" : ":") sprintf("%x", number(at, 2)); at += 2 }
                return all
            }
            if (kind == mac || kind == network) return substr(frame, 2 * at + 1, 2 * (size > 16 ? 16 : size))
            return text(at, size)
        }

        function ipv4(at) { return octet(at) "." octet(at + 1) "." octet(at + 2) "." octet(at + 3) }

        function text(at, size,    all) {
            for (; size > 0; size--) all = all character[octet(at++)]
            gsub(/  +/, " ", all)
            sub(/^ /, "", all)
            sub(/ $/, "", all)
            return substr(all, 1, 64)
        }

        function keep(    key, shown) {
            key = chassis "\001" port
            if (lifetime == 0) { delete told[key]; return }
            if (!(key in place)) {
                if (many == 4) return
                known[++many] = key
                place[key]
            }
            # ports that are told by an address or a number are known to people by what describes them
            shown = port
            if (label != "" && (kind == 3 || port ~ /^[0-9]+$/)) { shown = label; label = kind == 3 ? "" : "port " port }
            shown = substr(shown, 1, 30)
            told[key] = chassis "\001" substr(name == "" ? chassis : name, 1, 63 - length(shown)) "\001" shown "\001" details()
        }

        function details(    all, each) {
            if (vlan) all = "VLAN " vlan
            for (each = 1; each <= named && each <= 4; each++) {
                if (vlan && vlans[each] == vlan) all = all " " vlan_names[each]
                if (!vlan) all = (all == "" ? "VLAN" : all) " " vlans[each] (named == 1 ? " " vlan_names[each] : "")
            }
            if (label != "") all = all (all == "" ? "" : " ") label
            if (address != "" && length(all) + length(address) < 64) all = all (all == "" ? "" : " ") address
            return all
        }'
}
