# shellcheck shell=dash

GOOD='qrm.server=https://10.0.0.1:8443 qrm.http=http://10.0.0.1:8080 qrm.mac=52:54:00:aa:00:01 qrm.token=dG9rZW4 qrm.image=idle'

# a machine whose restart, switching off and mounts are only written down
a_machine_in_memory() {
    server=https://10.0.0.1:8443 resource=r1 registered=10.0.0.9 state=idle error='' failures=0 job='' wanted='' retry_at=0
    echo 'address=10.0.0.9' > qrm/lease
    echo '100.00 90.00' > proc/uptime
    echo '0.12 0 0 1/1 1' > proc/loadavg
    echo 'MemAvailable: 524288 kB' > proc/meminfo
    restart() { echo restart >> done_to_it; }
    switch_off() { echo switch_off >> done_to_it; }
    begin_inventory() { :; }
    undo_root() { echo undo_root >> done_to_it; }
    prepare_root() { echo "mounting $(answer_value source "$1")" >> done_to_it; }
}

told_to() {
    printf '%s\n' "$@" > told
    obey told
}

test_reads_its_parameters() {
    echo "$GOOD qrm.ca=$(printf '%064d' 7)" > proc/cmdline
    read_command_line
    expect 'https://10.0.0.1:8443 52:54:00:aa:00:01 dG9rZW4' "$server $mac $token"
}

test_restarts_after_a_minute_when_it_does_not_know_its_server() {
    echo 'quiet' > proc/cmdline
    restart_after() {
        echo "$1" > restarted
        exit 0
    }
    (read_command_line) 2> said
    expect 60 "$(cat restarted)"
    expect_text 'lacks qrm.server' said
}

test_refuses_a_digest_that_is_none() {
    echo "$GOOD qrm.ca=xyz" > proc/cmdline
    restart_after() { exit 3; }
    code=0
    (read_command_line) 2> said || code=$?
    expect 3 "$code"
    expect_text 'lacks qrm.ca' said
}

# the line of a loader that gives all machines the same
a_line_for_all() {
    echo "console=ttyS0 qrm.http=http://10.0.0.1:8080 qrm.mac=${1-52:54:00:aa:00:01}" > proc/cmdline
    read_command_line
}

a_configuration() {
    fake_wget 200 image=default loader=linux kernel=/boot/images/default/vmlinuz argument=quiet \
        argument=qrm.server=https://10.0.0.1:8443 argument=qrm.http=http://10.0.0.1:8080 "argument=qrm.ca=$(printf '%064d' 7)" \
        argument=qrm.mac=52:54:00:aa:00:01 argument=qrm.token=dG9rZW4 argument=qrm.image=default
}

test_asks_for_what_the_loader_could_not_ask() {
    a_line_for_all
    a_configuration
    ask_configuration
    expect 'https://10.0.0.1:8443 52:54:00:aa:00:01 dG9rZW4 default' "$server $mac $token $image"
    expect_text 'http://10.0.0.1:8080/boot/configuration/52:54:00:aa:00:01' chroot.calls
}

test_asks_nothing_when_the_line_has_all() {
    echo "$GOOD qrm.ca=$(printf '%064d' 7)" > proc/cmdline
    read_command_line
    ask_configuration
    [ ! -e chroot.calls ]
}

test_asks_for_the_card_that_the_firmware_booted_from_when_the_line_names_none() {
    booted_card() { echo 52:54:00:aa:00:02; }
    a_line_for_all ''
    expect 52:54:00:aa:00:02 "$mac"
}

test_asks_again_when_the_server_refuses() {
    a_line_for_all
    fake_wget 409 'The machine is up.'
    sleep() {
        echo "sleep $1" >> done_to_it
        a_configuration
    }
    ask_configuration 2> said
    expect 'sleep 5' "$(cat done_to_it)"
    expect_text 'does not tell what to boot: HTTP status 409, The machine is up.; asking again in 5 s' said
    expect dG9rZW4 "$token"
}

