# shellcheck shell=dash

# any bytes will do: what counts is the digest
a_certificate() {
    { echo '-----BEGIN CERTIFICATE-----'; echo "$1" | base64; echo '-----END CERTIFICATE-----'; }
}

digest_of() {
    echo "$1" | sha256sum | cut -d ' ' -f 1
}

test_accepts_the_certificate_that_the_boot_names() {
    fake_wget 200 "$(a_certificate right)"
    obtain_authority http://10.0.0.1:8080 "$(digest_of right)"
    expect "$(a_certificate right)" "$(cat qrm/etc/ca.pem)"
}

test_refuses_any_other_certificate() {
    fake_wget 200 "$(a_certificate wrong)"
    if fetch_authority http://10.0.0.1:8080 "$(digest_of right)"; then exit 1; fi
    [ ! -e qrm/etc/ca.pem ]
}

test_trusts_nothing_that_rides_along() {
    fake_wget 200 "$(a_certificate right; a_certificate another)"
    fetch_authority http://10.0.0.1:8080 "$(digest_of right)"
    expect "$(a_certificate right)" "$(cat qrm/etc/ca.pem)"
}

test_takes_the_former_authority_that_the_boot_names() {
    fake_wget 200 "$(a_certificate another; a_certificate right)"
    fetch_authority http://10.0.0.1:8080 "$(digest_of right)"
    expect "$(a_certificate right)" "$(cat qrm/etc/ca.pem)"
}

test_prefers_a_certificate_that_is_baked_in() {
    a_certificate baked > baked.pem
    fake chroot 'exit 9'
    obtain_authority http://10.0.0.1:8080 none
    expect "$(a_certificate baked)" "$(cat qrm/etc/ca.pem)"
    [ ! -e chroot.calls ]
}

test_asks_again_until_the_server_answers() {
    fake_wget 000
    fake sleep "cp '$PWD/fake/later' '$PWD/fake/chroot'"
    mv fake/chroot refusing
    fake_wget 200 "$(a_certificate right)"
    mv fake/chroot fake/later
    mv refusing fake/chroot
    obtain_authority http://10.0.0.1:8080 "$(digest_of right)"
    expect 1 "$(cat sleep.calls)"
}

test_sets_an_absurd_clock_from_the_date_header() {
    fake_wget 200
    fetch authority 1 1 http://10.0.0.1/
    fake date 'case "$*" in +%s) echo 86400 ;; *-D*) echo 1795435200 ;; esac'
    correct_clock http://10.0.0.1
    expect_text '^-u -s @1795435200$' date.calls
}

test_leaves_a_clock_alone_that_is_nearly_right() {
    fake_wget 200
    fetch authority 1 1 http://10.0.0.1/
    fake date 'case "$*" in +%s) echo 1795435100 ;; *-D*) echo 1795435200 ;; esac'
    correct_clock http://10.0.0.1
    ! grep -q -- -s date.calls
}

test_reads_the_date_header() {
    fake_wget 200
    fetch authority 1 1 http://10.0.0.1/
    expect 1795435200 "$(date_header qrm/tmp/authority.log)"
}
