# shellcheck shell=dash
# What the firmware of a UEFI machine keeps in variables (UEFI 2.10, 3.3): a file each, four octets of attributes and then the value.

VARIABLES=$SYS/firmware/efi/efivars
GLOBAL=8be4df61-93ca-11d2-aa0d-00e098032b8c

# in a device path: a network card and the start of its address, a file of the firmware's own (UEFI 2.10, 10.3.5.11 and 10.3.5.6)
CARD_NODE=030b2500
FIRMWARE_NODE=04061400

mount_variables() {
    [ -d "$VARIABLES" ] || return 0
    modprobe -q efivarfs 2> /dev/null || :
    mount -t efivarfs efivarfs "$VARIABLES" 2> /dev/null || say 'the variables of the firmware cannot be read: there is no efivarfs'
}

# the value of a variable in hexadecimal digits, or nothing
firmware_variable() {
    [ ! -r "$VARIABLES/$1-$GLOBAL" ] || tail -c +5 "$VARIABLES/$1-$GLOBAL" | hexdump -v -e '1/1 "%02x"'
}

# whether it starts only what is signed: on, off, or nothing where it does not say
secure_boot() {
    case $(firmware_variable SecureBoot) in
        01) echo on ;;
        00) echo off ;;
    esac
}

# boot_entry DIGITS: of the entry with that number, low octet first as in BootOrder
boot_entry() {
    low=${1%??}
    firmware_variable "Boot$(printf '%s' "${1#??}$low" | tr a-f A-F)"
}

# the address of the card that the firmware booted from
booted_card() {
    current=$(firmware_variable BootCurrent)
    [ ${#current} -eq 4 ] || return 0
    path=$(boot_entry "$current")
    case $path in
        *"$CARD_NODE"????????????*)
            path=${path#*"$CARD_NODE"}
            printf '%s' "$path" | cut -c 1-12 | sed 's/../&:/g; s/:$//'
            ;;
    esac
}

# Lets the firmware start from a disk the next time: by the first entry of its order that is active and leads to no network card, nor into the
# firmware itself, as its menu and its shell do.
boot_from_disk_next() {
    order=$(firmware_variable BootOrder)
    while [ ${#order} -ge 4 ]; do
        number=${order%"${order#????}"}
        order=${order#????}
        case $(boot_entry "$number") in
            *"$CARD_NODE"* | *"$FIRMWARE_NODE"*) ;;
            ?[13579bdf]*)
                # non-volatile, for boot services and for running systems; in octal, which each printf knows
                octets="\\007\\000\\000\\000\\$(printf '%03o' "0x${number%??}")\\$(printf '%03o' "0x${number#??}")"
                # shellcheck disable=SC2059  # it is a format
                printf "$octets" > "$VARIABLES/BootNext-$GLOBAL" || return 1
                return
                ;;
        esac
    done
    return 1
}
