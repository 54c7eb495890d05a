# shellcheck shell=dash
# Where things are, and words for people. Sourced first by every program of the client.

export LC_ALL=C
QRM=${QRM:-/run/qrm}
PROC=${QRM_PROC:-/proc}
SYS=${QRM_SYS:-/sys}
DEV=${QRM_DEV:-/dev}
consoles=''

# in the initrd: to every console that an operator may look at; in an image: to the journal
say() {
    if [ -z "$consoles" ]; then
        printf 'qrm: %s\n' "$*" >&2
        return
    fi
    for console in $consoles; do
        { printf 'qrm: %s\n' "$*" > "$DEV/$console"; } 2> /dev/null || :
    done
}

# the kernel's own consoles, and the screen, serial line and Xen console even where the kernel does not use them
find_consoles() {
    active=''
    { read -r active < "$SYS/class/tty/console/active"; } 2> /dev/null || :
    consoles=''
    for console in $active tty0 ttyS0 hvc0; do
        case " $consoles " in
            *" $console "*) ;;
            *) [ ! -c "$DEV/$console" ] || consoles="$consoles $console" ;;
        esac
    done
}

# standard input as one line of plain ASCII, at most $1 bytes: fit for a console, a log and a report
printable() {
    tr '\t\n' '  ' | tr -cd ' -~' | sed 's,^ *,,; s, *$,,' | cut -c "1-${1:-512}"
}

# the same for a text at hand; most texts need no change, and on a slow machine each process counts
plain() {
    case $1 in
        *[!\ -~]* | ' '* | *' ') printf '%s\n' "$1" | printable "$2" ;;
        *) if [ ${#1} -le "$2" ]; then printf '%s\n' "$1"; else printf '%s\n' "$1" | printable "$2"; fi ;;
    esac
}

# first line of a file, or nothing: reading some files of sysfs fails
first_line() {
    line=''
    { read -r line < "$1"; } 2> /dev/null || :
    printf '%s' "$line"
}
