# shellcheck shell=dash

test_gives_status_and_answer() {
    fake_wget 200 do=idle
    fetch report 5 64 https://10.0.0.1:8443/node/v1/report
    expect 200 "$status"
    expect do=idle "$(cat qrm/tmp/report.answer)"
}

test_gives_the_reason_of_a_refusal() {
    fake_wget 401 'error=the token has been used'
    fetch register 5 64 https://10.0.0.1:8443/node/v1/register
    expect '401 the token has been used' "$status $trouble"
}

test_gives_the_reason_when_nobody_answers() {
    fake_wget 000
    fetch register 5 64 https://10.0.0.1:8443/node/v1/register
    expect '000 failed: Connection refused.' "$status $trouble"
}

test_ignores_the_text_of_a_refusal_that_is_not_in_the_grammar() {
    fake_wget 502 '<html>'
    fetch register 5 64 https://10.0.0.1:8443/node/v1/register
    expect '502 ' "$status $trouble"
}

test_shows_the_node_token_to_nobody_else() {
    configure_http secret-token
    expect 600 "$(stat -c %a qrm/etc/wgetrc)"
    fake_wget 200 do=idle
    fetch report 5 64 https://10.0.0.1:8443/node/v1/report
    ! grep -q secret-token chroot.calls timeout.calls
}

test_trusts_only_the_authority_and_follows_no_redirect() {
    configure_http
    expect_text '^ca_certificate = /etc/ca.pem$' qrm/etc/wgetrc
    expect_text '^check_certificate = on$' qrm/etc/wgetrc
    expect_text '^max_redirect = 0$' qrm/etc/wgetrc
}
