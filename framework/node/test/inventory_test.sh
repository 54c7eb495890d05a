# shellcheck shell=dash

# a_disk NAME SECTORS [FILE=LINE...]: in the kernel's place for it
a_disk() {
    disk=sys/block/$1
    mkdir -p "$disk/device" "$disk/queue"
    echo "$2" > "$disk/size"
    echo 0 > "$disk/queue/rotational"
    shift 2
    for said; do
        mkdir -p "$(dirname "$disk/${said%%=*}")"
        echo "${said#*=}" > "$disk/${said%%=*}"
    done
}

# a_function ADDRESS CLASS VENDOR DEVICE [DRIVER]
a_function() {
    function=sys/bus/pci/devices/$1
    mkdir -p "$function"
    echo "$2" > "$function/class"
    echo "$3" > "$function/vendor"
    echo "$4" > "$function/device"
    if [ -n "${5:-}" ]; then
        mkdir -p "drivers/$5"
        ln -s "$PWD/drivers/$5" "$function/driver"
    fi
}

# octets NUMBER...: as they are
octets() {
    for number; do
        # shellcheck disable=SC2059  # the format is the octet
        printf "\\$(printf %o "$number")"
    done
}

# a_module SIZE_LOW SIZE_HIGH EXTENDED_MIB: a structure of type 17 with 40 octets, and its strings
a_module() {
    octets 17 40 7 0 0 0 254 255 72 0 64 0 "$1" "$2" 9 0 1 2 26 128 32 128 12 3 4 0 5 0 \
        $(($3 % 256)) $(($3 / 256 % 256)) $(($3 / 65536 % 256)) $(($3 / 16777216)) 116 11 0 0 0 0 0 0
    printf 'DIMM A1\000Bank 0\000Maker, Inc.\000S3R1AL\000M393A4K40DB3-CWE  \000\000'
}

test_lists_disks_as_their_kinds_say_what_they_are() {
    a_disk nvme0n1 7501476528 'device/model=SAMSUNG MZQL23T8HCLS-00A07             ' 'device/serial=S64HNE0R500001      ' wwid=eui.36
    a_disk sda 781422768 'device/vendor=ATA     ' 'device/model=INTEL SSDSC2KB40' queue/rotational=0 device/wwid=naa.1
    printf '\000\200\000\024BTYF00000000000000A1' > sys/block/sda/device/vpd_pg80
    a_disk sdb 7814037168 'device/vendor=SEAGATE ' 'device/model=ST4000NM0295    ' queue/rotational=1 device/wwid=naa.2
    a_disk vda 20971520 serial=root-1
    a_disk mmcblk0 61071360 device/name=DF4032 device/serial=0x1234abcd
    disks > found
    expect 'device=disk,mmcblk0,29820,0x1234abcd,DF4032,ssd mmc
device=disk,nvme0n1,3662830,S64HNE0R500001,SAMSUNG MZQL23T8HCLS-00A07,ssd nvme
device=disk,sda,381554,BTYF00000000000000A1,INTEL SSDSC2KB40,ssd
device=disk,sdb,3815447,,SEAGATE ST4000NM0295,hdd
device=disk,vda,10240,root-1,,ssd virtual' "$(cat found)"
}

test_leaves_out_what_is_no_disk_of_the_machine() {
    mkdir -p sys/block/loop0 sys/block/dm-0 sys/block/md0 sys/block/zram0
    for virtual in loop0 dm-0 md0 zram0; do echo 2048 > "sys/block/$virtual/size"; done
    a_disk sr0 2097151 removable=1
    a_disk fd0 8
    a_disk sdu 15728640 removable=1
    a_disk nvme0c0n1 7501476528 hidden=1
    a_disk mmcblk0boot0 8192
    a_disk mmcblk0rpmb 8192
    a_disk empty 0
    a_disk odd -5
    a_disk huge 99999999999999999999
    disks > found
    expect '' "$(cat found)"
}

test_counts_a_lun_of_several_paths_once() {
    for path in sda sdb sdc sdd; do a_disk "$path" 2097152 device/wwid=naa.600a098038303053; done
    a_disk sde 2097152 device/wwid=naa.600a098038303054
    expect 'sda sde' "$(disks | cut -d , -f 2 | tr '\n' ' ' | sed 's/ $//')"
}

