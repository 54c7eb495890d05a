# shellcheck shell=bash
# The yardstick: a machine that boots a kernel with an initrd that does nothing, from plain dnsmasq. What QRM's own idle
# environment takes longer than this is QRM's.

rack_baseline() { # [MACHINE] [--kernel FILE] [--over tftp|http] [--append ARGUMENTS]
    parse_baseline "$@"
    require_rack
    require_machine "$machine"
    machine_is_off "$machine" || fail "machine $machine is on: switch it off for a baseline"
    [ -n "$kernel" ] || kernel=$(baseline_kernel)
    [ -r "$kernel" ] || fail "cannot read the kernel $kernel"
    baseline_lay_out
    trap baseline_stop EXIT
    baseline_serve
    baseline_measure
}

parse_baseline() {
    machine=1 kernel='' over=tftp append='console=ttyS0,115200'
    if [ $# -gt 0 ] && is_number "$1"; then machine=$1 && shift; fi
    while [ $# -gt 0 ]; do
        [ $# -ge 2 ] || misuse "$1 needs a value"
        case $1 in
            --kernel) kernel=$2 ;;
            --over) over=$2 ;;
            --append) append=$2 ;;
            *) misuse "baseline does not know '$1'" ;;
        esac
        shift 2
    done
    [[ $over =~ ^(tftp|http)$ ]] || misuse "--over takes tftp or http, not '$over'"
}

# The kernel that Debian offers today, unpacked once into the cache
baseline_kernel() {
    local package version kept
    package=$(apt-cache depends linux-image-amd64 | sed -n 's/^ *Depends: \(linux-image-[0-9][^ ]*\)$/\1/p' | head -n 1)
    [ -n "$package" ] || fail "apt knows no kernel: run apt-get update, or name one with --kernel"
    version=$(apt-cache show --no-all-versions "$package" | sed -n 's/^Version: //p')
    kept=$RACK_CACHE/kernels/$package-$version/vmlinuz
    [ -e "$kept" ] || baseline_fetch_kernel "$package=$version" "$kept"
    echo "$kept"
}

baseline_fetch_kernel() { # PACKAGE FILE
    local work
    work=$(mktemp -d "${TMPDIR:-/tmp}/qrm-rack.XXXXXX")
    mkdir -p "$(dirname "$2")"
    if (cd "$work" && apt-get -qq -o APT::Sandbox::User= download "$1" && dpkg-deb --fsys-tarfile ./*.deb |
        tar -xf - --wildcards --strip-components=2 './boot/vmlinuz-*') >&2; then
        mv "$work"/vmlinuz-* "$2"
        rm -rf "$work"
    else
        rm -rf "$work"
        fail "cannot fetch the kernel package $1 (see above); name a kernel with --kernel"
    fi
}

baseline_lay_out() {
    baseline=$RACK_DIR/baseline
    baseline_stop_dnsmasq
    rm -rf "$baseline"
    mkdir -p "$baseline/tftp/pxelinux.cfg"
    cp /usr/lib/PXELINUX/lpxelinux.0 /usr/lib/syslinux/modules/bios/ldlinux.c32 "$baseline/tftp"
    cp "$kernel" "$baseline/tftp/vmlinuz"
    printf 'DEFAULT baseline\nLABEL baseline\nKERNEL vmlinuz\nAPPEND initrd=initrd.img %s\n' "$append" \
        >"$baseline/tftp/pxelinux.cfg/default"
    baseline_initrd "$baseline/initrd" >"$baseline/tftp/initrd.img"
    chmod -R a+rX "$baseline"
    cat >"$baseline/dnsmasq.conf" <<EOF
port=0
interface=$RACK_BRIDGE
bind-interfaces
dhcp-range=$RACK_NETWORK.100,$RACK_NETWORK.199,1h
dhcp-leasefile=$baseline/leases
dhcp-boot=lpxelinux.0
enable-tftp
tftp-root=$baseline/tftp
user=root
EOF
    [ "$over" = tftp ] || echo "dhcp-option-force=210,http://$RACK_SERVER_ADDRESS/" >>"$baseline/dnsmasq.conf"
}

baseline_initrd() { # DIRECTORY
    mkdir -p "$1/bin"
    cp /bin/busybox "$1/bin/busybox"
    cat >"$1/init" <<'EOF'
#!/bin/busybox sh
echo "rack baseline: up"
while :; do /bin/busybox sleep 3600; done
EOF
    chmod 0755 "$1/init"
    (cd "$1" && find . | cpio --quiet -o -H newc -R 0:0 | gzip -9)
}

baseline_serve() {
    in_server_while_i_live dnsmasq --keep-in-foreground --conf-file="$baseline/dnsmasq.conf" --pid-file="$baseline/dnsmasq.pid" \
        --log-facility="$RACK_LOGS/baseline-dnsmasq.log" </dev/null >>"$RACK_LOGS/baseline-dnsmasq.log" 2>&1 &
    in_server_while_i_live busybox httpd -f -p "$RACK_SERVER_ADDRESS:80" -h "$baseline/tftp" </dev/null >/dev/null 2>&1 &
    wait_until 60 test -s "$baseline/dnsmasq.pid" || fail "dnsmasq does not start, see $RACK_LOGS/baseline-dnsmasq.log"
}

baseline_measure() {
    local start
    start=$(date +%s%N)
    machine_on "$machine"
    wait_until 300 baseline_is_up || fail "machine $machine prints no marker within 300 s, see $(machine_log "$machine")"
    printf 'over=%s\nmilliseconds=%d\n' "$over" $((($(date +%s%N) - start) / 1000000))
}

baseline_is_up() { rack_console "$machine" | grep -q '^rack baseline: up'; }

baseline_stop() {
    machine_off "$machine"
    baseline_stop_dnsmasq
    # shellcheck disable=SC2046 # several processes
    kill $(jobs -p) 2>/dev/null || true
    wait || true
    rm -rf "$baseline"
}

# dnsmasq drops privileges, and with them the wish to die with its parent
baseline_stop_dnsmasq() {
    local pid
    pid=$(file_line "$RACK_DIR/baseline/dnsmasq.pid")
    [ -z "$pid" ] || in_server kill -KILL "$pid" 2>/dev/null || true
}
