# shellcheck shell=sh disable=SC2034,SC2154  # see storage.sh, which comes after it
# What can fill an image.

do_adopt() {
    [ -d "$path" ] || fail $NOT_FOUND "there is no directory $path" "Create it on the storage server, or choose how it is filled."
    lock_image
    if [ -n "$forgotten" ] && [ -z "$disk" ]; then
        disk=$(sed -n 's/^disk=//p' "$forgotten")
        mark pool "$(sed -n 's/^pool=//p' "$forgotten")"
    fi
    [ "$(marked state)" = ready ] || [ -n "$disk" ] || own_file_system "$path" || [ "$sharing_is" = allowed ] ||
        refuse_sharing "$path shares its file system with other things" "Mount a file system there"
    mark path "$path"
    [ -n "$(marked made)" ] || mark made no
    [ -z "$disk" ] || mark disk "$disk"
    tells_kind
    mark state ready
    [ -z "$forgotten" ] || rm -f -- "$forgotten"
    mount_image
}

do_empty() {
    claim
    if [ -n "$disk" ]; then
        fresh_staging 0
        unmount "$staging"
        rmdir -- "$staging"
    fi
    mkdir -p -- "$path"
    mark state ready
    mount_image
}

do_archive() {
    archive=$1
    [ -f "$archive" ] || fail $NOT_FOUND "there is no file $archive" "Put the archive there, on the storage server."
    need tar tar
    refused='' unpack=''
    case $(od -An -N6 -tx1 -- "$archive" | tr -d ' \n') in
        1f8b* | 1f9d*) unpack=gzip ;;
        fd377a585a00 | 5d0000*) unpack=xz ;;
        28b52ffd* | 5?2a4d18*) unpack=zstd ;; # the second before a frame that is skipped, as pzstd writes it
        425a68*) unpack=bzip2 ;;
        04224d18*) unpack=lz4 ;;
        4c5a4950*) unpack=lzip ;;
        3037303730* | c771* | 71c7*) refused='a cpio archive' ;;
        504b0304*) refused='a zip archive' ;;
        377abcaf271c) refused='a 7z archive' ;;
        213c61726368) refused='a Debian package, or another archive of ar' ;;
        edabeedb*) refused='an RPM package' ;;
        68737173* | 73717368*) refused='a file system (squashfs)' ;;
        514649fb*) refused='the disk of a virtual machine (qcow2)' ;;
        4b444d56*) refused='the disk of a virtual machine (VMDK)' ;;
    esac
    [ -z "$refused" ] || fail $INVALID "$archive is $refused, and no tar archive" \
        "Unpack or mount it, and pack what is in it: tar -C DIRECTORY --xattrs --acls -czf ARCHIVE ."
    [ -z "$unpack" ] || need "$unpack" "$unpack"
    claim
    size=$(wc -c <"$archive")
    [ -n "$volume$dataset" ] || [ "$(free_kib "$parent")" -gt $((size / 1024)) ] ||
        fail $UNAVAILABLE "only $(free_kib "$parent") KiB are free in $parent, and the archive alone has $((size / 1024)) KiB" "Make room."
    fresh_staging $((size / 1024))
    extract
    must_be_a_root
    forget_its_machine
    publish
}

# Archives of container images hold layers, those of appliances a disk, and others a directory more: no machine starts from these.
must_be_a_root() {
    for directory in etc usr bin; do
        if [ -d "$staging/$directory" ]; then return 0; fi
    done
    fail $INVALID "$archive holds no root file system: at its top are neither etc nor usr nor bin, but: $(ls -A -- "$staging" | head -n 5 | tr -c 'A-Za-z0-9._\n-' '?' | tr '\n' ' ')" \
        "Pack what is in the directory that holds these: tar -C DIRECTORY -c . ; of a container, what docker export (not docker save) writes."
}

