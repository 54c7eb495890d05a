# shellcheck shell=dash
. "$tests/../src/lib/execd.sh"
set -f
PARENT_POLL=5
PROC=/proc

encoded() {
    printf '%s' "$1" | base64 | tr -d '=\n' | tr '/+' '_-'
}

a_verb() {
    mkdir -p qrm/services/demo/verbs
    {
        echo '#!/bin/sh'
        printf '%s\n' "$@"
    } > qrm/services/demo/verbs/show
    chmod +x qrm/services/demo/verbs/show
}

test_answers_a_ping() {
    expect pong "$(execute ping)"
}

test_gives_a_shell_to_nobody_without_a_terminal() {
    code=0
    (execute shell < /dev/null 2> said) || code=$?
    expect 126 "$code"
    expect_text 'needs a terminal' said
}

test_gives_a_verb_exactly_the_arguments_that_were_encoded() {
    a_verb 'for word; do printf "<%s>" "$word"; done'
    expect '<a b><><$(touch hacked) "x" *><ä>' "$(execute "demo/show $(encoded 'a b') - $(encoded '$(touch hacked) "x" *') $(encoded ä)" < /dev/null)"
    [ ! -e hacked ]
}

test_keeps_line_ends_in_arguments() {
    a_verb 'printf "%s" "$1" | wc -c'
    expect 3 "$(execute "demo/show $(printf 'x\n\n' | base64 | tr -d =)" < /dev/null)"
}

test_passes_payload_result_and_status() {
    a_verb 'cat; echo progress >&2; exit 7'
    code=0
    echo payload > input
    (execute demo/show < input > output 2> progress) || code=$?
    expect '7 payload progress' "$code $(cat output) $(cat progress)"
}

test_names_the_verbs_when_one_is_unknown() {
    a_verb true
    code=0
    (execute demo/other 2> said) || code=$?
    expect 127 "$code"
    expect_text 'there are: ping facts shell demo/show' said
}

test_runs_nothing_outside_the_verbs() {
    a_verb true
    for line in /bin/sh demo/verbs/show demo// DEMO/show demo/Show; do
        code=0
        (execute "$line" > output 2>&1) || code=$?
        expect 127 "$code"
    done
}

test_refuses_shell_text() {
    for line in 'ping;ls' 'ping $(ls)' 'ping `ls`' 'ping | ls' "ping 'x'" 'ping *' ../show demo/../show 'ping
ls'; do
        code=0
        (execute "$line" > output 2>&1) || code=$?
        expect 126 "$code"
    done
}

test_refuses_what_is_no_base64url() {
    a_verb true
    for word in A AAAAA A/ ; do
        code=0
        (execute "demo/show $word" > output 2>&1) || code=$?
        expect 126 "$code"
    done
}

test_refuses_nul_bytes() {
    a_verb true
    code=0
    (execute "demo/show YQBi" > output 2>&1) || code=$?
    expect 126 "$code"
}

test_limits_the_number_of_arguments() {
    a_verb true
    code=0
    (execute "demo/show $(yes YQ | head -n 300 | tr '\n' ' ')" > output 2>&1) || code=$?
    expect 126 "$code"
    expect_text 'more than 256' output
}

test_ends_a_verb_when_it_is_told_to() {
    a_verb 'echo > "$QRM/alive"; exec sleep 1000'
    mkfifo qrm/alive
    (execute demo/show < /dev/null) &
    execd=$!
    read -r _ < qrm/alive
    kill "$execd"
    code=0
    wait "$execd" || code=$?
    expect 143 "$code"
}

test_kills_what_does_not_end_by_itself() {
    KILL_AFTER=1
    mkfifo alive
    setsid sh -c 'trap "" TERM; echo > alive; while :; do read -r _ < alive; done' &
    child=$!
    read -r _ < alive
    end_group "$child"
    code=0
    wait "$child" || code=$?
    expect 137 "$code"
}

test_ends_a_verb_whose_connection_is_gone() {
    PARENT_POLL=0.1
    mkfifo alive
    setsid sh -c 'echo > alive; exec sleep 1000' &
    child=$!
    read -r _ < alive
    watch_connection "$child" 999999 $$
    code=0
    wait "$child" || code=$?
    expect 143 "$code"
}

# what a shell is to carry out so that execd carries out COMMAND
execd_for() {
    printf '%s' "exec env QRM='$QRM' QRM_PROC=/proc sh -c '. $tests/../src/lib/say.sh; . $tests/../src/lib/grammar.sh; . $tests/../src/lib/execd.sh; set -f; PARENT_POLL=0.1; KILL_AFTER=1; execute $1'"
}

# at_terminal COMMAND: execd in a terminal of its own
at_terminal() {
    timeout 30 script -q -e -c "$(execd_for "$1")" /dev/null
}

# await_end_of FILE: waits until the process that the file names has ended. It has also ended when nobody asked yet how (state Z): the
# parent is gone, and what stands in for it, process 1 of a container, need not ask ever.
await_end_of() {
    tries=300
    while grep -q '^State:.[^ZX]' "/proc/$(cat "$1")/status" 2> /dev/null; do
        sleep 0.1
        tries=$((tries - 1))
        [ "$tries" -gt 0 ]
    done
}

test_gives_a_verb_the_terminal_and_its_keys() {
    a_verb '[ -t 0 ] && true < /dev/tty && echo "has it"; trap "echo interrupted; exit 7" INT; mkfifo "$QRM/never"; kill -INT $$; read -r _ < "$QRM/never"'
    code=0
    at_terminal demo/show < /dev/null > said || code=$?
    expect_text 'has it' said
    expect_text 'interrupted' said
    expect 7 "$code"
}

test_ends_what_a_verb_left_running_at_its_terminal() {
    a_verb 'sh -c "trap \"\" HUP; echo \$\$ > \"$QRM/left\"; exec sleep 1000" & until [ -s "$QRM/left" ]; do :; done'
    at_terminal demo/show < /dev/null > said
    await_end_of qrm/left
}

# the server hangs up by closing the channel, and so the far end of the terminal
test_ends_a_verb_that_ignores_the_hang_up() {
    a_verb 'trap "" HUP TERM; echo $$ > "$QRM/pid"; while :; do sleep 1; done'
    script -q -c "$(execd_for demo/show)" /dev/null < /dev/null > said 2>&1 &
    far=$!
    until [ -s qrm/pid ]; do sleep 0.1; done
    kill -KILL "$far"
    await_end_of qrm/pid
}
