# shellcheck shell=dash

# is_found_as STATE LINE-OF-DOMAINS
is_found_as() {
    echo "$2" > domains
    look_for "$MAC"
    expect "$1" "$domain_is"
}

test_tells_what_a_domain_does() {
    uuid=$(uuid_of "$MAC")
    is_found_as running "3 r----- $uuid -"
    is_found_as running "3 -b---- $uuid -"
    is_found_as running "3 ------ $uuid -"
    is_found_as paused "3 --p--- $uuid -"
    is_found_as off "3 ---s-- $uuid 0"
    is_found_as rebooting "3 ---s-- $uuid 1"
    is_found_as crashed "3 ---sc- $uuid 3"
    is_found_as crashed "3 ---s-- $uuid 4"
    is_found_as absent "3 --ps-d $uuid 0"
    is_found_as absent '3 r----- 51524d00-7865-4e00-8000-000000000000 -'
}

test_knows_the_number_of_a_domain_with_an_odd_name() {
    printf '%s\n' 'Name ID Mem VCPUs State Time(s) UUID Reason-Code Security Label' \
        "a b c                                        17   256     1     -b----       1.0 $(uuid_of "$MAC")        -                -" > listing
    find_domain "$MAC" listing
    expect 17 "$domain"
}

judged() {
    echo "this-boot $2" > "$DIRECTORY/state"
    domain_is=$1
    judge "$MAC"
    echo "$state $reason"
}

test_judges_by_the_domain_and_by_what_was_noted() {
    mkdir -p "$DIRECTORY"
    expect 'running ' "$(judged running 'running ')"
    expect 'paused ' "$(judged paused 'running ')"
    expect 'stopped its start was interrupted' "$(judged paused 'starting ')"
    expect 'stopped its domain is gone: somebody else has destroyed it' "$(judged absent 'running ')"
    expect 'running restarting' "$(judged rebooting 'running ')"
    expect 'running restarting' "$(judged absent 'restarting ')"
    expect 'crashed it restarts itself, but cannot be started: no server; trying again' "$(judged absent 'retrying no server')"
    expect 'stopped it has switched itself off' "$(judged off 'running ')"
    expect 'crashed oops' "$(judged absent 'crashed oops')"
    expect 'stopped xl create failed' "$(judged absent 'stopped xl create failed')"
}

test_tells_a_start_that_goes_on_from_one_that_was_interrupted() {
    mkdir -p "$DIRECTORY"
    lock_partition "$MAC"
    expect 'stopped being started' "$(judged absent 'starting ')"
    release
    expect 'stopped its start was interrupted' "$(judged absent 'starting ')"
}

test_knows_that_the_host_has_been_restarted() {
    mkdir -p "$DIRECTORY"
    echo 'another-boot running' > "$DIRECTORY/state"
    domain_is=absent
    judge "$MAC"
    expect 'stopped the host has been restarted' "$state $reason"
}

test_notes_down_reasons_as_one_plain_line() {
    mkdir -p "$DIRECTORY"
    record "$MAC" stopped "two
lines$(printf '\033')[1m"
    expect 'this-boot stopped two lines[1m' "$(cat "$DIRECTORY/state")"
}

test_does_not_believe_a_destroy_that_did_nothing() {
    echo "3 r----- $(uuid_of "$MAC") -" > domains
    fake xl 'case $1 in list) echo "d 3 256 1 r----- 1.0 $(cat uuid) - -" ;; destroy) echo "no way" >&2; exit 1 ;; esac'
    uuid_of "$MAC" > uuid
    look_for "$MAC"
    expect_refusal destroy "$MAC"
    expect_text 'did not end the domain 3: no way' refusal
}

test_keeps_two_commands_off_one_partition() {
    lock_partition "$MAC"
    (
        exec 9>&-
        lock_partition_or_leave "$MAC"
        echo > entered
    )
    [ ! -e entered ]
}
