# shellcheck shell=dash
# What the firmware tells in its tables (SMBIOS; DMTF DSP0134, 6.1) and sysfs has no file for.

# between fields: a blank or a tab would swallow empty ones
SEPARATOR=$(printf '\001')

# one a line
smbios_octets() {
    head -c 131072 "$SYS/firmware/dmi/tables/DMI" 2> /dev/null | hexdump -v -e '1/1 "%u\n"'
}

# smbios_structures TYPE: of octets, a line for each structure of that type: its octets with blanks between, then its strings, each
# behind a separator. A structure is type, length, …, then strings, each with a zero behind it, and one more.
smbios_structures() {
    awk -v wanted="$1" '
        BEGIN { for (i = 32; i < 127; i++) char[i] = sprintf("%c", i) }
        { octet[n++] = $1 }
        END {
            for (from = 0; from + 4 <= n && octet[from] != 127; from = at + 1) {
                to = from + octet[from + 1]
                if (to < from + 4 || to > n) exit
                line = octet[from]
                for (at = from + 1; at < to; at++) line = line " " octet[at]
                for (; at < n && octet[at] != 0; at++) {
                    line = line "\001"
                    for (; at < n && octet[at] != 0; at++) line = line char[octet[at]]
                }
                if (at == to) at++
                if (octet[from] == wanted) print line
            }
        }'
}
