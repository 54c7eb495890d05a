# shellcheck shell=dash

given() {
    settings "$@" > given
    read_settings < given
}

test_takes_settings_with_all_keys() {
    given name=web-1 cpus=4 cpu-mhz=700 memory-mb=2048 pinned-cpus=0-1,3 type=pvh
    expect 'web-1 4 700 2048 0-1,3 pvh' "$name $cpus $cpu_mhz $memory_mb $pinned_cpus $type"
}

test_assumes_no_speed_limit_no_pins_and_pv() {
    given
    expect '0//pv' "$cpu_mhz/$pinned_cpus/$type"
}

test_keeps_and_reads_back_what_it_took() {
    given cpu-mhz=700 pinned-cpus=2
    write_settings kept
    cpus='' cpu_mhz='' memory_mb='' pinned_cpus=''
    read_settings < kept
    expect '1 700 256 2' "$cpus $cpu_mhz $memory_mb $pinned_cpus"
}

test_refuses_values_out_of_range() {
    for line in cpus=0 cpus=513 cpus=01 cpus=-1 cpus=1.5 cpus= cpu-mhz=100001 cpu-mhz=x memory-mb=15 memory-mb=99999999999999999999 \
        type=lxc 'pinned-cpus=,' pinned-cpus=1-2-3 'pinned-cpus=1,,2' pinned-cpus=all pinned-cpus=1-; do
        settings "$line" > given
        expect_refusal read_settings < given
        expect_text "^qrm-xen: ${line%%=*} cannot be '${line#*=}'" refusal
    done
}

test_refuses_names_that_mean_something_else_to_xl() {
    for name in 12 Domain-0 -p .p 'a b' 'a"b' 'a;b' '$(x)' ../x; do
        settings "name=$name" > given
        expect_refusal read_settings < given
    done
}

test_refuses_unknown_missing_and_repeated_keys() {
    settings colour=red > given
    expect_refusal read_settings < given
    expect_text "no setting 'colour'" refusal
    settings cpus=1 cpus=2 > given
    expect_refusal read_settings < given
    expect_text 'cpus twice' refusal
    printf 'name=p1\ncpus=1\n' > given
    expect_refusal read_settings < given
    expect_text 'must hold name, cpus and memory-mb' refusal
}

test_refuses_endless_input() {
    yes cpus=1 | head -n 1000 > given
    expect_refusal read_settings < given
    { printf 'name='; head -c 5000 /dev/zero | tr '\0' a; } > given
    expect_refusal read_settings < given
}
