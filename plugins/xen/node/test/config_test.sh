# shellcheck shell=dash

rendered() {
    settings "$@" > given
    read_settings < given
    SERVICE=/run/qrm/services/xen
    configuration 00:16:3e:00:00:01 /var/lib/xen/BootFiles/kernel /var/lib/xen/BootFiles/initrd 'console=tty0 quiet console=hvc0' 26
}

# the smoke test has the real xl read these files
expect_golden() {
    diff "$tests/golden/$1.xen" rendered
}

test_renders_a_pv_guest() {
    rendered > rendered
    expect_golden pv
}

test_renders_a_pvh_guest() {
    rendered type=pvh name=p2 cpus=2 pinned-cpus=0-1 > rendered
    expect_golden pvh
}

test_renders_an_hvm_guest() {
    rendered type=hvm name=p3 > rendered
    expect_golden hvm
}

test_leaves_out_what_there_is_not() {
    settings > given
    read_settings < given
    configuration 00:16:3e:00:00:01 /k '' 'console=hvc0' 0 > rendered
    expect 0 "$(grep -c -e ramdisk -e cap -e '^cpus' rendered || :)"
}

test_quotes_what_would_end_the_text() {
    expect '"a\"b\\c"' "$(quoted 'a"b\c')"
}

test_caps_in_proportion_to_the_hosts_speed() {
    expect 35 "$(cap 1 700 2000)"
    expect 70 "$(cap 2 700 2000)"
}

test_does_not_cap_without_a_limit_or_above_the_hosts_speed() {
    expect '0 0' "$(cap 2 0 2000) $(cap 2 2000 2000)"
}

test_never_rounds_a_cap_to_none() {
    expect 1 "$(cap 1 1 2000)"
}
