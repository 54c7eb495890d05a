# shellcheck shell=dash

# socket FILE LOCAL REMOTE STATE: one line as the kernel writes it
socket() {
    mkdir -p proc/net
    {
        echo '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
        echo "   0: $2 $3 $4 00000000:00000000 00:00000000 00000000     0        0 5007 1 0000000000000000 100 0 0 10 0"
    } > "proc/net/$1"
}

test_waits_until_the_ssh_server_listens() {
    fake sleep
    socket tcp 00000000:1F56 00000000:0000 0A
    await_sshd > said 2>&1
    expect '' "$(cat said)"
    [ ! -e sleep.calls ]
}

test_finds_an_ssh_server_that_listens_on_ipv6() {
    fake sleep
    socket tcp 00000000:0016 00000000:0000 0A
    socket tcp6 00000000000000000000000000000000:1F56 00000000000000000000000000000000:0000 0A
    await_sshd > said 2>&1
    expect '' "$(cat said)"
}

test_goes_on_without_an_ssh_server_and_says_so() {
    fake sleep
    socket tcp 0100007F:1F56 0100007F:D431 01
    await_sshd > said 2>&1
    expect_text 'does not listen on port 8022' said
    expect 50 "$(wc -l < sleep.calls)"
}
