# shellcheck shell=bash
# The server of the demonstration, and two ways to speak to it: the command that a visitor types, and REST for what is waited for.

# unpack ARCHIVE
unpack() {
    rm -rf "$DEMO/unpacked" "$DEMO/data" "$DEMO/login" "$DEMO/password"
    mkdir -p "$DEMO/unpacked"
    # a password that was given need not be changed before anything can be shown
    (umask 077 && head -c 12 /dev/urandom | base64 | tr '+/' '-_' >"$DEMO/password")
    tar xzf "$1" -C "$DEMO/unpacked"
    HOME_DIR=$(echo "$DEMO"/unpacked/qrm-*)
    write_command qrm
    write_command qrm-plugin
    write_command qrm-configurator
}

# The commands of the distribution for this server, so that a visitor needs no settings
write_command() {
    cat >"$DEMO/$1" <<EOF
#!/bin/sh
export QRM_DATA='$QRM_DATA' QRM_ADDRESS=127.0.0.1 QRM_HTTPS_PORT=$HTTPS_PORT
export QRM_PASSWORD="\$(cat '$DEMO/password')"
exec '$HOME_DIR/bin/$1' "\$@"
EOF
    chmod +x "$DEMO/$1"
}

# start_server ADDRESS [PREFIX…]: in the background, as a child of this script. Machines without hardware virtualization, beside other
# work on the same processors, take long: the demonstration waits for them
start_server() {
    local address=$1
    shift
    QRM_ADMIN_PASSWORD=$(cat "$DEMO/password") "$@" env QRM_DATA="$QRM_DATA" QRM_ADDRESS="$address" QRM_BOOT_SECONDS=2700 QRM_RELEASE_SECONDS=1800 \
        "$HOME_DIR/bin/qrm-server" run >"$DEMO/server.log" 2>&1 </dev/null &
    SERVER=$!
}

# is it there yet, and ready?
server_is_ready() {
    [ -r "$QRM_DATA/users.properties" ] && [ -r "$QRM_DATA/tls/ca.pem" ] && curl -sf -o "$DEMO/answer" --max-time 5 \
        --cacert "$QRM_DATA/tls/ca.pem" "https://127.0.0.1:$HTTPS_PORT/readyz"
}

alive() {
    kill -0 "$SERVER" 2>/dev/null || {
        tail -n 20 "$DEMO/server.log" >&2
        fail "the server has ended; it said what is above, and its log is $QRM_DATA/log/qrm.log"
    }
}

# get PATH: what REST answers; the password is in a file, because others see command lines
get() {
    [ -s "$DEMO/login" ] || (umask 077 && printf 'user = "admin:%s"\n' "$(cat "$DEMO/password")" >"$DEMO/login")
    curl -sf --max-time 20 -K "$DEMO/login" --cacert "$QRM_DATA/tls/ca.pem" "https://127.0.0.1:$HTTPS_PORT/api/v1$1"
}

# values NAME: those of every field of that name in the JSON of standard input
values() {
    grep -o "\"$1\":\"[^\"]*\"" | cut -d'"' -f4
}

# are there N resources in that state? idle N [FILTER]
idle() {
    local answer states
    answer=$(get "/resources?limit=100${2:+&$2}") || {
        echo "REST does not answer"
        return 1
    }
    states=$(values state <<<"$answer") || states='none is known yet'
    paste -sd ' ' <<<"$states"
    [ "$(grep -cx idle <<<"$states")" -ge "$1" ]
}

# is ENVIRONMENT in that state? is_in STATE ENVIRONMENT
is_in() {
    local now
    now=$(get "/virtual-environments/$2" | values state) || now='not known'
    echo "$now"
    [ "$now" = "$1" ]
}

# of_machine ENVIRONMENT FIELD: what REST says of the machine that runs it
of_machine() {
    local resource
    resource=$(get "/virtual-environments/$1" | grep -o '"resources":\[[^],]*' | tr -dc '0-9\n')
    get "/resources/$resource" | values "$2" | head -n 1
}
