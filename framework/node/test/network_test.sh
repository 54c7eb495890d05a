# shellcheck shell=dash

a_lease() {
    interface=eth0 ip=10.0.0.9 mask=24 router='10.0.0.1 10.0.0.2' dns='10.0.0.3 bad;dns'
    fake ip 'case "$*" in *show*) cat '"$PWD"'/held 2> /dev/null ;; esac; exit 0'
}

test_applies_a_lease() {
    a_lease
    apply_lease
    expect '-4 addr show dev eth0
addr replace 10.0.0.9/24 dev eth0
-4 addr show dev eth0
route replace 0.0.0.0/0 via 10.0.0.1 dev eth0 onlink' "$(cat ip.calls)"
    expect 'nameserver 10.0.0.3' "$(cat qrm/etc/resolv.conf)"
    expect 10.0.0.9 "$(answer_value address qrm/lease)"
}

test_drops_an_old_address_when_the_lease_brings_another() {
    a_lease
    echo '    inet 10.0.0.8/24 scope global eth0' > held
    apply_lease
    expect_text '^addr flush dev eth0$' ip.calls
}

test_keeps_the_address_when_the_lease_is_renewed() {
    a_lease
    echo '    inet 10.0.0.9/24 scope global eth0' > held
    apply_lease
    ! grep -q flush ip.calls
}

test_keeps_the_address_inside_an_image_whatever_dhcp_says() {
    a_lease
    echo '    inet 10.0.0.8/24 scope global eth0' > held
    KEEP_ADDRESS=yes
    apply_lease 2> said
    expect '-4 addr show dev eth0' "$(cat ip.calls)"
    expect_text 'keeps 10.0.0.8' said
}

test_ignores_a_lease_without_a_proper_address() {
    a_lease
    ip='10.0.0.9;reboot'
    apply_lease
    [ ! -e ip.calls ] && [ ! -e qrm/lease ]
}

test_takes_no_address_for_one_that_is_none() {
    for address in '' 10.0.0 10.0.0.0.1 10.0.0.256 10.0.0.01 10..0.1 .10.0.0.1 10.0.0.1. 1000.0.0.1 10.0.0.1x 10.0.0.-1 99999999999.0.0.1; do
        expect_refusal is_ipv4 "$address"
    done
    for address in 0.0.0.0 127.0.0.1 224.0.0.1 255.255.255.255 0.1.2.3; do
        is_ipv4 "$address"
        expect_refusal is_host_address "$address"
    done
    for address in 10.0.0.1 192.0.2.255 223.255.255.254 1.0.0.0; do
        is_host_address "$address"
    done
}

test_takes_no_mtu_that_cannot_be() {
    a_lease
    for mtu in 0 68 575 65536 1e3 -1 99999999999 '1400;reboot'; do
        apply_lease 2>> said
    done
    ! grep -q 'mtu' ip.calls
    expect 8 "$(grep -c 'DHCP gives the MTU' said)"
    mtu=9000
    apply_lease
    expect_text '^link set dev eth0 mtu 9000$' ip.calls
}

test_leaves_an_mtu_alone_that_is_set_already() {
    a_lease
    mkdir -p sys/class/net/eth0
    echo 1400 > sys/class/net/eth0/mtu
    mtu=1400
    apply_lease
    ! grep -q 'mtu' ip.calls
}

