# shellcheck shell=dash
# (frames are in test/lldp)

# a_card NAME [CARRIER]
a_card() {
    mkdir -p "sys/class/net/$1/device" proc/sys/net/ipv4/conf/all
    echo 1 > "sys/class/net/$1/type"
    echo "${2:-1}" > "sys/class/net/$1/carrier"
    echo 0 > proc/sys/net/ipv4/conf/all/arp_ignore
}

a_machine_that_tells() {
    interface=eth0
    QRM_LATER=none
    fake modprobe
    fake sleep
    fake ip
    load_disk_drivers() { :; }
    sent=0
    send_inventory() {
        sent=$((sent + 1))
        cp qrm/tmp/inventory "sent.$sent"
    }
}

test_tells_of_switches_later_than_of_all_else() {
    a_card eth0
    a_card eth1
    mkdir -p sys/class/net/lo sys/class/net/br0
    a_machine_that_tells
    listen_at() { printf '02:00:00:00:00:01\001sw1.site, b\001Gi%s\001VLAN 7\n' "$2" > "$TAPS/$1.heard"; }
    tell_inventory
    expect 'later=neighbour' "$(cat sent.1)"
    expect 'device=neighbour,eth0,0,02:00:00:00:00:01,sw1.site b Gi0,VLAN 7
device=neighbour,eth1,0,02:00:00:00:00:01,sw1.site b Gi1,VLAN 7' "$(cat sent.2)"
    expect 2 "$sent"
    expect 0 "$(cat proc/sys/net/ipv4/conf/all/arp_ignore)"
}

test_tells_once_without_cards_that_can_be_listened_at() {
    a_machine_that_tells
    tell_inventory
    expect 1 "$sent"
    expect '' "$(cat sent.1)"
}

test_leaves_a_card_without_link_as_it_was() {
    a_card eth0
    a_card eth1 0
    a_machine_that_tells
    fake ip '[ "$2" != add ]'
    QRM_CARRIER_SECONDS=2 CARRIER_SECONDS=2
    tell_inventory
    expect_text '^link set dev eth1 up$' ip.calls
    expect_text '^link set dev eth1 down$' ip.calls
    ! grep -q 'link set dev eth0 \(up\|down\)\|link eth1' ip.calls
}

test_ends_what_listens_when_the_machine_is_handed_over() {
    a_card eth0
    a_card eth1
    a_machine_that_tells
    listen_at() {
        [ "$1" = eth0 ] || echo "$1" >> "$TAPS/downs"
        mkdir -p "sys/class/net/qrmtap$2"
        : > "$TAPS/ready$2"
        # shellcheck disable=SC2093  # it is to be the process that is ended
        exec /bin/sleep 60
    }
    inventory_job=''
    begin_listening
    until [ -e "$TAPS/ready0" ] && [ -e "$TAPS/ready1" ]; do /bin/sleep 0.1; done
    end_inventory
    wait
    expect_text '^link delete qrmtap0$' ip.calls
    expect_text '^link delete qrmtap1$' ip.calls
    expect_text '^link set dev eth1 down$' ip.calls
    ! grep -q 'eth0 down' ip.calls
    end_inventory
}

test_ends_no_process_that_has_the_number_of_one_that_listened() {
    a_card eth0
    a_machine_that_tells
    mkdir -p "$TAPS"
    /bin/sleep 60 &
    other=$!
    mkdir -p "proc/$other"
    echo "$other (a (b) c) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 777 20" > "proc/$other/stat"
    echo "$other 776" > "$TAPS/processes"
    end_listening
    kill -0 "$other"
    mkdir -p "$TAPS"
    echo "$other 777" > "$TAPS/processes"
    end_listening
    ! wait "$other"
}
