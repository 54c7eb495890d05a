# shellcheck shell=dash

# card NAME MAC [CARRIER]
card() {
    mkdir -p "sys/class/net/$1/device"
    ln -s /sys/bus/pci "sys/class/net/$1/device/subsystem"
    echo "$2" > "sys/class/net/$1/address"
    echo "${3:-1}" > "sys/class/net/$1/carrier"
}

test_takes_the_card_that_the_machine_did_not_boot_from() {
    fake ip
    card eth0 52:54:00:aa:00:01
    card eth1 52:54:00:bb:00:01
    expect eth1 "$(card_for_partitions)"
}

test_prefers_a_card_with_a_link() {
    fake ip
    card eth0 52:54:00:aa:00:01
    card eth1 52:54:00:bb:00:01 0
    card eth2 52:54:00:cc:00:01 1
    expect eth2 "$(card_for_partitions)"
}

test_takes_no_card_of_a_partition() {
    fake ip
    card eth0 52:54:00:aa:00:01
    card vif1.0 fe:ff:ff:ff:ff:ff
    ln -sfn /sys/bus/xen-backend sys/class/net/vif1.0/device/subsystem
    expect '' "$(card_for_partitions)"
}

# each with a link, and first by name
test_takes_no_card_that_carries_no_frames_of_others() {
    fake ip
    card eth0 52:54:00:aa:00:01
    card eth1 52:54:00:bb:00:01 0
    for driver in cdc_ether rndis_host cdc_ncm; do
        card "enp0s20$driver" 42:f2:e9:00:00:01
        mkdir -p "drivers/$driver"
        ln -s "$PWD/drivers/$driver" "sys/class/net/enp0s20$driver/device/driver"
    done
    card can0 '' 1
    echo 280 > sys/class/net/can0/type
    card aib0 80:00:02:08:fe:80:00:00:00:00:00:00:f4:52:14:03:00:8d:8a:21
    echo 32 > sys/class/net/aib0/type
    card awlan0 52:54:00:dd:00:01
    mkdir sys/class/net/awlan0/phy80211
    card awwan0 52:54:00:dd:00:02
    echo DEVTYPE=wwan > sys/class/net/awwan0/uevent
    card ens1f0v0 52:54:00:dd:00:03
    mkdir sys/class/net/ens1f0v0/device/physfn
    expect eth1 "$(card_for_partitions)"
}

test_says_that_a_second_card_is_missing() {
    fake ip
    card eth0 52:54:00:aa:00:01
    expect_refusal build_bridge
    expect_text 'has no second network card.*There are: eth0' refusal
}

test_makes_the_card_a_port_of_the_bridge() {
    fake ip
    card eth0 52:54:00:aa:00:01
    card eth1 52:54:00:bb:00:01
    leave_alone() { :; }
    build_bridge
    expect 'link add name xenbr0 type bridge
link set dev eth1 up
addr flush dev eth1
link set dev eth1 master xenbr0
link set dev eth1 up
link set dev xenbr0 up' "$(cat ip.calls)"
}

