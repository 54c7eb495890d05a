# shellcheck shell=bash
# What a rack needs of the machine that it runs on.

rack_packages() {
    printf '%s\n' qemu-system-x86 qemu-utils ipxe-qemu seabios ovmf iproute2 dnsmasq-base pxelinux syslinux-common \
        debootstrap busybox-static cpio openssh-client libnfs-utils rsync socat procps curl ipmitool openipmi \
        python3-minimal openssl
}

rack_check() {
    check_settings
    local problems
    problems=$(rack_problems)
    [ -n "$problems" ] || return 0
    printf '%s\n' "$problems" >&2
    exit 1
}

require_able() {
    local problems
    problems=$(rack_problems)
    [ -z "$problems" ] || fail "no rack can run here: ${problems//$'\n'/; }"
}

rack_problems() {
    local program
    [ "$(id -u)" = 0 ] || echo "not root: a rack needs namespaces, tap devices and mounts"
    [ -c /dev/net/tun ] || echo "/dev/net/tun is missing: load the module tun, or give the container the device"
    for program in qemu-system-x86_64 unshare nsenter setpriv setsid flock ip socat debootstrap ssh-keygen; do
        command -v "$program" >/dev/null || echo "$program is missing: install the packages that 'rack packages' prints"
    done
    [ -e /usr/lib/PXELINUX/lpxelinux.0 ] || echo "lpxelinux.0 is missing: install pxelinux"
    [ -e /usr/share/seabios/bios-256k.bin ] || echo "the BIOS is missing: install seabios"
    [ -e /usr/lib/ipxe/qemu/pxe-e1000.rom ] || echo "the network boot ROM is missing: install ipxe-qemu"
    namespaces_work || echo "namespaces cannot be made: $(namespaces_error)"
    [ "$RACK_ACCEL" != kvm ] || [ -w /dev/kvm ] || echo "RACK_ACCEL=kvm, but /dev/kvm cannot be opened"
}

namespaces_work() { unshare --mount --net --uts --ipc --pid --fork --kill-child true 2>/dev/null; }

namespaces_error() { unshare --mount --net --uts --ipc --pid --fork --kill-child true 2>&1 | head -n 1; }
