# shellcheck shell=dash
# Asks the server what a partition boots, as any boot loader: plain HTTP, GET /boot/configuration/<mac> of docs/node-protocol.md.
# Kernels and initrds are kept by path and version (ETag), so that the next partition fetches nothing.

LINE_LIMIT=1023     # bytes of a kernel's command line: Xen cuts a PV guest's after these (MAX_GUEST_CMDLINE)
FILE_LIMIT=524288   # KiB of a file
FETCH_SECONDS=300

# fetch_boot MAC: sets $kernel, $ramdisk (files here; $ramdisk may be empty) and $arguments. The caller holds lock_boot_files.
fetch_boot() {
    answer=$RUN/boot.$1
    fetch "/boot/configuration/$1" "$answer" 32 30
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

# keep_file PATH: sets $kept to the file with what the server has under PATH now
keep_file() {
    is_file_path "$1" || refuse "the boot configuration names the file '$(plain "$1" 200)', which is not /boot/images/<image>/<file>"
    stem=$BOOT_FILES/$(digest_of "$1")
    version=$(first_line "$stem.version")
    kept=$stem-$(digest_of "$version")
    [ -n "$version" ] && [ -f "$kept" ] || version=''
    fetch "$1" "$stem.new" "$FILE_LIMIT" "$FETCH_SECONDS" "$version"
    [ "$found" = new ] || return 0
    version=$(entity_tag "$RUN/fetch.log")
    kept=$stem-$(digest_of "$version")
    mv "$stem.new" "$kept"
    rm -f "$stem.version"
    [ -z "$version" ] || printf '%s\n' "$version" > "$stem.version"
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

# fetch PATH FILE KIBIBYTES SECONDS [VERSION]: sets $found to new, or to known when VERSION is still what the server has
fetch() {
    url=$(command_line_value qrm.http)
    is_base_address "$url" http || refuse 'the kernel command line of this host holds no usable qrm.http: where is the server?'
    url=$url$1 target=$2 blocks=$(($3 * 2)) seconds=$4 had=${5:-} found=new code=0
    set -- --no-config --no-proxy --no-hsts --tries=1 --timeout=30 --max-redirect=0 --no-verbose --server-response -O -
    [ -z "$had" ] || set -- "$@" --header="If-None-Match: $had"
    request "$@" "$url" < /dev/null > "$target" 2> "$RUN/fetch.log" 9>&- || code=$?
    [ "$code" -ne 0 ] || return 0
    rm -f "$target"
    if grep -q '^ *HTTP/1\.[01] 304' "$RUN/fetch.log"; then
        found=known
    else
        refuse "cannot fetch $url: $(fetch_trouble "$code")"
    fi
}

# by the client's wget, without its configuration: that holds the secret of this machine, which is not for plain HTTP
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

entity_tag() {
    tag=$(sed -n 's/^ *[Ee][Tt][Aa][Gg]: *//p' "$1" | head -n 1 | tr -d '\r')
    ! consists_of "$tag" 'A-Za-z0-9"/._:+=-' || printf '%s' "$tag"
}

# what no partition names any more. The caller holds lock_boot_files.
forget_unused_files() {
    for file in "$BOOT_FILES"/*-*; do
        [ -f "$file" ] || continue
        grep -qF "$file" "$PARTITIONS"/*/*.xen 2> /dev/null || rm -f "$file"
    done
}