test_takes_the_prefix_of_the_class_where_the_mask_is_none() {
    for line in 0=0.0.0.0 24=255.0.255.0 33=255.255.255.255 =; do
        a_lease
        mask=${line%=*} subnet=${line#*=} router=''
        apply_lease 2> said
        expect_text '^addr replace 10.0.0.9/8 dev eth0$' ip.calls
        [ -z "$subnet" ] || expect_text "netmask $subnet (option 1), which is none" said
    done
    a_lease
    mask=9 subnet=255.128.0.0
    apply_lease
    expect_text '^addr replace 10.0.0.9/9 dev eth0$' ip.calls
}

test_leaves_out_static_routes_that_are_forbidden() {
    a_lease
    routes='0.0.0.0/10.0.0.3 10.1.2.3/10.0.0.4 192.168.5.0/10.0.0.5 224.0.0.0/10.0.0.6'
    apply_lease 2> said
    expect 'route replace 10.1.2.3/32 via 10.0.0.4 dev eth0 onlink
route replace 192.168.5.0/24 via 10.0.0.5 dev eth0 onlink
route replace 0.0.0.0/0 via 10.0.0.1 dev eth0 onlink' "$(grep route ip.calls)"
    expect 2 "$(grep -c 'static route that is none (option 33)' said)"
}

test_takes_the_own_address_as_gateway_for_a_network_that_reaches_all() {
    a_lease
    fake ip 'case "$*" in *"via 10.0.0.9 "*) echo "Nexthop has invalid gateway" >&2; exit 2 ;; esac'
    router=10.0.0.9
    apply_lease 2> said
    expect_text '^route replace 0.0.0.0/0 dev eth0$' ip.calls
    a_lease
    fake ip 'case "$*" in *"via 10.0.0.9 "*) echo "Nexthop has invalid gateway" >&2; exit 2 ;; esac'
    router='10.0.0.9 10.0.0.1'
    apply_lease 2> said
    expect_text '^route replace 0.0.0.0/0 via 10.0.0.1 dev eth0 onlink$' ip.calls
    ! grep -q 'replace 0.0.0.0/0 dev' ip.calls
}

# domain, or what is said of it: udhcpc's word for what is no name (also for several, which servers write into option 15) is "bad"
test_takes_domains_as_resolvers_do_and_tells_which_it_does_not() {
    for line in corp_net.local=corp_net.local _msdcs.site.example.=_msdcs.site.example xn--bcher-kva.example=xn--bcher-kva.example 1.2.example=1.2.example \
        bad= 'a;b=' -x.example= a..b=; do
        a_lease
        domain=${line%%=*}
        apply_lease 2> said
        expect "${line#*=}" "$(sed -n 's/^search //p' qrm/etc/resolv.conf)"
        [ -n "${line#*=}" ] || expect_text 'DHCP gives a domain that is none, or several in one (option 15 or 119)' said
        [ -z "${line#*=}" ] || ! grep -q domain said
    done
}

test_tells_of_what_else_of_a_lease_is_of_no_use() {
    a_lease
    dns='10.0.0.3 127.0.0.53 0.0.0.0 224.0.0.251'
    apply_lease 2> said
    expect 3 "$(grep -c 'DHCP gives a name server that cannot be asked (option 6)' said)"
    for address in 0.0.0.0 127.0.0.1 255.255.255.255 240.0.0.1; do
        a_lease
        ip=$address
        apply_lease 2> said
        expect_text "DHCP gives the address $ip, which no machine can have" said
    done
}

test_knows_the_networks_of_addresses() {
    for line in 198.51.100.77/24=198.51.100.0 10.137.8.7/9=10.128.0.0 1.2.3.4/0=0.0.0.0 1.2.3.4/32=1.2.3.4 255.255.255.255/31=255.255.255.254 \
        192.0.2.130/25=192.0.2.128 172.31.255.255/12=172.16.0.0 10.255.255.255/8=10.0.0.0; do
        address=${line%%=*}
        expect "${line#*=}" "$(network_of "${address%/*}" "${address#*/}")"
    done
    for line in 10.0.0.1=8 126.1.1.1=8 128.0.0.1=16 191.255.0.1=16 192.0.2.1=24 223.255.255.1=24; do
        expect "${line#*=}" "$(class_of "${line%=*}")"
    done
}

test_finds_the_card_by_its_address() {
    mkdir -p sys/class/net/eth0/device sys/class/net/eth1/device
    echo 52:54:00:aa:00:01 > sys/class/net/eth1/address
    echo 52:54:00:aa:00:02 > sys/class/net/eth0/address
    expect eth1 "$(interface_with 52:54:00:aa:00:01)"
    expect_refusal interface_with 52:54:00:aa:00:03
}

# of cards with one address (netvsc and its virtual function, virtio with a standby) packets come in at the one above the others
test_takes_the_upper_one_of_cards_with_one_address() {
    for card in enP1p0s2 eth0 eth1; do
        mkdir -p "sys/class/net/$card/device"
        echo 52:54:00:aa:00:01 > "sys/class/net/$card/address"
    done
    ln -s ../eth0 sys/class/net/enP1p0s2/master
    expect eth0 "$(interface_with 52:54:00:aa:00:01)"
    mkdir sys/class/net/bond0
    ln -s ../bond0 sys/class/net/eth0/master
    ln -s ../bond0 sys/class/net/eth1/master
    expect enP1p0s2 "$(interface_with 52:54:00:aa:00:01)"
}

test_loads_drivers_until_no_new_device_appears() {
    mkdir -p sys/bus/pci/devices/0
    echo pci:v1 > sys/bus/pci/devices/0/modalias
    fake modprobe 'mkdir -p '"$PWD"'/sys/bus/virtio/devices/0; echo virtio:d1 > '"$PWD"'/sys/bus/virtio/devices/0/modalias'
    load_drivers
    expect '-a -b -q pci:v1
-a -b -q pci:v1 virtio:d1' "$(cat modprobe.calls)"
}

test_asks_for_the_drivers_of_each_bus_that_brings_cards() {
    for device in pci/devices/0000:00:03.0=pci:v8086 virtio/devices/virtio0=virtio:d1 xen/devices/vif-0=xen:vif acpi/devices/VMBUS:00=acpi:VMBUS: \
        vmbus/devices/f8615163=vmbus:635161f8 acpi/devices/PNP0C0C:00=acpi:PNP0C0C:; do
        mkdir -p "sys/bus/${device%%=*}"
        echo "${device#*=}" > "sys/bus/${device%%=*}/modalias"
    done
    expect 'acpi:VMBUS:
pci:v8086
virtio:d1
vmbus:635161f8
xen:vif' "$(device_aliases)"
}

test_tells_which_cards_have_no_driver_when_the_boot_card_is_not_there() {
    expect 'no driver has found it; there are: none; a card on USB cannot be used' "$(why_no_card 52:54:00:aa:00:01)"
    mkdir -p sys/class/net/eth0/device drivers/igb
    echo 52:54:00:aa:00:02 > sys/class/net/eth0/address
    ln -s "$PWD/drivers/igb" sys/class/net/eth0/device/driver
    expect 'no driver has found it; there are: 52:54:00:aa:00:02,eth0,igb,0; a card on USB cannot be used' "$(why_no_card 52:54:00:aa:00:01)"
    while read -r place class vendor product driver; do
        mkdir -p "sys/bus/pci/devices/$place"
        echo "$class" > "sys/bus/pci/devices/$place/class"
        echo "$vendor" > "sys/bus/pci/devices/$place/vendor"
        echo "$product" > "sys/bus/pci/devices/$place/device"
        [ -z "$driver" ] || ln -s "$PWD/drivers/$driver" "sys/bus/pci/devices/$place/driver"
    done << end
0000:01:00.0 0x020000 0x14e4 0x168e
0000:02:00.0 0x020000 0x8086 0x1521 igb
0000:03:00.0 0x020700 0xfff1 0x0001
0000:04:00.0 0x010700 0x1000 0x0097
0000:05:00.0 0x0c0330 0x8086 0xa12f
end
    PCI_IDS=none
    expect 'no driver has found it; there are: 52:54:00:aa:00:02,eth0,igb,0; cards that none is here for: 14e4:168e,fff1:0001; a card on USB cannot be used' \
        "$(why_no_card 52:54:00:aa:00:01)"
}

# as Debian's kernels tell it, as others do, and what sounds like it
test_tells_which_firmware_is_lacking() {
    expect '' "$(lacking_firmware)"
    fake dmesg 'cat kernel.log'
    cat > kernel.log << 'end'
[    2.101] bnx2x 0000:01:00.0: firmware: failed to load bnx2x/bnx2x-e2-7.13.21.0.fw (-2)
[    2.102] bnx2x 0000:01:00.1: Direct firmware load for bnx2x/bnx2x-e2-7.13.21.0.fw failed with error -2
[    2.103] qede 0000:02:00.0: Direct firmware load for qed/qed_init_values_zipped-8.59.1.0.bin failed with error -2
[    2.104] r8169 0000:03:00.0: firmware: direct-loading firmware rtl_nic/rtl8168h-2.fw
[    2.105] tg3 0000:04:00.0 eth0: Link is up at 1000 Mbps, full duplex
[    2.106] firmware_class: See https://wiki.debian.org/Firmware for information about missing firmware
end
    expect '; firmware that drivers want and that is not here: bnx2x/bnx2x-e2-7.13.21.0.fw qed/qed_init_values_zipped-8.59.1.0.bin' "$(lacking_firmware)"
    expect 'no driver has found it; there are: none; firmware that drivers want and that is not here: bnx2x/bnx2x-e2-7.13.21.0.fw qed/qed_init_values_zipped-8.59.1.0.bin; a card on USB cannot be used' \
        "$(why_no_card 52:54:00:aa:00:01)"
    mkdir -p sys/class/net/eth0
    echo 1 > sys/class/net/eth0/carrier
    fake ip 'exit 2'
    wait_for_link eth0 2> said
    expect 'qrm: cannot bring up eth0; firmware that drivers want and that is not here: bnx2x/bnx2x-e2-7.13.21.0.fw qed/qed_init_values_zipped-8.59.1.0.bin' "$(cat said)"
}

test_asks_for_no_card_that_is_there_and_says_why_it_waits() {
    fake modprobe
    fake sleep 'mkdir -p '"$PWD"'/sys/class/net/eth0/device; echo 52:54:00:aa:00:01 > '"$PWD"'/sys/class/net/eth0/address'
    wait_for_card 52:54:00:aa:00:01 2> said
    expect eth0 "$interface"
    expect 'qrm: waiting for the network card 52:54:00:aa:00:01: no driver has found it; there are: none; a card on USB cannot be used' "$(cat said)"
}
