# shellcheck shell=dash
# What this machine finds in itself beside what it registered with: POST /node/v1/inventory, once, while it is idle. Drivers of disks
# are loaded for that only then, so that no slow controller keeps a machine from the pool.

PCI_IDS=${QRM_PCI_IDS:-/etc/qrm/pci.ids}
INVENTORY_LIMIT=${QRM_INVENTORY_LIMIT:-60} # seconds that devices may take to come up

# in the background; what is not taken is told again, until the machine does something else. What switches tell takes a minute, and is
# told later than all the rest.
begin_inventory() {
    [ -z "${inventory_job:-}" ] || return 0
    tell_inventory < /dev/null > /dev/null 2>&1 &
    inventory_job=$!
}

end_inventory() {
    [ -z "${inventory_job:-}" ] || kill "$inventory_job" 2> /dev/null || :
    end_listening
}

tell_inventory() {
    set +e
    begin_listening
    load_disk_drivers
    inventory > "$QRM/tmp/inventory"
    if [ -n "$listeners" ]; then
        echo 'later=neighbour' >> "$QRM/tmp/inventory"
        if ! send_inventory; then
            end_listening
            return
        fi
        # shellcheck disable=SC2086  # a list of numbers
        wait $listeners
        end_listening
        inventory > "$QRM/tmp/inventory"
    fi
    end_listening
    send_inventory
}

send_inventory() {
    pause=5
    while :; do
        fetch inventory 30 64 "$server/node/v1/inventory" inventory
        case $status in
            200) return 0 ;;
            400 | 401 | 404 | 413)
                say "the server does not take this machine's inventory: ${trouble:-HTTP status $status}"
                return 1
                ;;
        esac
        sleep "$pause"
        pause=$((pause < 60 ? pause * 2 : 60))
    done
}

# modules that etc/modprobe.d keeps from being loaded at the start; disks are there when three looks in a row see the same
load_disk_drivers() {
    rm -f "${QRM_LATER:-/etc/modprobe.d/qrm-later.conf}"
    known='' same=0 waited=0
    while [ "$same" -lt 3 ] && [ "$waited" -lt "$INVENTORY_LIMIT" ]; do
        disk_aliases | xargs modprobe -a -b -q 2> /dev/null
        seen=$(printf '%s ' "$SYS"/block/*)
        if [ "$seen" = "$known" ]; then same=$((same + 1)); else same=0; fi
        known=$seen
        waited=$((waited + 1))
        sleep 1
    done
}

disk_aliases() {
    device_aliases
    for file in "$SYS"/bus/scsi/devices/*/modalias; do
        [ ! -r "$file" ] || printf '%s\n' "$(first_line "$file")"
    done | sort -u
}

# as many whole lines as fit into a request
inventory() {
    {
        processors
        boards
        disks
        memory_modules
        pci_functions
        neighbours
    } | awk '{ size += length($0) + 1 } /^left-out=/ { print; next } size <= 15000 && ++devices <= 128 { print; next } { more++ }
             END { if (more) print "left-out=" more " more devices" }'
}

# at_most NUMBER WHAT: so many lines, and how many more there are
at_most() {
    awk -v most="$1" -v what="$2" 'NR <= most { print } END { if (NR > most) print "left-out=" NR - most " more " what ": " most " are taken" }'
}

# device KIND NAME MIB SERIAL MODEL DETAILS: as one line; a comma would end a field
device() {
    printf 'device=%s,%s,%s,%s,%s,%s\n' "$1" "$(field "$2" 40)" "$3" "$(field "$4" 64)" "$(field "$5" 64)" "$(field "$6" 64)"
}

field() {
    case $1 in
        *,* | *'  '*) printf '%s\n' "$1" | tr ',' ' ' | tr -s ' ' | printable "$2" ;;
        *) plain "$1" "$2" ;;
    esac
}

# one for each socket
processors() {
    awk -F ': *' '/^model name/ { name = $2 } /^physical id/ { id = $2 } /^cpu cores/ { cores = $2 }
                  /^$/ { flush() } END { flush() }
                  function flush() { if (name != "" && !(id in seen)) { seen[id]; print id + 0 "\001" name "\001" (cores ? cores " cores" : "") }; name = cores = ""; id = 0 }' \
        "$PROC/cpuinfo" 2> /dev/null | while IFS=$SEPARATOR read -r id name cores; do
        device cpu "socket $id" 0 '' "$name" "$cores"
    done | at_most 16 processors
}

