# shellcheck shell=dash

start() {
    settings > given
    start_partition "$MAC" < given 2> progress
    release
}

test_shows_the_end_of_the_console_across_its_files() {
    start
    printf 'one two ' > "$CONSOLES/guest-p1.log.1"
    printf 'three' > "$CONSOLES/guest-p1.log"
    expect 'wo three' "$(show_console "$MAC" 8)"
}

test_types_at_the_console_of_what_runs() {
    start
    mkdir -p "$QRM_DEV/pts"
    fake xenstore-read "echo '$QRM_DEV/pts/3'"
    printf 'root\r' | type_at_console "$MAC"
    expect '/local/domain/9/console/tty' "$(cat xenstore-read.calls)"
    expect 'root' "$(tr -d '\r' < "$QRM_DEV/pts/3")"
    pause_partition "$MAC"
    expect_refusal type_at_console "$MAC" < /dev/null
}

test_types_at_nothing_but_a_terminal() {
    start
    fake xenstore-read "echo /etc/passwd"
    expect_refusal type_at_console "$MAC" < /dev/null
    fake xenstore-read "exit 1"
    expect_refusal type_at_console "$MAC" < /dev/null
}

# a guest: what stands in its terminal is what it writes, once
a_console() {
    mkdir -p "$QRM_DEV/pts"
    printf 'old\r\n' > "$QRM_DEV/pts/3"
    fake xenstore-read "echo '$QRM_DEV/pts/3'"
    fake stty 'case $* in *"min 1 time 0") printf "live\r\n" > "$2" ;; esac'
}

test_attaches_nobody_without_a_terminal() {
    start
    a_console
    expect_refusal attach "$MAC" < /dev/null
    expect_text 'needs a terminal' refusal
}

test_says_that_nobody_can_attach_to_what_does_not_run() {
    expect_refusal look_for_console "$MAC"
    expect_text 'there is no partition' refusal
    start
    a_console
    look_for_console "$MAC"
    release
    pause_partition "$MAC"
    expect_refusal look_for_console "$MAC"
    expect_text 'is not running' refusal
}

test_lets_one_alone_attach() {
    start
    a_console
    look_for_console "$MAC"
    (
        release
        exec 9>> "$CONSOLE_LOCKS/xenconsole.9"
        code=0
        own_tool flock -n 9 || code=$?
        expect 1 "$code"
    )
    (exec 9>&-; look_for_console "$MAC") 2> refusal && exit 1
    expect_text 'somebody else is at the console' refusal
}

test_forgets_what_nobody_has_read_and_shows_the_log_without_what_moves_the_cursor() {
    start
    a_console
    find_terminal "$MAC"
    drain
    expect "-F $terminal raw -echo min 0 time 2 -F $terminal raw -echo min 1 time 0" "$(tr '\n' ' ' < stty.calls | sed 's/ $//')"
    printf 'a\033[2J\033[6nb\033]0;title\007c\033(Bd\016\r\n' > "$CONSOLES/guest-p1.log"
    expect abcd "$(show_console "$MAC" 1000 | plain_text | tr -d '\r')"
}
