# shellcheck shell=dash
# POST /node/v1/report: says how the machine is and learns what to do.

# report STATE HOLD: sets $status, and $instruction to the file with a valid answer (only when $status is 200)
report() {
    report_body "$1" > "$QRM/tmp/report"
    fetch report $(($2 + 10)) 64 "$server/node/v1/report?hold=$2" report
    instruction=$QRM/tmp/report.answer
    if [ "$status" = 200 ] && ! answer_is_valid "$instruction"; then
        status=000
        trouble='the answer is not in the grammar of the protocol'
    fi
}

report_body() {
    echo "resource=$resource"
    echo "state=$1"
    read -r load _ < "$PROC/loadavg"
    echo "load=$load"
    echo "memory-free-mb=$(memory_free)"
    echo "uptime=$(uptime_seconds)"
    traffic
    [ -z "${error:-}" ] || echo "error=$(plain "$error" 512)"
}

memory_free() {
    while read -r name kilobytes _; do
        [ "$name" != MemAvailable: ] || echo $((kilobytes / 1024))
    done < "$PROC/meminfo"
}

# bytes that its cards have received and sent since it started; one that tells no such numbers is left out
traffic() {
    received=0 sent=0
    for card in "$SYS"/class/net/*/; do
        [ -e "${card}device" ] || continue
        in='' out=''
        [ ! -r "${card}statistics/rx_bytes" ] || read -r in < "${card}statistics/rx_bytes" || :
        [ ! -r "${card}statistics/tx_bytes" ] || read -r out < "${card}statistics/tx_bytes" || :
        case $in,$out in ,* | *, | *[!0-9,]* | ??????????????????*,* | *,??????????????????*) continue ;; esac
        received=$((received + in)) sent=$((sent + out))
    done
    echo "received=$received"
    echo "sent=$sent"
}

uptime_seconds() {
    read -r seconds _ < "$PROC/uptime"
    echo "${seconds%.*}"
}

# sleeps for the rest of the second that began at $1 (seconds of uptime): not more than one report a second
not_too_often() {
    [ "$(uptime_seconds)" -gt "$1" ] || sleep 1
}