test_counts_disks_apart_whose_maker_gave_all_the_same_identity() {
    a_disk sda 2097152 device/wwid=naa.5000000000000000
    printf '\000\200\000\004A001' > sys/block/sda/device/vpd_pg80
    a_disk sdb 2097152 device/wwid=naa.5000000000000000
    printf '\000\200\000\004A002' > sys/block/sdb/device/vpd_pg80
    a_disk sdc 4194304 device/wwid=naa.5000000000000000
    expect 'sda sdb sdc' "$(disks | cut -d , -f 2 | tr '\n' ' ' | sed 's/ $//')"
}

test_lists_disks_of_odd_kinds_and_leaves_out_those_that_are_none() {
    a_disk cciss!c0d0 2097152
    a_disk pmem0 2097152
    a_disk dasda 2097152 device/vendor=IBM
    a_disk xvda 2097152
    a_disk nvme10n2 2097152 wwid=eui.1
    a_disk nvme0c1n1 2097152 hidden=1
    for none in nbd0 dm-3 md127 zram1 ram0 sr1 mtdblock0 mmcblk2boot1; do a_disk "$none" 2097152; done
    mkdir -p sys/block/zd0 sys/block/drbd0 sys/block/bcache0 sys/block/rbd0
    expect 'cciss!c0d0 dasda nvme10n2 pmem0 xvda' "$(disks | cut -d , -f 2 | sort | tr '\n' ' ' | sed 's/ $//')"
}

# sticks that say that they are fixed, disks in USB housings, virtual media of BMCs; inner SD cards and disks behind USB-like names stay
test_leaves_out_disks_that_are_plugged_in_by_usb() {
    number=0
    for path in pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0/host6/target6:0:0/6:0:0:0 pci0000:00/0000:00:1a.0/usb1/1-1/1-1.2/1-1.2:1.0/host7 \
        platform/soc/fe980000.usb/usb10/10-1; do
        mkdir -p "sys/devices/$path/block/sd$number/device" sys/block
        echo 976773168 > "sys/devices/$path/block/sd$number/size"
        ln -s "../devices/$path/block/sd$number" "sys/block/sd$number"
        number=$((number + 1))
    done
    for path in pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda pci0000:00/0000:00:1d.0/0000:04:00.0/nvme/nvme0/nvme0n1 \
        pci0000:00/0000:00:1a.0/mmc_host/mmc0/mmc0:0001/block/mmcblk0; do
        mkdir -p "sys/devices/$path/device"
        echo 976773168 > "sys/devices/$path/size"
        ln -s "../devices/$path" "sys/block/${path##*/}"
    done
    expect 'mmcblk0 nvme0n1 sda' "$(disks | cut -d , -f 2 | tr '\n' ' ' | sed 's/ $//')"
}

test_tells_how_many_more_there_are_than_it_takes() {
    number=0
    while [ "$number" -lt 90 ]; do
        a_disk "sd$number" 2097152 "device/wwid=naa.$number"
        a_function "0000:01:00.$number" 0x020000 0x8086 0x1563
        number=$((number + 1))
    done
    { number=0; while [ "$number" -lt 20 ]; do printf 'model name\t: A\nphysical id\t: %s\n\n' "$number"; number=$((number + 1)); done; } > proc/cpuinfo
    inventory > found
    expect_text '^left-out=26 more disks: 64 are taken$' found
    expect_text '^left-out=42 more PCI devices: 48 are taken$' found
    expect_text '^left-out=4 more processors: 16 are taken$' found
    expect 128 "$(grep -c '^device=' found)"
    [ "$(wc -c < found)" -le 16384 ]
}

test_takes_no_flash_chip_for_a_memory_module() {
    mkdir -p sys/firmware/dmi/tables
    for type in 8 9 10 11 12 26; do
        octets 17 27 7 0 0 0 254 255 8 0 8 0 16 0 5 0 1 0 "$type" 0 0 0 0 0 0 0 0
        printf 'SYSTEM ROM\000\000'
    done > sys/firmware/dmi/tables/DMI
    expect 'device=memory,SYSTEM ROM,16,,,DDR4' "$(memory_modules)"
}

