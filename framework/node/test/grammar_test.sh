# shellcheck shell=dash

test_accepts_an_answer_of_the_grammar() {
    printf 'do=mount\nsource=10.77.0.2:/export/web1\nboot-service=xen,00ff\nempty=\n' > answer
    answer_is_valid answer
}

test_refuses_a_line_without_a_key() {
    printf 'do=idle\nrm -rf /\n' > answer
    expect_refusal answer_is_valid answer
}

test_refuses_control_characters() {
    printf 'do=idle\rx\n' > answer
    expect_refusal answer_is_valid answer
}

test_refuses_nul_bytes() {
    printf 'do=id\000le\n' > answer
    expect_refusal answer_is_valid answer
}

test_refuses_a_value_that_is_too_long() {
    printf 'do=%01025d\n' 1 > answer
    expect_refusal answer_is_valid answer
}

test_refuses_an_empty_answer() {
    : > answer
    expect_refusal answer_is_valid answer
}

test_takes_values_literally() {
    printf 'hostname=$(touch hacked)`touch hacked`;touch hacked\n' > answer
    expect '$(touch hacked)`touch hacked`;touch hacked' "$(answer_value hostname answer)"
    [ ! -e hacked ]
}

test_keeps_equal_signs_in_values() {
    printf 'options=vers=3,tcp\n' > answer
    expect 'vers=3,tcp' "$(answer_value options answer)"
}

test_lists_a_repeated_key() {
    printf 'boot-service=a,1\ndo=mount\nboot-service=b,2\n' > answer
    expect 'a,1 b,2' "$(answer_values boot-service answer | tr '\n' ' ' | sed 's/ $//')"
}

test_reads_the_kernel_command_line() {
    echo 'quiet qrm.mac=52:54:00:aa:00:01 qrm.image=* console=ttyS0' > proc/cmdline
    expect '52:54:00:aa:00:01' "$(command_line_value qrm.mac)"
    expect '*' "$(command_line_value qrm.image)"
    expect '' "$(command_line_value qrm.token)"
}

test_knows_a_mac_address() {
    is_mac 52:54:00:aa:00:01
    expect_refusal is_mac 52:54:00:AA:00:01
    expect_refusal is_mac 52:54:00:aa:00
    expect_refusal is_mac '52:54:00:aa:00:01;x'
}

test_knows_an_address_of_a_server() {
    is_base_address https://10.77.0.1:8443 https
    expect_refusal is_base_address http://10.77.0.1:8443 https
    expect_refusal is_base_address 'https://10.77.0.1/x' https
    expect_refusal is_base_address 'https://' https
}

test_knows_names_of_plugins() {
    is_name xen
    expect_refusal is_name ../xen
    expect_refusal is_name ''
    expect_refusal is_name 9p
}

test_knows_host_names() {
    for name in a web1 web-1 1a a.b 3com.example X "$(printf '%063d' 0)" "$(printf '%063d.%063d.%063d.%061d' 1 2 3 4)"; do
        is_host_name "$name"
    done
    for name in '' - -a a- a_b a..b .a a. a.-b a-.b 'a b' ä a:b "$(printf '%064d' 0)" "$(printf '%063d.%063d.%063d.%062d' 1 2 3 4)"; do
        expect_refusal is_host_name "$name"
    done
}