boards() {
    board=$(dmi board_name)
    [ -z "$board" ] || device board "$board" 0 "$(dmi board_serial)" "$(dmi board_vendor)" "$(dmi board_version)"
    firmware=$(dmi bios_version)
    loader=bios
    [ ! -e "$SYS/firmware/efi" ] || loader=uefi
    [ -z "$firmware" ] || device firmware "$loader" 0 '' "$(dmi bios_vendor)" "$firmware $(dmi bios_date)"
    if [ -e "$SYS/firmware/acpi/tables/TPM2" ]; then
        device tpm tpm0 0 '' '' 2.0
    elif [ -e "$SYS/firmware/acpi/tables/TCPA" ]; then
        device tpm tpm0 0 '' '' 1.2
    fi
}

# what has a device behind it, and is neither taken out (a stick, a medium) nor a part of another one. A LUN that is reached by several
# paths is one disk, by its world wide id; some makers give all theirs the same, so that serial and size count, too. What is plugged in by
# USB comes and goes: sticks that say that they are fixed, a BMC's virtual media.
disks() {
    for directory in "$SYS"/block/*; do
        block=${directory##*/}
        case $block in
            loop* | ram* | zram* | sr* | fd* | mtdblock* | nbd* | dm-* | md* | *boot[0-9] | *rpmb) continue ;;
        esac
        [ -e "$directory/device" ] && [ "$(first_line "$directory/removable")" != 1 ] && [ "$(first_line "$directory/hidden")" != 1 ] || continue
        case $(readlink -f "$directory") in */usb[0-9]*/*) continue ;; esac
        sectors=$(first_line "$directory/size")
        case $sectors in
            '' | *[!0-9]* | 0 | ???????????????*) continue ;;
        esac
        wwid=$(first_line "$directory/wwid")
        [ -n "$wwid" ] || wwid=$(first_line "$directory/device/wwid")
        serial=$(serial_of "$directory")
        printf '%s%s' "${wwid:-$block} $sectors $serial" "$SEPARATOR"
        device disk "$block" $((sectors / 2048)) "$serial" "$(model_of "$directory")" "$(spins "$directory")"
    done | awk -F '\001' '!seen[$1]++ { print $2 }' | at_most 64 disks
}

# NVMe, virtio and MMC say it in a file; SCSI disks in page 80h of their vital product data, behind four octets (SPC-5, 7.7.14)
serial_of() {
    for file in "$1/device/serial" "$1/serial"; do
        found=$(first_line "$file")
        if [ -n "$found" ]; then
            printf '%s' "$found"
            return
        fi
    done
    [ ! -r "$1/device/vpd_pg80" ] || tail -c +5 "$1/device/vpd_pg80" 2> /dev/null | tr -d '\000' | printable 64
}

# libata puts its own name where a vendor belongs
model_of() {
    maker=$(first_line "$1/device/vendor")
    case $maker in
        ATA* | 0x*) maker='' ;;
    esac
    named=$(first_line "$1/device/model")
    [ -n "$named" ] || named=$(first_line "$1/device/name")
    printf '%s %s' "$maker" "$named"
}

spins() {
    kind=ssd
    [ "$(first_line "$1/queue/rotational")" != 1 ] || kind=hdd
    case ${1##*/} in
        nvme*) kind="$kind nvme" ;;
        vd* | xvd*) kind="$kind virtual" ;;
        mmc*) kind="$kind mmc" ;;
    esac
    printf '%s' "$kind"
}

# controllers of disks (class 01) and networks (02), displays (03), co-processors (0b40), encryption (10), accelerators (12); virtual
# functions belong to their physical one
pci_functions() {
    for directory in "$SYS"/bus/pci/devices/*; do
        [ ! -e "$directory/physfn" ] || continue
        class=$(first_line "$directory/class")
        class=${class#0x}
        vendor=$(first_line "$directory/vendor")
        vendor=${vendor#0x}
        case $class in
            03*) kind=$(display "$vendor") ;;
            0b40* | 12*) kind=accelerator ;;
            01* | 02* | 10*) kind=pci ;;
            *) continue ;;
        esac
        identity=$(first_line "$directory/device")
        driver=$(driver_at "$directory")
        device "$kind" "${directory##*/}" 0 '' "$vendor:${identity#0x}" "class $class${driver:+ driver $driver}"
    done | sort | at_most 48 'PCI devices' | pci_names
}

