# shellcheck shell=dash
# Asks the server what a partition boots, over this host's own channel: GET /node/v1/boot-configurations/<mac> of docs/node-protocol.md.
# Kernels and initrds come over plain HTTP, so each is compared with the digest of that answer before it is used. They are kept by
# digest, so that the next partition fetches nothing.

LINE_LIMIT=1023     # bytes of a kernel's command line: Xen cuts a PV guest's after these (MAX_GUEST_CMDLINE)
FILE_LIMIT=524288   # KiB of a file
FETCH_SECONDS=300

# fetch_boot MAC: sets $kernel, $ramdisk (files here; $ramdisk may be empty) and $arguments. The caller holds lock_boot_files.
fetch_boot() {
    answer=$RUN/boot.$1
    ask_server "/node/v1/boot-configurations/$1" "$answer" 32 30
    answer_is_valid "$answer" || refuse "the server's boot configuration for $1 is not in the grammar of the protocol"
    case $(answer_value loader "$answer") in
        linux) ;;
        local) refuse "the server says that $1 starts from its local disk; a partition has none" ;;
        multiboot) refuse "the boot image $(answer_value image "$answer") is for machines: a partition cannot start a hypervisor of its own" ;;
        *) refuse "the server's boot configuration for $1 names no loader that this host knows" ;;
    esac
    gather_arguments "$answer"
    keep_file "$(answer_value kernel "$answer")"
    kernel=$kept
    gather_ramdisk "$answer"
}

gather_arguments() {
    arguments=''
    answer_values argument "$1" > "$1.arguments"
    while IFS= read -r word; do
        case $word in
            '') continue ;;
            *[!\ -~]*) refuse "an argument of the boot configuration holds characters other than printable ASCII: '$(plain "$word" 100)'" ;;
        esac
        arguments="$arguments$word "
    done < "$1.arguments"
    arguments="${arguments}console=hvc0"
    [ ${#arguments} -le "$LINE_LIMIT" ] ||
        refuse "the kernel's command line has ${#arguments} bytes; Xen passes $LINE_LIMIT: shorten the arguments of the boot image"
}

# xl takes one file. The kernel unpacks what stands one behind the other, each at a multiple of four bytes
gather_ramdisk() {
    ramdisk='' several=''
    answer_values initrd "$1" > "$1.initrds"
    while IFS= read -r path; do
        keep_file "$path"
        several="$several$kept "
        ramdisk=$kept
    done < "$1.initrds"
    case $several in
        *' '*' '*) join_files "$several" ;;
    esac
}

join_files() {
    ramdisk=$BOOT_FILES/$(digest_of "$1")-joined
    [ ! -f "$ramdisk" ] || return 0
    for part in $1; do
        cat "$part"
        head -c $(((4 - $(wc -c < "$part") % 4) % 4)) /dev/zero
    done > "$ramdisk.new"
    mv "$ramdisk.new" "$ramdisk"
}

# keep_file PATH: sets $kept to the file that the server means by PATH
keep_file() {
    is_file_path "$1" || refuse "the boot configuration names the file '$(plain "$1" 200)', which is not /boot/images/<image>/<file>"
    wanted=$(digest_for "$1")
    is_digest "$wanted" || refuse "the boot configuration holds no digest of $1"
    kept=$BOOT_FILES/f-$wanted
    [ ! -f "$kept" ] || [ "$(sum_of "$kept")" != "$wanted" ] || return 0
    rm -f "$kept"
    fetch "$1" "$BOOT_FILES/arriving" "$FILE_LIMIT" "$FETCH_SECONDS"
    sum=$(sum_of "$BOOT_FILES/arriving")
    [ "$sum" = "$wanted" ] || {
        rm -f "$BOOT_FILES/arriving"
        refuse "$1 came with the digest $sum instead of $wanted: it was changed on its way, or on the server just now; nothing is booted from it"
    }
    mv "$BOOT_FILES/arriving" "$kept"
}

# the digest that the answer has for a path
digest_for() {
    answer_values digest "$answer" | while IFS=, read -r sum path; do
        [ "$path" != "$1" ] || {
            printf '%s' "$sum"
            break
        }
    done
}

sum_of() {
    sha256sum < "$1" | cut -d ' ' -f 1
}

is_file_path() {
    case $1 in
        /boot/images/*/*/* | *..* | *[!A-Za-z0-9/._+~-]*) return 1 ;;
        /boot/images/?*/?*) return 0 ;;
        *) return 1 ;;
    esac
}

digest_of() {
    printf '%s' "$1" | sha256sum | cut -c 1-24
}

# fetch PATH FILE KIBIBYTES SECONDS: over plain HTTP
fetch() {
    base=$(command_line_value qrm.http)
    is_base_address "$base" http || refuse 'the kernel command line of this host holds no usable qrm.http: where is the server?'
    # without the client's configuration: that holds the secret of this machine, which is not for plain HTTP
    get "$base$1" "$2" "$3" "$4" --no-config --no-proxy --no-hsts
}

# ask_server PATH FILE KIBIBYTES SECONDS: over TLS, as this machine
ask_server() {
    base=$(answer_value server "$QRM/node")
    is_base_address "$base" https || refuse "$QRM/node names no server"
    get "$base$1" "$2" "$3" "$4" --config=/etc/wgetrc --no-content-on-error
}

# get URL FILE KIBIBYTES SECONDS OPTION...
get() {
    url=$1 target=$2 blocks=$(($3 * 2)) seconds=$4 code=0
    shift 4
    set -- "$@" --tries=1 --timeout=30 --max-redirect=0 --no-verbose --server-response -O -
    request "$@" "$url" < /dev/null > "$target" 2> "$RUN/fetch.log" 9>&- || code=$?
    [ "$code" -ne 0 ] || return 0
    rm -f "$target"
    refuse "cannot fetch $url: $(fetch_trouble "$code")"
}

# by the client's wget, in its own little root
request() (
    ulimit -f "$blocks"
    exec timeout "$seconds" chroot "$QRM" /bin/wget "$@"
)

fetch_trouble() {
    case $1 in
        124 | 143) echo "not there within $seconds s" ;;
        153) echo "it is larger than $((blocks / 2)) KiB" ;;
        *) grep -v -e '^ *$' -e '^  [A-Z][A-Za-z-]*: ' -e '^http:' "$RUN/fetch.log" | tail -n 1 | printable 200 ;;
    esac
}

# what no partition names any more. The caller holds lock_boot_files.
forget_unused_files() {
    for file in "$BOOT_FILES"/*-*; do
        [ -f "$file" ] || continue
        grep -qF "$file" "$PARTITIONS"/*/*.xen 2> /dev/null || rm -f "$file"
    done
}