# The reader shares its place in the file with this shell, which tells from that how far it is. Nobody knows beforehand how much it is,
# unpacked: where others share the room, a twentieth of it is left to them.
extract() {
    reserve=$(($(free_kib "$parent") / 20))
    exec 8<"$archive"
    {
        case $unpack in
            '') cat <&8 ;;
            zstd) zstd -dc --long=31 <&8 || : >"$staging.failed" ;; # the widest window that can be packed with
            *) "$unpack" -dc <&8 || : >"$staging.failed" ;;
        esac
    } | tar --numeric-owner --same-owner --xattrs --xattrs-include='*' --acls -xpf - -C "$staging" &
    job=$!
    while kill -0 "$job" 2>/dev/null; do
        if [ -z "$disk" ] && [ "$(free_kib "$parent")" -lt "$reserve" ]; then
            kill "$job" 2>/dev/null || :
            wait "$job" || :
            rm -rf -- "$staging"
            fail $UNAVAILABLE "what is in $archive does not fit into $parent: less than a twentieth of the room that was free is left" "Make room."
        fi
        position=$(sed -n 's/^pos:[[:space:]]*//p' "/proc/$$/fdinfo/8")
        progress "$(awk -v p="$position" -v s="$size" 'BEGIN { print s ? p / s : 1 }')" "unpacking $archive"
        sleep 1
    done
    status=0
    wait "$job" || status=$?
    exec 8<&-
    if [ -e "$staging.failed" ]; then
        rm -f -- "$staging.failed"
        status=1
    fi
    [ "$status" -eq 0 ] || fail $FAILED "$archive could not be unpacked" "See the lines before; test it there with $(unpack_test)."
}

unpack_test() { if [ -n "$unpack" ]; then echo "$unpack -t"; else echo "tar -t"; fi; }

do_debootstrap() {
    suite=$1 packages=$2
    need debootstrap debootstrap
    claim
    fresh_staging 0
    # the smallest variant has no init: with these a machine boots it
    set -- --variant=minbase --include="init,udev,kmod,dbus,iproute2,netbase${packages:+,$packages}" "$suite" "$staging"
    mirror=$(debian_mirror "$suite")
    [ -z "$mirror" ] || set -- "$@" "$mirror"
    # without the distribution's keyring it would take from a mirror whatever somebody in between sends
    case $mirror in http:*) set -- --force-check-gpg "$@" ;; esac
    use_proxy_of_apt
    status=0
    debootstrap "$@" >&2 || status=$?
    if [ "$status" -ne 0 ]; then
        log=$staging/debootstrap/debootstrap.log
        if [ -f "$log" ]; then tail -n 20 -- "$log" >&2; fi
        no_mounts_in "$staging"
        fail $FAILED "debootstrap ended with status $status" \
            "See the lines before, which are the last of $log. A suite of another distribution needs its keyring on the storage server (debian-archive-keyring, ubuntu-keyring), a new one a newer debootstrap."
    fi
    forget var/cache/apt/archives '*.deb'
    forget_identity
    publish
}

# Where the storage server itself gets packages from is perhaps reached by apt's proxy only; see apt-transport-http(1).
use_proxy_of_apt() {
    have apt-config || return 0
    settings=$(apt-config dump --format '%f=%v%n' Acquire 2>/dev/null) || return 0
    plain='' # which is for https, too, where that has none of its own
    for scheme in http https; do
        proxy=$(printf '%s\n' "$settings" | sed -n "s/^acquire::$scheme::proxy=//Ip" | tail -n 1)
        proxy=${proxy:-$plain}
        case $proxy in
            http://* | https://*)
                export "${scheme}_proxy=$proxy"
                plain=$proxy
                ;;
        esac
    done
}

# begin_copy HOST-KEY: prints staging, unless the image is complete, and the source's host key as first seen
do_begin_copy() {
    need rsync rsync
    claim
    [ -z "$1" ] || mark source-host-key "$1"
    kept_staging 0
    echo "staging=$staging"
    echo "lock=$root/.qrm/$image.lock"
    echo "source-host-key=$(marked source-host-key)"
    free=$(free_kib "$root")
    [ -z "$volume" ] || free=$(room_kib)
    [ -z "$dataset" ] || free=$(dataset_room_kib "${dataset%/*}")
    if [ -n "$volume" ] && [ -z "$pool" ]; then free=$((free + $(free_kib "$staging"))); fi # it has it already
    echo "free-kib=$free"
}

# make_room KIB: for what is still to be copied, and a quarter more. The file system's own free room is less than its file's.
do_make_room() {
    claim
    [ -n "$disk" ] || return 0
    kept_staging "$1"
    missing=$(($1 + $1 / 4 - $(free_kib "$staging")))
    [ "$missing" -le 0 ] || grow_to $(($(disk_kib) + missing + missing / 10))
}

do_finish_copy() {
    claim
    kept_staging 0
    forget_its_machine
    publish
}
