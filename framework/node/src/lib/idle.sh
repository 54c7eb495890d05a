# shellcheck shell=dash
# The idle environment: from the kernel command line to the hand-over.

# sets $server $http $ca $mac $token $image; a machine that does not know whom to ask cannot do anything useful
read_command_line() {
    read_parameters
    if is_left_to_ask; then
        [ -n "$mac" ] || mac=$(booted_card)
        is_mac "$mac" || useless qrm.mac 'six bytes in lower case, as in 52:54:00:aa:00:01'
    else
        check_parameters
    fi
}

read_parameters() {
    server=$(command_line_value qrm.server)
    http=$(command_line_value qrm.http)
    ca=$(command_line_value qrm.ca)
    mac=$(command_line_value qrm.mac)
    token=$(command_line_value qrm.token)
    image=$(command_line_value qrm.image)
}

check_parameters() {
    is_base_address "$server" https || useless qrm.server 'https://ADDRESS:PORT'
    is_base_address "$http" http || [ -s /etc/qrm/ca.pem ] || useless qrm.http 'http://ADDRESS:PORT'
    is_digest "$ca" || [ -s /etc/qrm/ca.pem ] || useless qrm.ca '64 hexadecimal digits'
    is_mac "$mac" || useless qrm.mac 'six bytes in lower case, as in 52:54:00:aa:00:01'
    consists_of "$token" 'A-Za-z0-9_-' || useless qrm.token 'a boot token'
}

# the line of a boot loader that gives all machines the same, as one does that is signed
is_left_to_ask() {
    [ -z "$server$token" ] && is_base_address "$http" http
}

# what such a loader could not ask: the boot configuration of this machine; once the network is there
ask_configuration() {
    is_left_to_ask || return 0
    pause=5
    until fetch_configuration; do
        say "$complaint; asking again in $pause s"
        sleep "$pause"
        pause=$((pause < 30 ? pause + 5 : 30))
    done
    check_parameters
}

fetch_configuration() {
    told=$QRM/tmp/configuration.answer
    fetch configuration 10 64 "$http/boot/configuration/$mac"
    if [ "$status" != 200 ]; then
        complaint="$http does not tell what to boot: ${trouble:-HTTP status $status}"
        [ ! -s "$told" ] || complaint="$complaint, $(printable 300 < "$told")"
        return 1
    fi
    answer_is_valid "$told" || {
        complaint="what $http tells to boot is not in the grammar of the protocol"
        return 1
    }
    [ "$(answer_value loader "$told")" != local ] || boot_from_disk
    image=$(answer_value image "$told")
    [ "$image" = default ] || {
        complaint="this machine is to boot $(printf '%s' "$image" | printable 64), which a signed boot loader does not start here: switch off Secure Boot in its firmware"
        return 1
    }
    answer_values argument "$told" > "$QRM/tmp/parameters"
    parameters=$QRM/tmp/parameters
    read_parameters
}

boot_from_disk() {
    if boot_from_disk_next; then
        say 'restarting, to start from the local disk'
        restart_after 0
    fi
    say 'this machine is to start from its disk, and its firmware has no entry for one. Restarting in 60 s'
    restart_after 60
}

useless() {
    say "the kernel command line lacks $1, or its value is wrong (it should be $2)."
    say "Was this machine booted by a QRM server? Check the boot configuration that its boot loader was given. Restarting in 60 s"
    restart_after 60
}

restart_after() {
    sleep "$1"
    restart
}

restart() {
    announce_leaving
    sync
    reboot -f
    sleep 30
    echo b > "$PROC/sysrq-trigger"
}

# the server lets a machine boot that it has heard this from; from others it waits until they must be gone
announce_leaving() {
    [ -n "${resource:-}" ] || return 0
    report_body stopping > "$QRM/tmp/goodbye"
    fetch goodbye 5 64 "$server/node/v1/report?hold=0" goodbye
}

switch_off() {
    announce_leaving
    sync
    poweroff -f
    sleep 30
    echo o > "$PROC/sysrq-trigger"
}

start_sshd() {
    "$QRM/bin/qrm-sshd" < /dev/null > /dev/null 2>&1 &
    sshd_pid=$!
}

# reports and carries out what the answers say, until an image is ready to be handed over to
work() {
    state=idle error='' failures=0 job='' wanted='' retry_at=0
    obey "$QRM/tmp/register.answer"
    until [ "$job" = finished ]; do
        before=$(uptime_seconds)
        follow_address
        report "$state" "$(patience)"
        [ "$state" != mounting ] || announced=yes
        heed
        retry_mount
        if [ -z "$job" ]; then
            not_too_often "$before"
        elif [ -n "$announced" ]; then
            watch_job 3
        fi
    done
}

