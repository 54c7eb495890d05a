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

# a processor that has little to do says a low clock where no driver scales it; its maker writes the nominal one into its name
test_takes_the_clock_in_the_name_of_a_processor() {
    for line in '2400=Intel(R) Xeon(R) CPU E5-2620 v3 @ 2.40GHz' '3000=Intel(R) Xeon(TM) CPU 3.00GHz' '2000=Intel(R) Xeon(R) Gold 6338 CPU @ 2.00 GHz' \
        '1200=AMD EPYC 7543 32-Core Processor' '1200=Common KVM processor' '1200=@ GHz' '1200=x @ 999.9GHz' '1200=QEMU Virtual CPU version 2.5+' \
        '1600=Intel(R) Atom(TM) CPU N270   @ 1.60GHz' '1200=12th Gen Intel(R) Core(TM) i9-12900K' '1400=AMD Ryzen Embedded V1202B @1.4GHz'; do
        printf 'processor\t: 0\nmodel name\t: %s\ncpu MHz\t\t: 1199.998\n' "${line#*=}" > proc/cpuinfo
        expect "${line%%=*}" "$(cpu_mhz)"
    done
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

test_leaves_out_and_tells_of_cards_without_an_address_of_their_own() {
    a_card eth0 52:54:00:aa:00:01 e1000 1000
    a_card zeros 00:00:00:00:00:00 ixgbe
    a_card broadcast ff:ff:ff:ff:ff:ff ixgbe
    a_card group 01:23:45:67:89:ab ixgbe
    a_card odd0 0b:23:45:67:89:ab ixgbe
    a_card short 52:54:00:aa:00 ixgbe
    a_card colons :::::::::::::::: ixgbe
    a_card empty '' ixgbe
    card_facts 52:54:00:aa:00:01 > cards
    expect 'nic=52:54:00:aa:00:01,eth0,e1000,1000' "$(grep '^nic=' cards)"
    expect 7 "$(grep -c '^left-out=network card [a-z0-9]*: its address' cards)"
    expect_text "^left-out=network card zeros: its address '00:00:00:00:00:00' is not that of one card" cards
}

test_leaves_out_quietly_what_is_no_ethernet_and_what_leads_to_the_bmc_only() {
    a_card eth0 52:54:00:aa:00:01 e1000 1000
    a_card ib0 80:00:02:08:fe:80:00:00:00:00:00:00:f4:52:14:03:00:8d:8a:21 mlx5_core
    echo 32 > sys/class/net/ib0/type
    a_card can0 '' flexcan
    echo 280 > sys/class/net/can0/type
    a_card usb0 42:f2:e9:00:00:01 cdc_ether
    a_card usb1 42:f2:e9:00:00:02 rndis_host
    expect 'nic=52:54:00:aa:00:01,eth0,e1000,1000' "$(card_facts 52:54:00:aa:00:01)"
}

test_leaves_out_radio_cards_and_virtual_functions() {
    a_card eth0 52:54:00:aa:00:01 ixgbe 10000
    a_card eth1 52:54:00:aa:00:02 ixgbevf
    mkdir sys/class/net/eth1/device/physfn
    a_card wlan0 52:54:00:aa:00:03 iwlwifi
    mkdir sys/class/net/wlan0/phy80211
    a_card wlan1 52:54:00:aa:00:04 ath9k
    mkdir sys/class/net/wlan1/wireless
    a_card wwan0 52:54:00:aa:00:05 qmi_wwan
    printf 'DEVTYPE=wwan\nINTERFACE=wwan0\nIFINDEX=7\n' > sys/class/net/wwan0/uevent
    expect 'nic=52:54:00:aa:00:01,eth0,ixgbe,10000' "$(card_facts 52:54:00:aa:00:01)"
    # a guest's function has none above it, and a machine may have booted from any
    expect 'nic=52:54:00:aa:00:02,eth1,ixgbevf,0' "$(card_facts 52:54:00:aa:00:02 | head -n 1)"
}

test_reads_cpuinfo_of_other_architectures() {
    printf 'vendor_id       : IBM/S390\n# processors    : 2\nprocessor 0: version = FF,  identification = 1\nprocessor 1: version = FF\n' > proc/cpuinfo
    expect '2 0' "$(cpus) $(cpu_mhz)"
    printf 'processor\t: 0\ncpu\t\t: POWER9\nclock\t\t: 3425.000000MHz\n\nprocessor\t: 1\nclock\t\t: 3425.000000MHz\n' > proc/cpuinfo
    expect '2 0' "$(cpus) $(cpu_mhz)"
    printf 'processor\t: 0\nhart\t\t: 2\nisa\t\t: rv64imafdc\n\nprocessor\t: 1\n' > proc/cpuinfo
    expect '2 0' "$(cpus) $(cpu_mhz)"
    printf 'Processor\t: ARMv7\nprocessor\t: 0\nBogoMIPS\t: 38.40\nHardware\t: x\n' > proc/cpuinfo
    expect '1 0' "$(cpus) $(cpu_mhz)"
    printf 'processor\t: 0\ncpu MHz\t\t: \nprocessor\t: 1\ncpu MHz\t\t: unknown\nprocessor\t: 2\ncpu MHz\t\t: 1e9\n' > proc/cpuinfo
    expect '3 0' "$(cpus) $(cpu_mhz)"
}

test_keeps_a_usb_card_that_the_machine_booted_from() {
    a_card usb0 42:f2:e9:00:00:01 cdc_ether
    expect 'nic=42:f2:e9:00:00:01,usb0,cdc_ether,0' "$(card_facts 42:f2:e9:00:00:01)"
}

test_says_zero_for_a_speed_that_is_none() {
    a_card eth0 52:54:00:aa:00:01 e1000
    for speed in 4294967295 -1 65535 unknown Unknown! '' 18446744073709551615 1e3 99999999; do
        echo "$speed" > sys/class/net/eth0/speed
        expect 0 "$(speed_of sys/class/net/eth0)"
    done
    for speed in 10 1000 2500 400000; do
        echo "$speed" > sys/class/net/eth0/speed
        expect "$speed" "$(speed_of sys/class/net/eth0)"
    done
}

test_leaves_out_names_that_would_not_fit_their_line() {
    number=2
    a_card eth0 52:54:00:aa:00:01 e1000
    for name in 'a,b' 'a=b' 'naïve' "it's" 'a"b' 'a$b' 'a;b' 'a*b' 'a\b' '[ab]'; do
        a_card "$name" "52:54:00:aa:00:0$(printf %x $number)" 'od,d'
        number=$((number + 1))
    done
    card_facts 52:54:00:aa:00:01 > cards
    expect 11 "$(grep -c '^nic=52:54:00:aa:00:0[1-9a-f],[a-z0-9]*,[a-z0-9]*,0$' cards)"
    expect 10 "$(grep -c '^nic=52:54:00:aa:00:0[1-9a-f],,,0$' cards)"
}

test_tells_of_a_hundred_cards_the_boot_card_and_31_others() {
    number=0
    while [ "$number" -lt 100 ]; do
        a_card "eth$number" "52:54:00:00:00:$(printf %02x "$number")" e1000
        number=$((number + 1))
    done
    card_facts 52:54:00:00:00:63 > cards
    expect 32 "$(grep -c '^nic=' cards)"
    expect 'nic=52:54:00:00:00:63,eth99,e1000,0' "$(head -n 1 cards)"
    expect_text '^left-out=68 more network cards' cards
}

test_counts_4096_processors() {
    a_machine
    awk 'BEGIN { for (i = 0; i < 4096; i++) print "processor\t: " i "\ncpu MHz\t\t: 2000.000\n" }' > proc/cpuinfo
    expect 4096 "$(cpus)"
    expect 2000 "$(cpu_mhz)"
}

test_reads_an_arm_machine_without_a_clock() {
    printf 'processor\t: 0\nBogoMIPS\t: 50.00\nFeatures\t: fp asimd\nprocessor\t: 1\n' > proc/cpuinfo
    expect 2 "$(cpus)"
    expect 0 "$(cpu_mhz)"
}

test_counts_processors_that_cpuinfo_does_not_list() {
    echo 'cpu : unlike any other' > proc/cpuinfo
    mkdir -p sys/devices/system/cpu/cpu0 sys/devices/system/cpu/cpu1 sys/devices/system/cpu/cpu12 sys/devices/system/cpu/cpufreq
    expect 3 "$(cpus)"
    rm proc/cpuinfo
    rm -r sys/devices
    expect 1 "$(cpus)"
}

test_takes_the_highest_clock_of_mixed_cores_and_none_that_cannot_be() {
    a_machine
    for core in 0=1800000 1=5600000 2= 3=-1 4=never 5=99999999999; do
        mkdir -p "sys/devices/system/cpu/cpu${core%%=*}/cpufreq"
        echo "${core#*=}" > "sys/devices/system/cpu/cpu${core%%=*}/cpufreq/cpuinfo_max_freq"
    done
    expect 5600 "$(cpu_mhz)"
}

test_rounds_64_tebibytes() {
    a_machine
    echo 'MemTotal:       68719476736 kB' > proc/meminfo
    machine_facts > facts
    expect_text '^memory-mb=67108864$' facts
}

test_makes_a_line_of_whatever_dmi_holds() {
    a_machine
    mkdir -p sys/class/dmi/id
    printf '   \n' > sys/class/dmi/id/sys_vendor
    printf '\377\376bad \303\050\n' > sys/class/dmi/id/product_name
    printf '\001\002\n' > sys/class/dmi/id/product_serial
    printf 'a=b\r\nnode-token=x\n' > sys/class/dmi/id/product_uuid
    machine_facts > facts
    expect_text '^vendor=$' facts
    expect_text '^product=bad ($' facts
    expect_text '^serial=$' facts
    expect_text '^uuid=a=b$' facts
    expect 9 "$(wc -l < facts)"
    rm -r sys/class/dmi
    machine_facts > facts
    expect_text '^vendor=$' facts
    expect 9 "$(wc -l < facts)"
}
