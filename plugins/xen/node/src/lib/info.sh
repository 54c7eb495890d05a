# shellcheck shell=dash
# What this host has and can give.

OVERHEAD_MB=8 # that the hypervisor needs for each partition beside the partition's own memory

show_info() {
    facts=$RUN/info.$$
    xl info > "$facts" 2>&1 || refuse "xl info fails: $(words_of "$facts")"
    xl list > "$facts.list" 2>&1 || refuse "xl list fails: $(words_of "$facts.list")"
    total=$(info_value total_memory "$facts")
    free=$(info_value free_memory "$facts")
    echo "xen-version=$(info_value xen_version "$facts")"
    echo "boot-id=$(first_line "$PROC/sys/kernel/random/boot_id")"
    echo "cpus=$(info_value nr_cpus "$facts")"
    echo "cpu-mhz=$(host_mhz "$facts")"
    echo "memory-mb=$total"
    echo "memory-free-mb=$free"
    echo "memory-reserved-mb=$((total - free - $(memory_of_partitions "$facts.list")))"
    echo "overhead-mb=$OVERHEAD_MB"
    echo "types=$(types)"
    echo "bridge=$BRIDGE"
    rm -f "$facts" "$facts.list"
}

# All that domains other than Domain-0 hold. Somebody else's may have blanks in their names: ID, Mem and VCPUs stand before the state.
memory_of_partitions() {
    awk -v overhead="$OVERHEAD_MB" '
        { for (i = NF; i > 4; i--) if ($i ~ /^[r-][b-][p-][s-][c-][d-]$/) { if ($(i - 3) > 0) sum += $(i - 2) + overhead; next } }
        END { print sum + 0 }' "$1"
}

# pv always; pvh where the processors help; hvm where there is a QEMU, too
types() {
    xl info > "$RUN/types.$$" 2>&1 || refuse "xl info fails: $(words_of "$RUN/types.$$")"
    able=pv
    case " $(info_value xen_caps "$RUN/types.$$") " in
        *' hvm-3.0-x86_64 '*) able=pv,pvh$(! has_device_model || echo ,hvm) ;;
    esac
    rm -f "$RUN/types.$$"
    echo "$able"
}

has_device_model() {
    [ -n "$image_tools" ] && { [ -x "$image_tools/qemu-system-i386" ] || [ -x "${QRM_IMAGE:-}/usr/libexec/xen-qemu-system-i386" ]; }
}
