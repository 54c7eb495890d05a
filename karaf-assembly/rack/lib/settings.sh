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
RACK_SERVER_ADDRESS=10.77.0.1
RACK_STORAGE_ADDRESS=10.77.0.2
RACK_STORAGE_MANAGEMENT_ADDRESS=10.77.0.3
RACK_SOURCE_ADDRESS=10.77.0.10
RACK_PREFIX=24
export RACK_BRIDGE RACK_SERVER_ADDRESS RACK_STORAGE_ADDRESS RACK_STORAGE_MANAGEMENT_ADDRESS RACK_SOURCE_ADDRESS RACK_PREFIX

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
    case $RACK_ACCEL in tcg | kvm) ;; *) misuse "RACK_ACCEL must be tcg or kvm, not '$RACK_ACCEL'" ;; esac
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
