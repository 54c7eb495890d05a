# shellcheck shell=dash

# a_variable NAME DIGITS: with that value, in hexadecimal
a_variable() {
    mkdir -p "$VARIABLES"
    # shellcheck disable=SC2059  # octal digits
    printf "\\006\\000\\000\\000$(printf '%s' "$2" | sed 's/../0x& /g' | xargs -r printf '\\%03o')" > "$VARIABLES/$1-$GLOBAL"
}

# as EDK II makes them: attributes, length of the path, the name, the path
DISK=010000001c0048004400000002010c00d041030a0000000001010600011f03120a000100000000007fff0400
CARD=010000005c0048005400000002010c00d041030a00000000010106000002030b2500525400aa0001000000000000000000000000000000000000000000000000017fff0400
MENU=090100002c0055006900000004071400c9bdb87cebf8344faaea3ee4af6516a10406140021aa2c4614760345836e8ab6f46623317fff0400
OFF=000000001c0048004400000002010c00d041030a0000000001010600011f03120a000100000000007fff0400

test_tells_whether_secure_boot_is_on() {
    a_variable SecureBoot 01
    expect on "$(secure_boot)"
    a_variable SecureBoot 00
    expect off "$(secure_boot)"
}

test_says_nothing_of_secure_boot_where_there_is_no_such_variable() {
    expect '' "$(secure_boot)"
    a_variable SecureBoot ''
    expect '' "$(secure_boot)"
}

test_knows_the_card_that_the_firmware_booted_from() {
    a_variable BootCurrent 0a00
    a_variable Boot000A "$CARD"
    expect 52:54:00:aa:00:01 "$(booted_card)"
}

test_knows_no_card_when_it_booted_from_something_else() {
    expect '' "$(booted_card)"
    a_variable BootCurrent 0100
    expect '' "$(booted_card)"
    a_variable Boot0001 "$DISK"
    expect '' "$(booted_card)"
}

test_starts_from_the_first_disk_next_time() {
    a_variable BootOrder 000001000200100004000500
    a_variable Boot0000 "$MENU"
    a_variable Boot0001 "$CARD"
    a_variable Boot0002 "$OFF"
    a_variable Boot0010 "$DISK"
    a_variable Boot0004 "$DISK"
    boot_from_disk_next
    expect 070000001000 "$(hexdump -v -e '1/1 "%02x"' "$VARIABLES/BootNext-$GLOBAL")"
}

test_does_not_start_from_a_disk_when_there_is_none() {
    a_variable BootOrder 00000100
    a_variable Boot0000 "$MENU"
    a_variable Boot0001 "$CARD"
    if boot_from_disk_next; then exit 1; fi
    [ ! -e "$VARIABLES/BootNext-$GLOBAL" ]
}
