# shellcheck shell=dash
# Whom to believe: the authority's certificate, and a clock that can judge it.

# the certificate that the command line names by digest, or the one baked in at /etc/qrm/ca.pem; leaves it in $QRM/etc/ca.pem.
# $1: http base address  $2: digest
obtain_authority() {
    if [ -s "${QRM_BAKED_CA:-/etc/qrm/ca.pem}" ]; then
        cp "${QRM_BAKED_CA:-/etc/qrm/ca.pem}" "$QRM/etc/ca.pem"
        return
    fi
    pause=1
    until fetch_authority "$1" "$2"; do
        say "$complaint; trying again in $pause s"
        sleep "$pause"
        pause=$((pause < 15 ? pause * 2 : 15))
    done
}

fetch_authority() {
    fetch authority 10 64 "$1/boot/ca.pem"
    if [ "$status" != 200 ]; then
        complaint="the certificate of the server's authority cannot be fetched from $1/boot/ca.pem: ${trouble:-HTTP status $status}"
        return 1
    fi
    certificate_by_digest "$2"
    if [ "$digest" != "$2" ]; then
        complaint="$1/boot/ca.pem is not the certificate that this boot names (digest $digest instead of $2): another server, or somebody in between"
        return 1
    fi
    write_certificate < "$QRM/tmp/authority.der" > "$QRM/etc/ca.pem"
}

# One of the first two that were fetched: while an authority takes another's place, both are there, and a boot may name either. Leaves it in
# authority.der, and its digest in $digest; the second's when none fits
certificate_by_digest() {
    for number in 1 2; do
        nth_certificate "$number" < "$QRM/tmp/authority.answer" | base64 -d > "$QRM/tmp/authority.der" 2> /dev/null || :
        digest=$(sha256sum < "$QRM/tmp/authority.der" | cut -d ' ' -f 1)
        [ "$digest" != "$1" ] || return 0
    done
}

nth_certificate() {
    tr -d '\r' | awk -v wanted="$1" '/^-----END/ { inside = 0 } inside && number == wanted; /^-----BEGIN CERTIFICATE-----/ { inside = 1; number++ }'
}

# what was checked is what is trusted: the file is made anew from the bytes that were hashed, so nothing rides along
write_certificate() {
    echo '-----BEGIN CERTIFICATE-----'
    base64
    echo '-----END CERTIFICATE-----'
}

# Sets the clock by the Date header of an answer when it is more than five minutes off: with a flat battery every certificate is
# "not yet valid". Believing plain HTTP here could only make an expired certificate of the pinned authority look good.
# $1: http base address, asked when the authority's certificate did not come from there
correct_clock() {
    [ -f "$QRM/tmp/authority.log" ] || fetch authority 10 64 "$1/boot/ca.pem"
    server_time=$(date_header "$QRM/tmp/authority.log") || return 0
    difference=$((server_time - $(date +%s)))
    if [ "$difference" -gt 300 ] || [ "$difference" -lt -300 ]; then
        date -u -s "@$server_time" > /dev/null && say "the clock was $difference s off; set by the server's"
    fi
}

# seconds since 1970 of the Date header in the log $1 of a request
date_header() {
    header=$(sed -n 's/^ *Date: [A-Za-z]*, \([0-9A-Za-z: ]*\) GMT.*/\1/p' "$1" | head -n 1)
    [ -n "$header" ] && date -u -D '%d %b %Y %H:%M:%S' -d "$header" +%s 2> /dev/null
}