test_says_what_a_signed_loader_does_not_start() {
    a_line_for_all
    fake_wget 200 image=Xen_kernel_1_0 loader=multiboot
    sleep() { a_configuration; }
    ask_configuration 2> said
    expect_text 'is to boot Xen_kernel_1_0, which a signed boot loader does not start here: switch off Secure Boot' said
}

test_starts_from_its_disk_when_the_server_says_so() {
    a_line_for_all
    fake_wget 200 loader=local
    boot_from_disk_next() { echo next >> done_to_it; }
    restart_after() {
        echo "restart_after $1" >> done_to_it
        exit 0
    }
    (ask_configuration) 2> said
    expect 'next restart_after 0' "$(tr '\n' ' ' < done_to_it | sed 's/ $//')"
}

test_says_when_there_is_no_disk_to_start_from() {
    a_line_for_all
    fake_wget 200 loader=local
    boot_from_disk_next() { return 1; }
    restart_after() {
        echo "restart_after $1" >> done_to_it
        exit 0
    }
    (ask_configuration) 2> said
    expect 'restart_after 60' "$(cat done_to_it)"
    expect_text 'has no entry for one' said
}

test_obeys_reboot_power_off_and_local_boot() {
    a_machine_in_memory
    told_to do=reboot 2> /dev/null
    told_to do=power-off 2> /dev/null
    told_to do=local-boot 2> /dev/null
    expect 'restart switch_off restart' "$(tr '\n' ' ' < done_to_it | sed 's/ $//')"
}

test_does_nothing_on_continue_and_on_words_that_it_does_not_know() {
    a_machine_in_memory
    told_to do=continue
    told_to 'do=$(touch hacked)'
    told_to something=else
    [ ! -e done_to_it ] && [ ! -e hacked ]
}

test_starts_again_when_its_address_is_another_than_the_one_that_it_registered() {
    a_machine_in_memory
    restart_after() { echo "restart_after $1" >> done_to_it; }
    registered=10.0.0.9
    printf 'address=10.0.0.9\ninterface=eth0\n' > qrm/lease
    follow_address
    [ ! -e done_to_it ]
    printf 'address=10.0.0.8\ninterface=eth0\n' > qrm/lease
    follow_address 2> said
    expect 'restart_after 5' "$(cat done_to_it)"
    expect_text '10.0.0.8 instead of 10.0.0.9' said
}

test_is_ready_to_hand_over_when_the_image_is_mounted() {
    a_machine_in_memory
    told_to do=mount source=10.0.0.2:/export/web1 2> /dev/null
    expect mounting "$state"
    watch_job 30
    expect finished "$job"
}

test_reports_why_a_mount_failed_and_tries_again_later() {
    a_machine_in_memory
    prepare_root() {
        echo 'permission denied' >&2
        false
        echo 'went on' >> done_to_it
    }
    told_to do=mount source=10.0.0.2:/export/web1 2> /dev/null
    watch_job 30 2> /dev/null
    expect 'permission denied / 105' "$error /$job $retry_at"
    ! grep -q 'went on' done_to_it
    expect 5 "$(patience)"
    report_body "$state" > body
    expect_text '^state=mounting$' body
    expect_text '^error=permission denied$' body
    retry_mount 2> /dev/null
    expect '' "$job"
    echo '105.00 90.00' > proc/uptime
    retry_mount 2> /dev/null
    [ -n "$job" ]
    watch_job 30 2> /dev/null
}

test_goes_on_with_the_same_instruction() {
    a_machine_in_memory
    told_to do=mount source=10.0.0.2:/a 2> /dev/null
    watch_job 30
    told_to do=mount source=10.0.0.2:/a 2> /dev/null
    expect 1 "$(grep -c mounting done_to_it)"
}

test_starts_afresh_with_another_instruction() {
    a_machine_in_memory
    told_to do=mount source=10.0.0.2:/a 2> /dev/null
    watch_job 30
    told_to do=mount source=10.0.0.2:/b 2> /dev/null
    watch_job 30
    expect_text 'mounting 10.0.0.2:/b' done_to_it
}

