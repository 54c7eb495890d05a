# shellcheck shell=bash
# Tells of the steps of the demonstration: a line for each, with the seconds since the beginning; on a terminal the last line
# changes while a step is under way.

TERMINAL=''
[ ! -t 1 ] || TERMINAL=yes

clock() { printf '[%4d s]' $((SECONDS - BEGAN)); }

# done_with TEXT: a step that is over
done_with() {
    [ -z "$TERMINAL" ] || printf '\r\033[K'
    printf '%s %s\n' "$(clock)" "$*"
}

# under_way TEXT: what is waited for; nothing where it would fill a log
under_way() {
    [ -n "$TERMINAL" ] || return 0
    local text
    text="$(clock) $*"
    printf '\r\033[K%s' "${text:0:$((${COLUMNS:-80} - 1))}"
}

# step TEXT COMMAND…: runs it; its last line shows how far it is, and all of it when it fails
step() {
    local text=$1 output=$DEMO/step.log pid status=0
    shift
    "$@" >"$output" 2>&1 </dev/null &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        under_way "$text: $(tail -n 1 "$output" | tr -cd ' -~')"
        sleep 0.3
    done
    wait "$pid" || status=$?
    if [ "$status" -ne 0 ]; then
        [ -z "$TERMINAL" ] || echo
        tail -n 30 "$output" >&2
        fail "could not be done: $text (status $status, see above): $*"
    fi
    done_with "$text"
}

# await SECONDS TEXT COMMAND…: until it succeeds; what it prints is how far it is
await() {
    local limit=$((SECONDS + $1)) text=$2 now
    shift 2
    until now=$("$@"); do
        alive
        if [ "$SECONDS" -ge "$limit" ]; then
            [ -z "$TERMINAL" ] || echo
            fail "not in time: $text; it is: ${now:-not known}. See $QRM_DATA/log/qrm.log${RACK_LOGS:+ and the consoles in $RACK_LOGS}"
        fi
        under_way "$text: $now"
        sleep 0.5
    done
    done_with "$text"
}

fail() {
    echo "demo: $*" >&2
    exit 1
}
