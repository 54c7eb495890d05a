# shellcheck shell=dash
# qrm-execd: a verb and base64url arguments in, a program with exactly these arguments out. No shell ever sees the decoded text.

MAX_COMMAND=9000   # bytes; dropbear takes no longer line either
MAX_ARGUMENTS=256
PARENT_POLL=2 # seconds between looks whether the connection still lives
KILL_AFTER=10 # seconds between asking a verb to end and ending it

execute() {
    [ ${#1} -le "$MAX_COMMAND" ] || reject "the command line is ${#1} bytes long; the limit is $MAX_COMMAND"
    case $1 in
        *[!A-Za-z0-9/_\ -]*) reject 'the command line holds characters other than verb, blank and base64url' ;;
    esac
    # shellcheck disable=SC2086  # words are wanted; set -f keeps * what it is
    set -- $1
    [ $# -gt 0 ] || reject "no verb; there are: $(verbs)"
    [ $# -le $((MAX_ARGUMENTS + 1)) ] || reject "more than $MAX_ARGUMENTS arguments"
    verb=$1
    shift
    left=$#
    while [ "$left" -gt 0 ]; do
        decode "$1"
        shift
        set -- "$@" "$decoded"
        left=$((left - 1))
    done
    case $verb in
        ping) echo pong ;;
        facts) all_facts ;;
        shell) person_at_terminal ;;
        */*) run_verb "$verb" "$@" ;;
        *) unknown "$verb" ;;
    esac
}

reject() {
    echo "qrm-execd: $*" >&2
    exit 126
}

unknown() {
    echo "qrm-execd: there is no verb '$(printf '%s' "$1" | printable 128)'; there are: $(verbs)" >&2
    exit 127
}

verbs() (
    set +f
    printf 'ping facts shell'
    for file in "$QRM"/services/*/verbs/*; do
        [ -f "$file" ] && [ -x "$file" ] || continue
        service=${file%/verbs/*}
        printf ' %s/%s' "${service##*/}" "${file##*/}"
    done
)

# decode WORD: sets $decoded to exactly the bytes that were encoded. A shell cannot hold NUL bytes, so these are refused.
decode() {
    decoded=''
    [ "$1" != - ] || return 0
    case $1 in
        *[!A-Za-z0-9_-]*) reject 'an argument is not base64url' ;;
    esac
    padding=''
    case $((${#1} % 4)) in
        1) reject 'an argument is not base64url: its length is impossible' ;;
        2) padding='==' ;;
        3) padding='=' ;;
    esac
    decoded=$(printf '%s' "$1$padding" | tr '_-' '/+' | base64 -d 2> /dev/null && printf .) || reject 'an argument is not base64url'
    decoded=${decoded%.}
    [ ${#decoded} -eq $((${#1} * 3 / 4)) ] || reject 'an argument holds a NUL byte'
}

# run_verb PLUGIN/NAME [ARGUMENT...]
run_verb() {
    plugin=${1%%/*} name=${1#*/}
    is_name "$plugin" && is_name "$name" || unknown "$1"
    program=$QRM/services/$plugin/verbs/$name
    [ -f "$program" ] && [ -x "$program" ] || unknown "$1"
    shift
    cd /
    [ ! -t 0 ] || run_at_terminal "$program" "$@"
    run_bound_to_connection "$program" "$@"
}

# At a terminal the verb takes this process's place: it leads the session, so its are the keys, what they interrupt, and the hang-up.
run_at_terminal() {
    trap '' HUP # a verb that ends at once must not end who looks after what it leaves
    end_with_terminal "$$" < /dev/null > /dev/null 2>&1 &
    trap - HUP
    unset SSH_ORIGINAL_COMMAND
    exec "$@"
}

# One of the verb's session. When the verb has ended the kernel tells it so (SIGHUP); when the server hangs up only the verb is told, but then no
# process of the session has a terminal any more. Either way all of the verb's process group end, this one at last.
end_with_terminal() {
    over=''
    trap 'over=yes' HUP
    trap '' TERM
    while [ -z "$over" ] && { true < /dev/tty; } 2> /dev/null; do
        sleep "$PARENT_POLL" || :
    done
    kill -TERM "-$1" 2> /dev/null || :
    tries=$((KILL_AFTER * 10))
    while [ "$tries" -gt 0 ] && [ -d "$PROC/$1" ]; do
        sleep 0.1 || :
        tries=$((tries - 1))
    done
    sleep 1 || : # for what it started, which was asked only now
    kill -KILL "-$1"
}

# The verb runs in a session of its own. When the connection ends before it does, nobody waits for the result any more and the server
# may soon ask again: then the verb and what it started are ended, as they are when the server sends the signal TERM. What calls setsid
# itself (a daemon) stays. The watcher gives up the verb's output itself, because a redirection alone would keep a copy: a signal that
# reaches it too early is lost, and whoever reads the output would wait for its end.
run_bound_to_connection() {
    exec 3<&0
    setsid "$@" <&3 3<&- &
    child=$!
    exec 3<&-
    trap 'kill "$watcher" || :; end_group "$child"; exit 143' TERM HUP INT
    (
        exec < /dev/null > /dev/null 2>&1
        watch_connection "$child" "$PPID" "$$"
    ) &
    watcher=$!
    code=0
    wait "$child" || code=$?
    kill "$watcher" 2> /dev/null || :
    exit "$code"
}

# watch_connection VERB CONNECTION EXECD, which are processes
watch_connection() {
    while [ -d "$PROC/$3" ]; do
        sleep "$PARENT_POLL"
        [ -d "$PROC/$2" ] || {
            end_group "$1"
            return
        }
    done
}

# asks all processes of a group to end, and ends those that do not
end_group() {
    tries=$((KILL_AFTER * 10))
    kill -TERM "-$1" 2> /dev/null || return 0
    while [ "$tries" -gt 0 ] && kill -0 "-$1" 2> /dev/null; do
        sleep 0.1
        tries=$((tries - 1))
    done
    kill -KILL "-$1" 2> /dev/null || :
}

# A shell for a person. It ends when the server hangs up.
person_at_terminal() {
    [ -t 0 ] || reject 'a shell needs a terminal'
    unset SSH_ORIGINAL_COMMAND
    export HOME=/root
    cd /root 2> /dev/null || cd /
    set +euf
    for program in /bin/bash /bin/sh; do
        [ ! -x "$program" ] || exec "$program" -l
    done
    exec "$QRM/bin/busybox" sh -l
}

all_facts() {
    mac=$(answer_value mac "$QRM/node")
    echo "mac=$mac"
    set +f
    facts "$mac"
    echo "address=$(answer_value address "$QRM/lease")"
}
