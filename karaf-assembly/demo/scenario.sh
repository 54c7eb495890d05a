# shellcheck shell=bash
# What is shown: machines in the pool, a virtual environment on one of them; with "xen" the whole reference scenario.

show_environment() {
    site_storage
    make_image web1
    await 300 "$MACHINES bare machines have booted and wait in the pool: idle" idle "$MACHINES"
    step "virtual environment web1 is described" "$DEMO/qrm" ve create web1 --filesystem-image web1 --mode single
    step "web1 is started on a machine that fits" "$DEMO/qrm" ve start web1 --wait
    await 10 "web1 is active" is_in active web1
    site_reach web1
}

make_image() {
    step "filesystem image $1 is unpacked" "$DEMO/qrm" filesystem-image create "$1" \
        --storage-server NFS-server --archive "$ARCHIVE" --wait
}

show_partitions() {
    site_host_plugin
    step "virtual environment host: partitioned by $PARTITIONING" "$DEMO/qrm" ve create host "${HOST_BOOT[@]}" \
        --mode multi --partitioning "$PARTITIONING"
    step "host is started: its machine becomes a host of partitions" \
        "$DEMO/qrm" ve start host "${HOST_CHOICE[@]}" --wait
    await 10 "host is active" is_in active host
    HOST=$(of_machine host name)
    step "its first partition is idle: 1 CPU, 700 MHz, 256 MiB" \
        "$DEMO/qrm" partition create "$HOST" --cpus 1 --cpu-mhz 700 --memory-mb 256 --wait
    step "its second partition is idle: 1 CPU, 384 MiB" \
        "$DEMO/qrm" partition create "$HOST" --cpus 1 --memory-mb 384 --wait
    await 60 "two partitions are in the pool" idle 2 kind=partition
    make_image web2
    step "virtual environment web2 is to run on a partition with 300 MiB" "$DEMO/qrm" ve create web2 \
        --filesystem-image web2 --mode single --runs-on "partition:$PARTITIONING" --memory-mb 300
    step "web2 is started on a partition that fits, while web1 runs on metal" "$DEMO/qrm" ve start web2 --wait
    await 10 "web2 is active" is_in active web2
    site_reach web2
}

undo_partitions() {
    step "web2 is stopped" "$DEMO/qrm" ve stop web2 --wait
    await 120 "its partition is idle again" idle 2 kind=partition
    step "host is stopped" "$DEMO/qrm" ve stop host --wait
    await 120 "its machine is idle again" idle $((MACHINES - 1)) kind=node
    step "virtual environments host and web2 are deleted" delete_partitioned
    [ "$PARTITIONING" != xen ] || step "the plug-in xen is uninstalled" "$DEMO/qrm-plugin" xen uninstall
}

delete_partitioned() {
    "$DEMO/qrm" ve delete host
    "$DEMO/qrm" ve delete web2
}

# The lines that a visitor is told to try are tried.
try_hints() {
    local line
    site_hints | sed -n 's/^ \{7\}//p' >"$DEMO/hints"
    [ "$(wc -l <"$DEMO/hints")" -eq 3 ] || fail "these are to be three lines to try: $(cat "$DEMO/hints")"
    while read -r line; do
        step "tried: ${line//"$DEMO/"/}" at_a_terminal "$line"
    done <"$DEMO/hints"
}

# at_a_terminal LINE: types it there, and two lines more for what it has opened, if it has
at_a_terminal() (
    set +o pipefail
    (sleep 5 && printf 'uname -n\nexit\n' && sleep 3) 2>/dev/null | script -qefc "$1" /dev/null
)

undo_environment() {
    step "web1 is stopped" "$DEMO/qrm" ve stop web1 --wait
    await 120 "all $MACHINES machines are idle again" idle "$MACHINES"
}
