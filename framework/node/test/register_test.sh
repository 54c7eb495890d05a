# shellcheck shell=dash

KEY='ecdsa-sha2-nistp256 AAAAE2VjZHNh'

a_machine_that_may_register() {
    server=https://10.0.0.1:8443 token=dG9rZW4 mac=52:54:00:aa:00:01 image=idle interface=eth0
    mkdir -p proc/sys/kernel/random
    echo 5901d85c-b3d9-4ccb-89ab-164ffaf4cf0a > proc/sys/kernel/random/boot_id
    echo 'address=10.0.0.9' > qrm/lease
    echo cpus=2 > qrm/tmp/facts
    printf 'Public key portion is:\n%s root@(none)\nFingerprint: x\n' "$KEY" > qrm/tmp/host-key.log
}

test_sends_what_the_protocol_asks_for() {
    a_machine_that_may_register
    fake_wget 200 resource=r1 node-token=t1 "authorized-key=$KEY" interval=10 do=idle
    register
    expect "version=1
token=dG9rZW4
boot-id=5901d85c-b3d9-4ccb-89ab-164ffaf4cf0a
mac=52:54:00:aa:00:01
image=idle
cpus=2
address=10.0.0.9
ssh-host-key=$KEY
execd-port=8022" "$(cat request.body)"
}

test_keeps_what_the_image_needs_to_itself() {
    a_machine_that_may_register
    fake_wget 200 resource=r1 node-token=t1 "authorized-key=$KEY" interval=10 do=idle
    register
    expect 600 "$(stat -c %a qrm/node)"
    expect_text '^node-token=t1$' qrm/node
    expect "no-port-forwarding,no-agent-forwarding,no-X11-forwarding $KEY qrm" "$(cat qrm/root/.ssh/authorized_keys)"
}

test_restarts_when_the_boot_token_is_refused() {
    a_machine_that_may_register
    fake_wget 401 'error=used before'
    restart_after() {
        echo "$1" > restarted
        exit 0
    }
    (register)
    expect 30 "$(cat restarted)"
}

test_tries_again_when_the_server_is_not_ready() {
    a_machine_that_may_register
    fake_wget 503 'error=starting'
    fake sleep 'n=$(wc -l < '"$PWD"'/sleep.calls); [ "$n" -lt 4 ] || kill $PPID'
    (register) 2> said || :
    expect '1 2 4 8' "$(tr '\n' ' ' < sleep.calls | sed 's/ $//')"
    expect_text 'not registered with https://10.0.0.1:8443: starting; trying again in 1 s' said
}

test_refuses_a_key_that_would_add_options_or_lines() {
    a_machine_that_may_register
    printf 'resource=r1\nnode-token=t1\nauthorized-key=command="x" %s\ninterval=10\n' "$KEY" > answer
    expect_refusal accept_registration answer
    [ ! -e qrm/root/.ssh/authorized_keys ]
}

test_refuses_a_node_token_that_would_add_a_header() {
    a_machine_that_may_register
    printf 'resource=r1\nnode-token=t1 x\nauthorized-key=%s\ninterval=10\n' "$KEY" > answer
    expect_refusal accept_registration answer
}
