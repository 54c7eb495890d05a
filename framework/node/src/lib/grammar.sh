# shellcheck shell=dash
# The closed grammar of docs/node-protocol.md. Answers are looked at line by line; nothing is ever sourced or evaluated.

# true when every line of file $1 is key=value and the file is small
answer_is_valid() {
    [ -s "$1" ] && [ "$(tr -d '\000-\011\013-\037\177' < "$1" | wc -c)" -eq "$(wc -c < "$1")" ] &&
        awk '!/^[a-z][a-z0-9.-]*=/ || index($0, "=") > 41 || length($0) - index($0, "=") > 1024 { bad = 1; exit }
             END { exit bad || NR > 256 }' "$1"
}

# values of key $1 in file $2, one a line
answer_values() {
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
            "$1="*) printf '%s\n' "${line#*=}" ;;
        esac
    done < "$2"
}

# the first value of key $1 in file $2, or nothing
answer_value() {
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
            "$1="*)
                printf '%s' "${line#*=}"
                return
                ;;
        esac
    done < "$2"
}

# the value of parameter $1 on the kernel command line, or in the file $parameters of the same form, or nothing; the last one counts, as for the kernel
command_line_value() (
    set -f
    value=''
    # shellcheck disable=SC2013  # words are wanted
    for word in $(cat "${parameters:-$PROC/cmdline}"); do
        case $word in
            "$1="*) value=${word#*=} ;;
        esac
    done
    printf '%s' "$value"
)

# $1 is not empty and holds only characters of the class $2, as in: consists_of "$mac" '0-9a-f:'
consists_of() {
    # shellcheck disable=SC2254  # a class of characters
    case $1 in
        '' | *[!$2]*) return 1 ;;
    esac
}

is_mac() {
    case $1 in
        *[!0-9a-f:]* | *::* | :*) return 1 ;;
        ??:??:??:??:??:??) return 0 ;;
        *) return 1 ;;
    esac
}

# the address of one card: neither a group's (lowest bit of the first octet, as in broadcast) nor all zeros
is_station_mac() {
    case $1 in
        ?[13579bdf]:* | 00:00:00:00:00:00) return 1 ;;
    esac
    is_mac "$1"
}

# $1 is scheme $2, a host and perhaps a port, and nothing else
is_base_address() {
    case $1 in
        "$2"://*) ;;
        *) return 1 ;;
    esac
    case ${1#*://} in
        '' | *[!A-Za-z0-9.:-]*) return 1 ;;
    esac
}

# four numbers of 0 to 255 without leading zeros
is_ipv4() {
    case $1 in
        *.*.*.*.* | *..* | .* | *.) return 1 ;;
        *.*.*.*) ;;
        *) return 1 ;;
    esac
    octets=$1.
    while [ -n "$octets" ]; do
        is_number "${octets%%.*}" 0 255 || return 1
        octets=${octets#*.}
    done
}

# is_number TEXT LEAST MOST: a decimal number without leading zeros, in these bounds
is_number() {
    case $1 in
        '' | *[!0-9]* | 0?* | ??????????*) return 1 ;;
    esac
    [ "$1" -ge "$2" ] && [ "$1" -le "$3" ]
}

# RFC 1123, 2.1: labels of letters, digits and inner hyphens, 63 each at most; 253 in all (RFC 1035, 2.3.4)
is_host_name() {
    case $1 in
        '' | .* | *. | *..* | -* | *- | *.-* | *-.* | *[!A-Za-z0-9.-]*) return 1 ;;
    esac
    [ ${#1} -le 253 ] || return 1
    labels=$1.
    while [ -n "$labels" ]; do
        label=${labels%%.*}
        [ ${#label} -le 63 ] || return 1
        labels=${labels#*.}
    done
}

# what C libraries read as an IPv4 address: up to four numbers, also octal and hexadecimal ones (inet_aton(3)); or digits and dots only
looks_numeric() {
    printf '%s\n' "$1" | grep -E -i -q -x '[0-9.]+|(0x[0-9a-f]+|[0-9]+)(\.(0x[0-9a-f]+|[0-9]+)){0,3}'
}

# what each machine calls itself (RFC 6761, 6.3, and the files hosts of Debian, Red Hat and SUSE)
is_own_name() {
    printf '%s\n' "$1" | grep -E -i -q -x \
        '(.+\.)?localhost(\.localdomain)?|localhost\..+|localhost[46](\.localdomain[46])?|ip(v)?6-(localhost|loopback)'
}

is_digest() {
    [ ${#1} -eq 64 ] || return 1
    case $1 in
        *[!0-9a-f]*) return 1 ;;
    esac
}

# the name of a plug-in, of a verb
is_name() {
    case $1 in
        [a-z]*) ;;
        *) return 1 ;;
    esac
    case $1 in
        *[!a-z0-9-]*) return 1 ;;
    esac
    [ ${#1} -le 64 ]
}