# Puts maker and name before the numbers of each device that the list has, as far as there is room: of long names the start,
# and what they end with in brackets, which is what people call it.
pci_names() {
    awk -F , -v list="$PCI_IDS" '
        { line[NR] = $0 }
        /^device=/ { model[NR] = $5; wanted[$5]; makers[substr($5, 1, 4)] }
        END {
            while (NR && (getline entry < list) > 0) {
                if (entry ~ /^\t/) {
                    id = maker ":" substr(entry, 2, 4)
                    if (id in wanted) name[id] = substr(entry, 6)
                } else {
                    maker = substr(entry, 1, 4)
                    if (maker in makers) makers[maker] = substr(entry, 5)
                }
            }
            for (at = 1; at <= NR; at++) print at in model ? named(line[at], model[at]) : line[at]
        }
        function named(text, id,    called, room, start) {
            called = name[id]
            maker = makers[substr(id, 1, 4)]
            room = 64 - length(maker) - length(id) - 2
            if (length(called) > room && match(called, /\[[^]]*\]$/)) {
                if (RLENGTH > room - 8) called = substr(called, RSTART + 1, RLENGTH - 2)
                else called = words(called, room - RLENGTH - 1) " " substr(called, RSTART)
            }
            called = words(called, room)
            start = index(text, ",0,," id ",") + 4
            return substr(text, 1, start - 1) maker (maker == "" ? "" : " ") called (called == "" ? "" : " ") substr(text, start)
        }
        # as many whole words as have room, or one that is cut off
        function words(text, room) {
            if (length(text) <= room) return text
            text = substr(text, 1, room + 1)
            if (!sub(/ +[^ ]*$/, "", text)) text = substr(text, 1, room)
            return text
        }'
}

# Screens of BMCs (ASPEED, Matrox, XGI, Silicon Motion) and of hypervisors (QEMU, Red Hat, Cirrus, VMware, Hyper-V, VirtualBox, virtio) compute nothing.
display() {
    case $1 in
        1a03 | 102b | 18ca | 126f | 1234 | 1b36 | 1013 | 15ad | 1414 | 80ee | 1af4) echo pci ;;
        *) echo gpu ;;
    esac
}

driver_at() {
    driver=$(readlink "$1/driver" || :)
    printf '%s' "${driver##*/}"
}

# structures of type 17 (7.18); empty slots have a size of 0, and ROM and flash chips (types 8 to 12) are no modules
memory_modules() {
    smbios_octets | smbios_structures 17 | awk -F '\001' '
        BEGIN {
            split("18 DDR 19 DDR2 24 DDR3 26 DDR4 27 LPDDR 28 LPDDR2 29 LPDDR3 30 LPDDR4 32 HBM 33 HBM2 34 DDR5 35 LPDDR5 36 HBM3", words, " ")
            for (i = 1; i in words; i += 2) type[words[i]] = words[i + 1]
        }
        # places count from 0, as in the specification; behind the end of a structure all is 0
        function word(at) { return at + 1 < octet[2] ? octet[at + 1] + 256 * octet[at + 2] : 0 }
        function text(at) { return at < octet[2] && octet[at + 1] > 0 ? $(octet[at + 1] + 1) : "" }
        {
            split($1, octet, " ")
            if (octet[19] >= 8 && octet[19] <= 12) next
            mib = word(12)
            if (mib == 32767) mib = word(28) + 65536 * word(30)
            else if (mib == 65535) mib = 0
            else if (mib >= 32768) mib = int((mib - 32768) / 1024)
            else if (mib == 0) next
            speed = word(32)
            if (speed == 0 || speed == 65535) speed = word(21)
            if (speed == 65535) speed = 0
            print text(16) "\001" mib "\001" text(24) "\001" text(23) " " text(26) "\001" \
                type[octet[19]] (speed ? " " speed " MT/s" : "")
        }' | while IFS=$SEPARATOR read -r slot mib serial model kind; do
        device memory "$slot" "$mib" "$serial" "$model" "$kind"
    done | at_most 64 'memory modules'
}
