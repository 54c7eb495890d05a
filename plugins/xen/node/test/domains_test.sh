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

# as xl of 4.11 to 4.20 lists them, with domains that somebody else has made
test_counts_the_memory_of_each_domain_but_the_first() {
    OVERHEAD_MB=8
    head='Name                                        ID   Mem VCPUs\tState\tTime(s)'
    first='Domain-0                                     0   512     1     r-----      25.5'
    for line in '=0' 'web1                                         1   256     1     -b----       2.5=264' \
        'my old vm                                   12  1024     2     r-----     123.4=1032' '1 2 3                                        4    64     1     --p---       0.0=72' \
        '(null)                                       5     0     1     --ps-d       9.1=8' 'Xenstore                                     1    31     1     -b----       0.1=39' \
        'r-----                                       6   128     1     ---s--       1.0=136' 'vm                                       32767 65536    64     ----c-   99999.9=65544'; do
        printf "$head\\n%s\\n%s\\n" "$first" "${line%=*}" > list
        expect "${line##*=}" "$(memory_of_partitions list)"
    done
}

test_finds_a_domain_whatever_stands_around_it() {
    uuid=$(uuid_of "$MAC")
    head='Name                                        ID   Mem VCPUs\tState\tTime(s)                              UUID Reason-Code\tSecurity Label\tNODE Affinity'
    for line in "web1  7  256  1  -b----  2.5 $uuid - - any=7 running" "web1  7  256  1  r-----  2.5 $uuid - system_u:system_r:domU_t 0-1=7 running" \
        "my web  8  256  1  --p---  0.0 $uuid - - any=8 paused" "(null)  9  0  1  --ps-d  2.5 $uuid 0 - any= absent" "web1 10 256 1 ---s-- 2.5 $uuid 1 - all=10 rebooting" \
        "web1 11 256 1 ----c- 2.5 $uuid 3 -=11 crashed" "$uuid 12 256 1 r----- 2.5 51524d00-0000-4e00-8000-000000000000 - - any= absent"; do
        printf "$head\\n%s\\n" "${line%=*}" > list
        find_domain "$MAC" list
        expect "${line##*=}" "$domain $domain_is"
    done
}