test_reads_the_last_processor_without_a_line_behind_it() {
    printf 'processor\t: 0\nmodel name\t: A\nphysical id\t: 36\n\nprocessor\t: 1\nmodel name\t: B\nphysical id\t: 0\ncpu cores\t: 4' > proc/cpuinfo
    expect 'device=cpu,socket 36,0,,A,
device=cpu,socket 0,0,,B,4 cores' "$(processors)"
}

test_tells_graphics_processors_from_the_screens_of_bmcs_and_hypervisors() {
    a_function 0000:01:00.0 0x030200 0x10de 0x20b5 nvidia
    a_function 0000:02:00.0 0x038000 0x1002 0x740f amdgpu
    a_function 0000:00:02.0 0x030000 0x8086 0x56c0 i915
    number=1
    for vendor in 1a03 102b 18ca 126f 1234 1b36 1013 15ad 1414 80ee 1af4; do
        a_function "0000:03:00.$number" 0x030000 "0x$vendor" 0x2000
        number=$((number + 1))
    done
    pci_functions > found
    expect 3 "$(grep -c '^device=gpu,' found)"
    expect 11 "$(grep -c '^device=pci,' found)"
    expect_text '^device=gpu,0000:01:00.0,0,,10de:20b5,class 030200 driver nvidia$' found
}

test_lists_functions_that_matter_and_no_virtual_ones() {
    a_function 0000:00:00.0 0x060000 0x8086 0x09a2
    a_function 0000:00:1f.0 0x060100 0x8086 0xa1c1
    a_function 0000:00:14.0 0x0c0330 0x8086 0xa1af xhci_hcd
    a_function 0000:17:00.0 0x010400 0x1000 0x0016 megaraid_sas
    a_function 0000:18:00.0 0x020000 0x8086 0x1563 ixgbe
    a_function 0000:19:00.0 0x120000 0x1da3 0x1020 habanalabs
    a_function 0000:1a:00.0 0x0b4000 0x8086 0x37c8 c6xx
    a_function 0000:18:10.0 0x020000 0x8086 0x1565
    mkdir sys/bus/pci/devices/0000:18:10.0/physfn
    expect 'device=accelerator,0000:19:00.0,0,,1da3:1020,class 120000 driver habanalabs
device=accelerator,0000:1a:00.0,0,,8086:37c8,class 0b4000 driver c6xx
device=pci,0000:17:00.0,0,,1000:0016,class 010400 driver megaraid_sas
device=pci,0000:18:00.0,0,,8086:1563,class 020000 driver ixgbe' "$(pci_functions)"
}

test_reads_memory_modules_out_of_the_smbios_table() {
    mkdir -p sys/firmware/dmi/tables
    {
        octets 0 24 0 0 1 2 0 0 3 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
        printf 'Maker\0001.2\00001/02/2026\000\000'
        octets 16 5 1 0 0 0 0 # without strings
        a_module 0 128 0      # 32768: KiB, so 0
        a_module 0 64 0       # 16384 MiB
        a_module 255 127 65536
        a_module 255 255 0 # unknown
        a_module 0 0 0     # an empty slot
        octets 127 4 0 0 0 0
        a_module 0 64 0 # behind the end
    } > sys/firmware/dmi/tables/DMI
    memory_modules > found
    expect 'device=memory,DIMM A1,0,S3R1AL,Maker Inc. M393A4K40DB3-CWE,DDR4 2932 MT/s
device=memory,DIMM A1,16384,S3R1AL,Maker Inc. M393A4K40DB3-CWE,DDR4 2932 MT/s
device=memory,DIMM A1,65536,S3R1AL,Maker Inc. M393A4K40DB3-CWE,DDR4 2932 MT/s
device=memory,DIMM A1,0,S3R1AL,Maker Inc. M393A4K40DB3-CWE,DDR4 2932 MT/s' "$(cat found)"
}

test_takes_empty_fields_for_empty() {
    mkdir -p sys/firmware/dmi/tables
    {
        octets 17 40 7 0 0 0 254 255 72 0 64 0 0 2 9 0 1 0 7 128 32 0 0 2 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
        printf 'DIMM 0\000QEMU\000\000'
    } > sys/firmware/dmi/tables/DMI
    expect 'device=memory,DIMM 0,512,,QEMU,' "$(memory_modules)"
    printf 'processor\t: 0\nmodel name\t: Cortex-A72\n\n' > proc/cpuinfo
    expect 'device=cpu,socket 0,0,,Cortex-A72,' "$(processors)"
}