test_tells_each_network_service_to_leave_the_card_alone() {
    card eth1 52:54:00:bb:00:01
    fake timeout 'shift; [ "$1" != /sbin/ifdown ] || exit 0; exec "$@"'
    for service in wicked dhcpcd networkctl nmcli; do fake "$service"; done
    leave_alone eth1
    expect 'ifdown eth1' "$(cat wicked.calls)"
    expect '-x eth1' "$(cat dhcpcd.calls)"
    expect reload "$(cat networkctl.calls)"
    expect 'general reload conf
device set eth1 managed no' "$(cat nmcli.calls)"
    expect_text '^match-device=mac:52:54:00:bb:00:01;interface-name:xenbr0;' runtime/NetworkManager/conf.d/qrm-xen.conf
    expect_text '^managed=0$' runtime/NetworkManager/conf.d/qrm-xen.conf
    # those of an image that would come first
    for name in 00-all.network 0.network -a.network 10-netplan-eth1.network; do : > "runtime/systemd/network/$name"; done
    set -- runtime/systemd/network/*.network
    expect runtime/systemd/network/+qrm-xen.network "$(printf '%s\n' "$@" | LC_ALL=C sort | head -n 1)"
    # a service that fails stops nothing
    for service in wicked dhcpcd networkctl nmcli; do fake "$service" 'exit 1'; done
    leave_alone eth1
}

test_finds_a_bridge_that_is_built() {
    fake ip
    card eth0 52:54:00:aa:00:01
    card eth1 52:54:00:bb:00:01
    mkdir -p sys/class/net/xenbr0/brif/eth1 sys/class/net/xenbr0/brif/vif1.0
    build_bridge
    expect 'link set dev eth1 up
link set dev xenbr0 up' "$(cat ip.calls)"
}

test_refuses_a_machine_without_the_hypervisor() {
    expect_refusal check_hypervisor
    expect_text 'did not boot the Xen hypervisor' refusal
    echo xen > sys/hypervisor/type
    echo 4.19 > service/tools/xen-version
    expect_refusal check_hypervisor
    expect_text 'the hypervisor is Xen 4.17, the tools of this boot service are those of Xen 4.19' refusal
    echo 4.17 > service/tools/xen-version
    check_hypervisor
}

test_uses_the_tools_of_an_image_that_has_them() {
    echo xen > sys/hypervisor/type
    echo 4.19 > service/tools/xen-version
    mkdir -p image/usr/lib/xen-4.17/bin
    cp fake/xl image/usr/lib/xen-4.17/bin/
    check_hypervisor
    xl list > listed
    [ ! -e chroot.calls ]
}

# as Fedora, SUSE and Arch have them
test_uses_the_only_tools_of_an_image_if_they_fit_the_hypervisor() {
    echo xen > sys/hypervisor/type
    echo 4.19 > service/tools/xen-version
    mkdir -p image/usr/sbin image/usr/lib/xen/bin
    cp fake/xl image/usr/sbin/
    for place in lib64/libxenctrl.so.4.17.0 lib64/libxenctrl.so.4.18 lib/x86_64-linux-gnu/libxenctrl.so.4.17; do
        rm -rf image/usr/lib64
        mkdir -p image/usr/lib64 image/usr/lib/x86_64-linux-gnu
        : > "image/usr/$place"
        expect_refusal check_hypervisor
        expect_text 'install those of 4.17 in the image' refusal
    done
    for place in lib64 lib; do
        rm -f image/usr/lib*/libxenctrl.so.*
        : > "image/usr/$place/libxenctrl.so.4.17"
        check_hypervisor
    done
    : > image/usr/lib/xen/bin/xen-init-dom0
    : > image/usr/sbin/xenconsoled
    chmod +x image/usr/lib/xen/bin/xen-init-dom0 image/usr/sbin/xenconsoled
    for pair in "xl=$QRM_IMAGE/usr/sbin/xl" "xen-init-dom0=$QRM_IMAGE/usr/lib/xen/bin/xen-init-dom0" "xenconsoled=$QRM_IMAGE/usr/sbin/xenconsoled" \
        xenstore-read=/usr/bin/xenstore-read; do
        find_program "${pair%%=*}"
        expect "${pair#*=}" "$runs"
    done
}

test_says_which_module_cannot_be_loaded() {
    fake modprobe '[ "$1" != xen-gntdev ] || { echo "Module xen-gntdev not found" >&2; exit 1; }'
    expect_refusal load_modules
    expect_text 'cannot load the kernel module xen-gntdev: Module xen-gntdev not found' refusal
}

# Debian prefers oxenstored
test_finds_the_store_that_an_image_has_started() {
    mkdir -p proc/7 proc/8 proc/9
    echo oxenstored > proc/7/comm
    echo xenconsoled > proc/8/comm
    echo sh > proc/9/comm
    expect 7 "$(processes xenstored oxenstored)"
}

test_runs_what_is_not_among_the_tools_of_the_image_from_its_usual_place() {
    mkdir -p image/usr/lib/xen-4.17/bin
    cp fake/xl image/usr/lib/xen-4.17/bin/
    find_tools
    find_program xl
    expect "$QRM_IMAGE/usr/lib/xen-4.17/bin/xl" "$runs"
    find_program xenstore-read
    expect /usr/bin/xenstore-read "$runs"
}

# what is routed where, before and after
gateway_that_is_set() {
    fake ip '[ "$*" != route ] || cat routes'
    : > routes
    rm -f ip.calls
    set_gateway 2> said
    sed -n 's/^route add default via //p' ip.calls
}

test_takes_the_gateway_that_the_server_tells_it_alone() {
    echo 'xen.gateway=10.9.9.9 qrm.mac=52:54:00:aa:00:01' > proc/cmdline
    printf '%s\n' db.pw=xen.gateway=10.8.8.8 xen.gateway=10.77.0.1 > qrm/arguments
    expect 10.77.0.1 "$(gateway_that_is_set)"
    rm qrm/arguments # as on a machine that an older server starts
    expect 10.9.9.9 "$(gateway_that_is_set)"
    echo qrm.mac=52:54:00:aa:00:01 > proc/cmdline
    expect '' "$(gateway_that_is_set)"
    echo 'xen.gateway=$(reboot)' > qrm/arguments
    expect '' "$(gateway_that_is_set)"
}

test_keeps_the_gateway_of_dhcp() {
    echo xen.gateway=10.77.0.1 > qrm/arguments
    fake ip 'echo "default via 10.77.0.254 dev eth0"'
    set_gateway
    expect '' "$(grep add ip.calls || :)"
}
