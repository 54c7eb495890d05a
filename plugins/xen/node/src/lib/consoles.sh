# shellcheck shell=dash
# Consoles of the partitions. xenconsoled keeps what each writes in a log, and offers it at a terminal of its own (/dev/pts/N), which holds what
# nobody has read there yet. Xen's own xenconsole is not used: Ctrl-] would always leave it, and a second one waits without a word.

SCROLLBACK=32768   # bytes of the log that whoever attaches sees first
DRAIN_SECONDS=5    # that a partition which writes without a pause may take

# the end of what the partition wrote to its console, as it wrote it
show_console() {
    is_kept "$1" || refuse "there is no partition $1 here"
    read_settings < "$PARTITIONS/$1/settings"
    for file in "$CONSOLES/guest-$name.log.1" "$CONSOLES/guest-$name.log"; do
        [ ! -f "$file" ] || cat "$file"
    done | tail -c "$2"
}

# what is typed at the partition's console comes on standard input
type_at_console() {
    find_terminal "$1"
    head -c 4096 > "$terminal" || refuse "nothing can be typed at $1: its terminal is gone"
}

# sets $terminal, and $domain
find_terminal() {
    is_kept "$1" || refuse "there is no partition $1 here"
    look_for "$1"
    [ "$domain_is" = running ] || refuse "$1 is not running: nobody hears what is typed"
    terminal=$(tool xenstore-read "/local/domain/$domain/console/tty" 2> /dev/null || :)
    case $terminal in
        "$CONSOLE_TERMINALS"/*) ;;
        *) refuse "the console of $1 has no terminal: is xenconsoled running?" ;;
    esac
}

# look_for_console MAC: as find_terminal, and nobody else may be there. Two would each see half of what it writes. The lock is that of xenconsole,
# so `xl console` of somebody on this host counts too
look_for_console() {
    find_terminal "$1"
    exec 9>> "$CONSOLE_LOCKS/xenconsole.$domain"
    own_tool flock -n 9 ||
        refuse "somebody else is at the console of $1, here or by xl console: only one can be. A terminal that was left without closing it is free again within a minute or so"
}

# A person's terminal becomes that of the partition, until either ends
attach() {
    [ -t 0 ] || refuse 'attach needs a terminal'
    look_for_console "$1"
    drain
    show_console "$1" "$SCROLLBACK" | plain_text
    stty raw -echo
    exec 3<&0
    cat <&3 > "$terminal" &
    cat < "$terminal" 2> /dev/null || :
    kill "$!" 2> /dev/null || :
    printf '\r\nThe console of %s has ended: it has stopped, or restarts.\r\n' "$1"
}

# what nobody has read is old, and in the log
drain() {
    stty -F "$terminal" raw -echo min 0 time 2
    timeout "$DRAIN_SECONDS" cat < "$terminal" > /dev/null || :
    stty -F "$terminal" raw -echo min 1 time 0
}

# without what moves a cursor or asks a terminal to answer: its answer would be typed at what runs now
plain_text() {
    escape=$(printf '\033') bell=$(printf '\007')
    sed "s/${escape}\[[0-9;?=>]*[A-Za-z]//g; s/${escape}\][^$bell]*$bell//g; s/${escape}[()][A-Z0-9]//g" | tr -d '\000-\010\013\014\016-\037\177'
}
