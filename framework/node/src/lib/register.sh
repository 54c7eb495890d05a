# shellcheck shell=dash
# Makes the machine known to the server: POST /node/v1/register until it is answered.

# leaves the answer in $QRM/tmp/register.answer
register() {
    registration > "$QRM/tmp/registration"
    pause=1
    while :; do
        fetch register 15 64 "$server/node/v1/register" registration
        case $status in
            200) if accept_registration "$QRM/tmp/register.answer"; then return; fi ;;
            401)
                say "the server refuses this boot's token: ${trouble:-401}. Starting again in 30 s to get a fresh one"
                restart_after 30
                ;;
            400 | 404 | 413) pause=60 ;;
            429) pause=30 ;;
        esac
        say "not registered with $server: ${trouble:-HTTP status $status}; trying again in $pause s"
        sleep "$pause"
        pause=$((pause < 8 ? pause * 2 : 15))
    done
}

registration() {
    echo 'version=1'
    echo "token=$token"
    echo "boot-id=$(first_line "$PROC/sys/kernel/random/boot_id")"
    echo "mac=$mac"
    echo "image=$image"
    cat "$QRM/tmp/facts"
    card_facts "$mac"
    registered=$(answer_value address "$QRM/lease")
    echo "address=$registered"
    echo "ssh-host-key=$(host_key)"
    echo "execd-port=$EXECD_PORT"
}

# done early, while the card waits for its link
gather_facts() {
    machine_facts > "$QRM/tmp/facts"
    echo "secure-boot=$(secure_boot)" >> "$QRM/tmp/facts"
    echo "bmc-address=$(bmc_address)" >> "$QRM/tmp/facts"
}

# checks all that is used later, then writes it down; the token goes into the configuration of wget
accept_registration() {
    answer_is_valid "$1" || { trouble='the answer is not in the grammar of the protocol'; return 1; }
    resource=$(answer_value resource "$1")
    node_token=$(answer_value node-token "$1")
    authorized_key=$(answer_value authorized-key "$1")
    interval=$(answer_value interval "$1")
    consists_of "$resource" 'A-Za-z0-9._:-' || { trouble='the answer names no resource'; return 1; }
    consists_of "$node_token" 'A-Za-z0-9._~+/=-' || { trouble='the answer holds no node-token'; return 1; }
    is_public_key "$authorized_key" || { trouble='the answer holds no authorized-key'; return 1; }
    consists_of "$interval" '0-9' || interval=10
    configure_http "$node_token"
    allow_key "$authorized_key"
    write_node_file
}

# what the client inside the image goes on with
write_node_file() {
    (
        umask 077
        printf '%s\n' "server=$server" "resource=$resource" "node-token=$node_token" "interval=$interval" "mac=$mac" \
            "interface=$interface" > "$QRM/node.new"
        mv "$QRM/node.new" "$QRM/node"
    )
}
