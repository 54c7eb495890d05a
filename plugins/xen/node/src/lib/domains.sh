# shellcheck shell=dash
# What the hypervisor runs, beside what was last noted down about each partition in <mac>/state: "<boot-id> <word> <reason>", the word
# being starting, running, restarting, retrying (a restart that failed), stopped or crashed.

# sets $domain (number) and $domain_is: absent, running, paused, off (switched itself off), rebooting, crashed
look_for() {
    xl list -v > "$RUN/domains.$1" 2>&1 || refuse "xl list fails: $(words_of "$RUN/domains.$1")"
    find_domain "$1" "$RUN/domains.$1"
    rm -f "$RUN/domains.$1"
}

# find_domain MAC LISTING
find_domain() {
    found=$(awk -v uuid="$(uuid_of "$1")" '{ for (i = 6; i < NF; i++) if ($i == uuid) { print $(i - 5), $(i - 2), $(i + 1); exit } }' "$2")
    domain=${found%% *}
    case $found in
        '' | *' '?????d' '*) domain='' domain_is=absent ;;
        *' -') case $found in
            *' '??p??*' '*) domain_is=paused ;;
            *) domain_is=running ;;
        esac ;;
        *' 0') domain_is=off ;;
        *' 1') domain_is=rebooting ;;
        *) domain_is=crashed ;;
    esac
}

# what xl said, for people: what it complains of first is the cause of the rest
words_of() {
    grep -v -e '^Parsing config' -e '^ *$' "$1" | sed 's/libxl_[a-z0-9_]*\.c:[0-9]*:[a-z0-9_]*: //' | head -n 3 | printable 400
}

record() {
    printf '%s %s %s\n' "$(first_line "$PROC/sys/kernel/random/boot_id")" "$2" "$(plain "${3:-}" 400)" > "$PARTITIONS/$1/state.new"
    mv "$PARTITIONS/$1/state.new" "$PARTITIONS/$1/state"
}

# sets $noted (a word) and $reason; a host that has restarted runs nothing of what it ran before
read_state() {
    noted=stopped reason=''
    { read -r boot noted reason < "$PARTITIONS/$1/state"; } 2> /dev/null || return 0
    [ "$boot" = "$(first_line "$PROC/sys/kernel/random/boot_id")" ] || case $noted in
        stopped | crashed) ;;
        *) noted=stopped reason='the host has been restarted' ;;
    esac
}

# sets $state to one of running, paused, stopped, crashed, and $reason. Wants $domain_is
judge() {
    read_state "$1"
    case $domain_is/$noted in
        running/*) state=running reason='' ;;
        paused/starting | absent/starting) state=stopped reason=$(if is_worked_on "$1"; then echo 'being started'; else echo 'its start was interrupted'; fi) ;;
        paused/restarting | paused/retrying | rebooting/* | absent/restarting) state=running reason='restarting' ;;
        paused/*) state=paused reason='' ;;
        off/*) state=stopped reason='it has switched itself off' ;;
        crashed/*) state=crashed reason='its kernel has crashed' ;;
        absent/running) state=stopped reason='its domain is gone: somebody else has destroyed it' ;;
        absent/retrying) state=crashed reason="it restarts itself, but cannot be started: $reason; trying again" ;;
        absent/crashed) state=crashed ;;
        *) state=stopped ;;
    esac
}

destroy() {
    [ "$domain_is" != absent ] || return 0
    xl destroy "$domain" > "$RUN/destroy.$1" 2>&1 || said=$(words_of "$RUN/destroy.$1")
    rm -f "$RUN/destroy.$1"
    look_for "$1"
    [ "$domain_is" = absent ] || refuse "xl destroy did not end the domain $domain: ${said:-it said nothing}"
}

# --- locks: kept by the file descriptors 9 and 8 of this process, so they end with it

lock_partition() {
    exec 9> "$RUN/lock/$1"
    own_tool flock -n 9 || {
        echo "another command works on $1; waiting for it" >&2
        own_tool flock 9
    }
}

lock_partition_or_leave() {
    exec 9> "$RUN/lock/$1"
    own_tool flock -n 9 || exit 0
}

is_worked_on() {
    ! (
        exec 9>> "$RUN/lock/$1"
        own_tool flock -n 9
    )
}

lock_boot_files() {
    exec 8> "$RUN/lock/boot-files"
    own_tool flock 8
}

unlock_boot_files() {
    exec 8>&-
}