# the server knows this machine, and opens storage to it, by the address with which it registered
follow_address() {
    now=$(answer_value address "$QRM/lease")
    [ "$now" != "$registered" ] || return 0
    say "DHCP has given this machine $now instead of $registered. Starting again in 5 s to register with that"
    restart_after 5
}

# seconds that the server may hold the answer back: none while something is going on here
patience() {
    if [ -n "$job" ]; then
        echo 0
    elif [ -n "$wanted" ]; then
        left=$((retry_at - $(uptime_seconds)))
        echo $((left < 0 ? 0 : left > 10 ? 10 : left))
    else
        echo 10
    fi
}

heed() {
    case $status in
        200)
            [ "$failures" -eq 0 ] || say "the server answers again"
            failures=0
            obey "$instruction"
            ;;
        401)
            why=${trouble:-401}
            if is_held_by_another; then
                say "another machine has taken the place of this one, and the server boots nobody for it: $why. Asking again in 20 s"
                sleep 20
            else
                say "the server does not know this machine any more: $why. Starting again in 10 s to register anew"
                restart_after 10
            fi
            ;;
        *)
            failures=$((failures + 1))
            [ $((failures % 10)) -ne 1 ] || say "the server does not answer: ${trouble:-HTTP status $status}; trying on"
            sleep $((failures < 5 ? failures : 5))
            ;;
    esac
}

# whether this machine would wait in its boot loader: asked as that asks, and without the token, since anybody can read along
is_held_by_another() {
    configure_http
    fetch place 10 64 "$http/boot/configuration/$mac"
    configure_http "$node_token"
    [ "$status" = 409 ]
}

obey() {
    case $(answer_value 'do' "$1") in
        idle) become_idle ;;
        mount)
            grep -v -e '^node-token=' "$1" > "$QRM/tmp/wanted.new"
            begin_mount
            ;;
        reboot)
            say 'restarting, as the server says'
            restart
            ;;
        local-boot)
            say 'restarting, to start from the local disk'
            restart
            ;;
        power-off)
            say 'switching off, as the server says'
            switch_off
            ;;
    esac
}

become_idle() {
    [ "$state" = idle ] || stop_mount
    state=idle error='' wanted=''
    begin_inventory
}

# the same instruction again, while it is being carried out or waits to be tried again, changes nothing
begin_mount() {
    if [ -n "$wanted" ] && cmp -s "$QRM/tmp/wanted.new" "$wanted"; then
        return
    fi
    stop_mount
    wanted=$QRM/tmp/wanted
    mv "$QRM/tmp/wanted.new" "$wanted"
    state=mounting error='' attempts=0
    start_job
}

start_job() {
    say "mounting $(answer_value source "$wanted" | printable 200) for $(answer_value environment "$wanted" | printable 100)"
    rm -f "$QRM/tmp/job.result"
    announced=''
    run_job &
    job=$!
}

run_job() {
    set +e
    (set -e && prepare_root "$wanted") > "$QRM/tmp/job.error" 2>&1 &
    inner=$!
    trap 'kill "$inner"; exit' TERM
    wait "$inner"
    echo $? > "$QRM/tmp/job.new"
    mv "$QRM/tmp/job.new" "$QRM/tmp/job.result"
}

# waits at most $1 seconds for the job; then $job is: finished, empty (failed, $error says why) or its process
watch_job() {
    tries=$(($1 * 10))
    until [ -f "$QRM/tmp/job.result" ] || [ "$tries" -eq 0 ]; do
        sleep 0.1
        tries=$((tries - 1))
    done
    [ -f "$QRM/tmp/job.result" ] || return 0
    if [ "$(first_line "$QRM/tmp/job.result")" = 0 ]; then
        job=finished
        return
    fi
    job=''
    error=$(tail -n 3 "$QRM/tmp/job.error" | printable 500)
    undo_root
    attempts=$((attempts + 1))
    pause=$((attempts < 6 ? attempts * 5 : 30))
    retry_at=$(($(uptime_seconds) + pause))
    say "$error; trying again in $pause s"
}

retry_mount() {
    [ -n "$wanted" ] && [ -z "$job" ] && [ "$(uptime_seconds)" -ge "$retry_at" ] || return 0
    start_job
}

stop_mount() {
    [ -z "$job" ] || kill "$job" 2> /dev/null || :
    job=''
    undo_root
}
