# shellcheck shell=bash
# Names and places, from the environment. Sourced by everything of the rack.

RACK_NAME=${RACK_NAME:-qrm-rack}
RACK_DIR=${RACK_DIR:-/var/lib/qrm-rack/$RACK_NAME}
RACK_LOGS=${RACK_LOGS:-$RACK_DIR/logs}
RACK_CACHE=${RACK_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/qrm}
RACK_ACCEL=${RACK_ACCEL:-tcg}
export RACK_NAME RACK_DIR RACK_LOGS RACK_CACHE RACK_ACCEL

# What tests and documentation rely on
RACK_BRIDGE=br0
RACK_NETWORK=${RACK_NETWORK:-10.77.0}
RACK_SERVER_ADDRESS=$RACK_NETWORK.1
RACK_STORAGE_ADDRESS=${RACK_STORAGE_ADDRESS:-$RACK_NETWORK.2}
RACK_STORAGE_MANAGEMENT_ADDRESS=${RACK_STORAGE_MANAGEMENT_ADDRESS:-$RACK_NETWORK.3}
RACK_SOURCE_ADDRESS=$RACK_NETWORK.10
RACK_PREFIX=24
export RACK_BRIDGE RACK_NETWORK RACK_SERVER_ADDRESS RACK_STORAGE_ADDRESS RACK_STORAGE_MANAGEMENT_ADDRESS RACK_SOURCE_ADDRESS RACK_PREFIX

say() { printf 'rack: %s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

misuse() {
    say "$*; see 'rack help'"
    exit 2
}

is_number() { case $1 in '' | *[!0-9]* | ?????????*) return 1 ;; esac; }

require_number() { # NAME VALUE LOW HIGH
    if ! is_number "$2" || [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ]; then
        misuse "$1 must be a number from $3 to $4, not '$2'"
    fi
}

check_settings() {
    [[ $RACK_NAME =~ ^[a-z][a-z0-9-]{0,30}$ ]] || misuse "RACK_NAME '$RACK_NAME' must be a-z, 0-9 and '-', at most 31"
    [[ $RACK_DIR == /?* ]] || misuse "RACK_DIR '$RACK_DIR' must be an absolute path"
    # The path of a Unix socket has 107 bytes, and QEMU's monitor lives below RACK_DIR
    [ ${#RACK_DIR} -le 75 ] || misuse "RACK_DIR '$RACK_DIR' is too long: at most 75 characters"
    check_network
    case $RACK_ACCEL in tcg | kvm) ;; *) misuse "RACK_ACCEL must be tcg or kvm, not '$RACK_ACCEL'" ;; esac
}

# The rack's addresses are in a network of its own, so any will do; but all in the same, and no two the same
check_network() {
    local octet='(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])' address
    [[ $RACK_NETWORK =~ ^$octet\.$octet\.$octet$ ]] ||
        misuse "RACK_NETWORK '$RACK_NETWORK' must be the first three numbers of a network's addresses, like 192.168.1"
    [[ $RACK_NETWORK =~ ^(0|127|22[4-9]|2[3-5][0-9])\. ]] && misuse "RACK_NETWORK '$RACK_NETWORK' is no network for machines"
    for address in RACK_STORAGE_ADDRESS RACK_STORAGE_MANAGEMENT_ADDRESS; do
        [[ ${!address} =~ ^${RACK_NETWORK//./\\.}\.([1-9]|[1-9][0-9])$ ]] ||
            misuse "$address '${!address}' must be an address from $RACK_NETWORK.1 to $RACK_NETWORK.99"
        case ${!address} in
            "$RACK_SERVER_ADDRESS" | "$RACK_SOURCE_ADDRESS") misuse "$address '${!address}' is the server's or the source system's" ;;
        esac
    done
    [ "$RACK_STORAGE_ADDRESS" != "$RACK_STORAGE_MANAGEMENT_ADDRESS" ] ||
        misuse "RACK_STORAGE_ADDRESS and RACK_STORAGE_MANAGEMENT_ADDRESS must differ, and are both '$RACK_STORAGE_ADDRESS'"
}

# Waits until a command succeeds; the command decides how often is often enough.
wait_until() { # SECONDS COMMAND …
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.1
    done
}