test_bears_smbios_tables_that_are_none() {
    mkdir -p sys/firmware/dmi/tables
    {
        a_module 0 64 0
        octets 17 3 1 0 0 0
    } > sys/firmware/dmi/tables/DMI
    expect 1 "$(memory_modules | wc -l)"
    octets 17 > sys/firmware/dmi/tables/DMI
    expect '' "$(memory_modules)"
    octets 17 255 0 0 1 2 3 > sys/firmware/dmi/tables/DMI
    expect '' "$(memory_modules)"
    : > sys/firmware/dmi/tables/DMI
    expect '' "$(memory_modules)"
    rm sys/firmware/dmi/tables/DMI
    expect '' "$(memory_modules)"
}

test_lists_sockets_board_firmware_and_tpm() {
    {
        for id in 0 0 1 1; do printf 'processor\t: 1\nmodel name\t: Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz\nphysical id\t: %s\ncpu cores\t: 32\n\n' "$id"; done
    } > proc/cpuinfo
    mkdir -p sys/class/dmi/id sys/firmware/efi sys/firmware/acpi/tables/TPM2
    echo 0ABC12 > sys/class/dmi/id/board_name
    echo 'Dell Inc.' > sys/class/dmi/id/board_vendor
    echo 'Dell Inc.' > sys/class/dmi/id/bios_vendor
    echo 1.9.2 > sys/class/dmi/id/bios_version
    echo 11/17/2025 > sys/class/dmi/id/bios_date
    inventory > found
    expect 'device=cpu,socket 0,0,,Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz,32 cores
device=cpu,socket 1,0,,Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz,32 cores
device=board,0ABC12,0,,Dell Inc.,
device=firmware,uefi,0,,Dell Inc.,1.9.2 11/17/2025
device=tpm,tpm0,0,,,2.0' "$(cat found)"
}

test_is_empty_on_a_machine_that_says_nothing() {
    : > proc/cpuinfo
    expect '' "$(inventory)"
    rm proc/cpuinfo
    expect '' "$(inventory)"
}

test_keeps_its_lines_whatever_makers_wrote() {
    for text in 'a,b' '  a  b  ' "$(printf 'a\001\033[2Jb')" 'naïve' "$(printf '%0200d' 1)" '$(touch hacked)' '`id`' 'a=b' "it's" '%s%n' '-n' '\001'; do
        device disk "$text" 1 "$text" "$text" "$text" > line
        expect 1 "$(wc -l < line | tr -d ' ')"
        expect 5 "$(tr -cd , < line | wc -c | tr -d ' ')"
        [ "$(wc -c < line)" -le 300 ] || exit 1
        ! LC_ALL=C grep -q '[^ -~]' line
    done
    [ ! -e hacked ]
}

test_fits_into_a_request_and_tells_what_does_not() {
    number=0
    while [ "$number" -lt 64 ]; do
        a_disk "a_name_of_a_disk_$number" 2097152 "device/model=$(printf '%064d' "$number")" "serial=$(printf '%064d' "$number")" "device/wwid=naa.$number"
        number=$((number + 1))
    done
    number=0
    while [ "$number" -lt 48 ]; do
        a_function "0000:01:00.$number" 0x020000 0x8086 0x1563 a_driver_with_a_name_as_long_as_drivers_have_them
        number=$((number + 1))
    done
    inventory > found
    [ "$(wc -c < found)" -le 16384 ] && [ "$(wc -l < found)" -le 129 ]
    expect_text '^left-out=[0-9]* more devices$' found
    expect "$((64 + 48))" "$(($(grep -c '^device=' found) + $(sed -n 's/^left-out=\([0-9]*\) .*/\1/p' found)))"
}

