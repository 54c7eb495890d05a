# shellcheck shell=dash

a_partition() {
    settings > given
    start_partition "$MAC" < given 2> progress
    rm -f sent
}

# ended REASON: the guest has ended so
ended() {
    sed -i "s/^9 .*/9 ---s-- $(uuid_of "$MAC") $1/" domains
}

looked_after() {
    release
    (look_after "$1" 2> said && wait)
}

test_starts_a_partition_again_that_restarts_itself() {
    a_partition
    ended 1
    echo argument=qrm.token=fresh >> "www/node/v1/boot-configurations/$MAC"
    looked_after event
    expect 'running 1 0 256 ' "$(shown)"
    expect_text qrm.token=fresh "$DIRECTORY/$MAC.xen"
}

test_tries_again_when_the_server_was_not_there() {
    a_partition
    ended 1
    mv "www/node/v1/boot-configurations/$MAC" saved
    looked_after event
    expect 'crashed 1 0 256' "$(shown | cut -c 1-15)"
    expect_text 'retrying cannot fetch' "$DIRECTORY/state"
    mv saved "www/node/v1/boot-configurations/$MAC"
    looked_after time
    expect 'running 1 0 256 ' "$(shown)"
}

test_goes_on_with_a_restart_that_was_interrupted() {
    a_partition
    record "$MAC" restarting
    sed -i "s/^9 ....../9 --p---/" domains
    looked_after time
    expect 'running 1 0 256 ' "$(shown)"
    expect_text '^destroy 9' xl.calls
}

test_does_not_try_again_what_was_stopped_meanwhile() {
    a_partition
    ended 1
    rm "www/node/v1/boot-configurations/$MAC"
    looked_after event
    stop_partition "$MAC"
    rm wget.calls
    looked_after time
    [ ! -e wget.calls ]
    expect 'stopped 1 0 256 ' "$(shown)"
}

test_clears_away_what_has_switched_itself_off() {
    a_partition
    ended 0
    looked_after event
    expect 'stopped 1 0 256 it has switched itself off' "$(shown)"
    expect 0 "$(grep -c '^9' domains || :)"
}

test_says_why_a_partition_crashed() {
    a_partition
    ended 3
    printf 'booting\r\nKernel panic - not syncing: oops\r\nRebooting in 1 seconds..\r\n' > "$CONSOLES/guest-p1.log"
    looked_after event
    expect 'crashed 1 0 256 its kernel has crashed; its console says: Kernel panic - not syncing: oops' "$(shown)"
}

test_leaves_alone_what_a_command_works_on() {
    a_partition
    ended 0
    lock_partition "$MAC"
    (
        exec 9>&-
        settle "$MAC"
    )
    expect 0 "$(grep -c destroy xl.calls || :)"
}

test_leaves_alone_what_runs_and_what_somebody_destroyed() {
    a_partition
    rm xl.calls
    looked_after time
    sed -i /^9/d domains
    looked_after time
    expect 'list -v
list -v' "$(cat xl.calls)"
}

test_bounds_the_logs_of_consoles() {
    fake systemctl
    CONSOLE_LIMIT=1
    head -c 5000 /dev/zero > "$CONSOLES/guest-p1.log"
    echo little > "$CONSOLES/guest-p2.log"
    bound_consoles
    expect 'guest-p1.log.1 guest-p2.log' "$(ls "$CONSOLES" | tr '\n' ' ' | sed 's/ $//')"
    expect 'kill -s HUP qrm-xenconsoled' "$(cat systemctl.calls)"
}
