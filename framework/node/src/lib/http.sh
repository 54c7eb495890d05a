# shellcheck shell=dash
# Requests to the server. wget runs by chroot in the client's own little root, with the certificate of the server's authority as
# the only one that it trusts, and with the node token in its configuration file (an argument would show in ps).

# writes that configuration; $1: node token or nothing
configure_http() {
    (
        umask 077
        {
            printf '%s\n' 'ca_certificate = /etc/ca.pem' 'ca_directory = /etc/none' 'check_certificate = on' 'use_proxy = off' \
                'hsts = off' 'tries = 1' 'max_redirect = 0' 'content_on_error = on' 'server_response = on' 'verbose = off' \
                'header = Content-Type: text/plain; charset=utf-8'
            [ -z "${1:-}" ] || printf 'header = Authorization: Bearer %s\n' "$1"
        } > "$QRM/etc/wgetrc.new"
        mv "$QRM/etc/wgetrc.new" "$QRM/etc/wgetrc"
    )
}

# fetch NAME SECONDS KILOBYTES URL [BODY]: the answer is in $QRM/tmp/NAME.answer; sets $status (000: no answer) and $trouble
# A body is a file in $QRM/tmp and makes it a POST.
fetch() {
    name=$1 seconds=$2 blocks=$(($3 * 2)) url=$4 body=${5:-}
    set --
    [ -z "$body" ] || set -- --post-file="/tmp/$body"
    rm -f "$QRM/tmp/$name.answer"
    (
        ulimit -f "$blocks"
        exec timeout $((seconds + 5)) chroot "$QRM" /bin/wget --config=/etc/wgetrc --timeout="$seconds" -O "/tmp/$name.answer" "$@" "$url"
    ) > /dev/null 2> "$QRM/tmp/$name.log" < /dev/null || :
    status=$(status_in "$QRM/tmp/$name.log")
    trouble=''
    if [ "$status" = 000 ]; then
        trouble=$(grep -v -e '^ *$' -e '^--' "$QRM/tmp/$name.log" | tail -n 2 | printable 200)
        trouble=${trouble:-no answer in $seconds s}
    elif [ "$status" != 200 ]; then
        trouble=$(refusal "$QRM/tmp/$name.answer")
    fi
}

# the status line in wget's log, or 000
status_in() {
    found=000
    while read -r line; do
        case $line in
            HTTP/1.[01]\ [1-5][0-9][0-9]*)
                found=${line#* }
                found=${found%% *}
                ;;
        esac
    done < "$1"
    echo "$found"
}

# why the server refused: its error line
refusal() {
    if [ -f "$1" ] && answer_is_valid "$1"; then
        answer_value error "$1" | printable 200
    fi
}