test_says_that_it_mounts_before_it_hands_over() {
    a_machine_in_memory
    printf '%s\n' do=mount source=10.0.0.2:/a > qrm/tmp/register.answer
    fake_wget 200 do=continue
    work 2> /dev/null
    expect_text '^state=mounting$' request.body
}

test_gives_a_mount_up_when_it_is_to_be_idle() {
    a_machine_in_memory
    prepare_root() { exec sleep 1000; }
    told_to do=mount source=10.0.0.2:/a 2> /dev/null
    sleeper=$job
    told_to do=idle
    expect 'idle ' "$state $job"
    expect_text undo_root done_to_it
    wait "$sleeper" || :
}

test_starts_again_when_the_server_has_forgotten_it() {
    a_machine_in_memory
    http=http://10.0.0.1:8080 mac=52:54:00:aa:00:01 node_token=secret
    restart_after() { echo "restart after $1" >> done_to_it; }
    fake_wget 401 'error=unknown token'
    report idle 0
    heed 2> /dev/null
    expect 'restart after 10' "$(cat done_to_it)"
}

# answers_of REPORT CONFIGURATION: the statuses of both; with what the configuration was asked for is in asked_with
answers_of() {
    of_report=$1 of_configuration=$2
    fetch() {
        status=$of_report trouble='not its token'
        case $4 in
            */boot/*)
                status=$of_configuration
                cp qrm/etc/wgetrc asked_with
                ;;
        esac
    }
}

test_does_not_start_again_for_somebody_who_has_taken_its_place() {
    a_machine_in_memory
    http=http://10.0.0.1:8080 mac=52:54:00:aa:00:01 node_token=secret
    restart_after() { echo "restart after $1" >> done_to_it; }
    fake sleep
    answers_of 401 409
    report idle 0
    heed 2> said
    [ ! -e done_to_it ]
    expect_text 'another machine has taken the place' said
    expect_refusal expect_text secret asked_with
    expect_text secret qrm/etc/wgetrc
    answers_of 401 200
    report idle 0
    heed 2> said
    expect 'restart after 10' "$(cat done_to_it)"
}

test_keeps_reporting_while_the_server_is_away() {
    a_machine_in_memory
    fake sleep
    fake_wget 000
    for attempt in 1 2 3; do
        report idle 0
        heed
    done 2> said
    expect '1 2 3' "$(tr '\n' ' ' < sleep.calls | sed 's/ $//')"
    expect 1 "$(grep -c 'does not answer' said)"
    [ ! -e done_to_it ]
}

test_takes_an_answer_out_of_the_grammar_for_none() {
    a_machine_in_memory
    fake_wget 200 'do=reboot' '<html>'
    report idle 0
    expect 000 "$status"
}

# CARD RECEIVED SENT
a_card_that_counts() {
    mkdir -p "sys/class/net/$1/device" "sys/class/net/$1/statistics"
    echo "$2" > "sys/class/net/$1/statistics/rx_bytes"
    echo "$3" > "sys/class/net/$1/statistics/tx_bytes"
}

test_reports_how_it_is() {
    a_machine_in_memory
    a_card_that_counts eth0 5000000000 70
    a_card_that_counts eth1 1 2
    expect 'resource=r1
state=idle
load=0.12
memory-free-mb=512
uptime=100
received=5000000001
sent=72' "$(report_body idle)"
}

# a report is not to be refused for the sake of a number
test_leaves_out_what_cards_tell_that_is_no_number() {
    a_machine_in_memory
    a_card_that_counts eth0 10 20
    a_card_that_counts eth1 '' 1
    a_card_that_counts eth2 18446744073709551615 1
    a_card_that_counts eth3 -5 1
    a_card_that_counts eth4 '1 2' 1
    a_card_that_counts eth5 7 'x*(1'
    a_card_that_counts eth6 8 9
    rm sys/class/net/eth6/statistics/tx_bytes
    a_card_that_counts br0 100 100
    rmdir sys/class/net/br0/device
    expect 'received=10
sent=20' "$(traffic 2>&1)"
    rm -r sys/class/net
    expect 'received=0
sent=0' "$(traffic 2>&1)"
}