test_loads_drivers_until_devices_are_there_and_tells_once() {
    server=https://10.0.0.1:8443 trouble=''
    mkdir -p sys/bus/pci/devices/0000:00:1f.2 later
    echo pci:v00008086d00002922 > sys/bus/pci/devices/0000:00:1f.2/modalias
    : > later/qrm-later.conf
    QRM_LATER=later/qrm-later.conf
    fake modprobe "mkdir -p '$PWD/sys/block/sda/device'; echo 2048 > '$PWD/sys/block/sda/size'"
    fake sleep
    fake_wget 200 do=continue
    tell_inventory
    [ ! -e later/qrm-later.conf ]
    expect_text 'pci:v00008086d00002922' modprobe.calls
    expect 'device=disk,sda,1,,,ssd' "$(cat request.body)"
    expect 4 "$(grep -c 1 sleep.calls)"
}

test_tells_again_while_the_server_is_away_and_not_when_it_refuses() {
    server=https://10.0.0.1:8443 trouble=''
    QRM_LATER=none
    fake modprobe
    fake sleep "[ \"\$1\" != 20 ] || exit 1" "[ \"\$1\" != 40 ] || kill \$PPID"
    fake_wget 000
    (tell_inventory) > said 2>&1 || :
    expect_text '^10$' sleep.calls
    fake sleep
    fake_wget 401 'error=no such token'
    tell_inventory 2> said
    expect_text 'no such token' said
}

# as_named IDS NAME: of a graphics processor, by the list that machines are given
as_named() {
    rm -rf sys/bus/pci
    a_function 0000:01:00.0 0x030200 "0x${1%:*}" "0x${1#*:}" some
    expect "0000:01:00.0,0,,$2,class 030200 driver some" "$(PCI_IDS=${list:-$tests/../target/pci.ids} && pci_functions | cut -d , -f 2-)"
}

test_names_devices_as_people_call_them() {
    as_named 10de:20b5 'NVIDIA GA100 [A100 PCIe 80GB] 10de:20b5'
    as_named 10de:1eb8 'NVIDIA TU104GL [Tesla T4] 10de:1eb8'
    as_named 1002:740c 'AMD/ATI Aldebaran/MI200 [Instinct MI250X/MI250] 1002:740c'
    as_named 8086:1563 'Intel Ethernet Controller X550 8086:1563'
    as_named 8086:158b 'Intel Ethernet Controller XXV710 for 25GbE SFP28 8086:158b'
    as_named 15b3:1017 'Mellanox Technologies MT27800 Family [ConnectX-5] 15b3:1017'
    as_named 14e4:1657 'Broadcom NetXtreme BCM5719 Gigabit Ethernet PCIe 14e4:1657'
    as_named 1000:005d 'Broadcom / LSI MegaRAID SAS-3 3108 [Invader] 1000:005d'
    as_named 144d:a808 'Samsung Electronics NVMe SSD Controller 144d:a808'
    as_named 8086:2922 'Intel 82801IR/IO/IH (ICH9R/DO/DH) 6 port [AHCI mode] 8086:2922'
    as_named 1af4:1041 'Red Hat Virtio 1.0 network device 1af4:1041'
    as_named 1da3:1020 'Habana Labs Gaudi2 AI Training Accelerator 1da3:1020'
    as_named 10de:ffff 'NVIDIA 10de:ffff'
    as_named ffff:0001 'Illegal Vendor ID ffff:0001'
    as_named abce:ef01 'abce:ef01'
}

test_names_devices_by_lists_of_any_kind() {
    list=$PWD/pci.ids
    as_named 10de:20b5 10de:20b5
    : > pci.ids
    as_named 10de:20b5 10de:20b5
    printf '10de\n\t20b5\n' > pci.ids
    as_named 10de:20b5 10de:20b5
    printf '\t20b5no maker\n10deMaker\n\t20b5%s\n' "GA100 is a device with a very long name indeed [A100 $(printf '%060d' 0)]" > pci.ids
    as_named 10de:20b5 'Maker A100 10de:20b5'
    printf '10deMaker\n\t20b5%s\n' '%s & \1 $(touch hacked)' > pci.ids
    as_named 10de:20b5 'Maker %s & \1 $(touch hacked) 10de:20b5'
    [ ! -e hacked ]
}

test_names_no_device_by_what_stands_in_its_details() {
    list=$PWD/pci.ids
    printf '10deMaker\n\t20b5Device\n' > pci.ids
    as_named 'x,0,,10de:20b5' 'x 0 10de:20b5'
}
