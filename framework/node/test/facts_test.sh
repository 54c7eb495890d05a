# shellcheck shell=dash

a_card() {
    mkdir -p "sys/class/net/$1/device" "drivers/$3"
    echo "$2" > "sys/class/net/$1/address"
    ln -s "$PWD/drivers/$3" "sys/class/net/$1/device/driver"
    [ -z "${4:-}" ] || echo "$4" > "sys/class/net/$1/speed"
}

a_machine() {
    printf 'processor\t: 0\ncpu MHz\t\t: 2199.600\nprocessor\t: 1\ncpu MHz\t\t: 800.001\n' > proc/cpuinfo
    printf 'MemTotal:        1048064 kB\nMemAvailable:     900000 kB\n' > proc/meminfo
}

test_counts_processors_and_memory() {
    a_machine
    machine_facts > facts
    expect_text '^cpus=2$' facts
    expect_text '^cpu-mhz=2200$' facts
    expect_text '^memory-mb=1024$' facts
}

test_takes_the_highest_clock_from_cpufreq() {
    a_machine
    mkdir -p sys/devices/system/cpu/cpu0/cpufreq
    echo 3600000 > sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq
    expect 3600 "$(cpu_mhz)"
}

test_lists_the_boot_card_first() {
    a_card eth0 52:54:00:bb:00:01 virtio_net
    a_card eth1 52:54:00:aa:00:01 e1000 1000
    expect 'nic=52:54:00:aa:00:01,eth1,e1000,1000
nic=52:54:00:bb:00:01,eth0,virtio_net,0' "$(network_cards 52:54:00:aa:00:01)"
}

test_lists_an_address_once() {
    a_card eth0 52:54:00:aa:00:01 e1000
    a_card eth1 52:54:00:aa:00:01 e1000
    expect 1 "$(network_cards 52:54:00:aa:00:01 | grep -c .)"
}

test_leaves_out_cards_without_hardware() {
    a_card eth0 52:54:00:aa:00:01 e1000 -1
    mkdir -p sys/class/net/lo
    echo 00:00:00:00:00:00 > sys/class/net/lo/address
    expect 'nic=52:54:00:aa:00:01,eth0,e1000,0' "$(network_cards 52:54:00:aa:00:01)"
}

test_cuts_vendor_texts_to_ascii_of_128_bytes() {
    a_machine
    mkdir -p sys/class/dmi/id
    printf 'Evil\001\033[2J\n%0200d\n' 1 > sys/class/dmi/id/sys_vendor
    printf '%0200d\n' 1 > sys/class/dmi/id/product_name
    machine_facts > facts
    expect_text '^vendor=Evil\[2J$' facts
    expect 128 "$(sed -n 's/^product=//p' facts | tr -d '\n' | wc -c)"
}
