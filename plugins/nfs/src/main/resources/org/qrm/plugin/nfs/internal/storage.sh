#!/bin/sh
# shellcheck disable=SC2034,SC2154  # the other files and this one use the same variables
# Runs on the storage server: sh -s -- VERB ARGUMENT..., the other files and this one on standard input.
# Results are key=value lines on standard output. On standard error go "qrm-progress FRACTION TEXT", "qrm-note TEXT", and,
# when it fails, "qrm-reason TEXT" and "qrm-remedy TEXT"; the status is then one of those below.
#
# Beside the images it keeps, in ROOT/.qrm, a marker for each image: path, made (yes: this script made the directory and may
# remove it), state (filling, ready), disk (what holds the image's own file system, mounted at path when it is ready: a file below
# ROOT, a logical volume, or "zfs:" and a dataset), pool (the thin pool of that volume), attempt (the disk of a conversion that is
# under way, if it is no file), converted (yes: the disk holds all that the directory at path holds), restoring (see snapshots.sh), export-id, source-host-key.
set -eu
umask 022
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin" LVM_SUPPRESS_FD_WARNINGS=1

INVALID=64 CONFLICT=65 NOT_FOUND=66 UNAVAILABLE=69 FAILED=70
sys=${QRM_TEST_ROOT:-}
patience=30 # seconds, with disks that come late

main() {
    verb=$1 root=$2
    shift 2
    echo "verb=$verb" # the server knows by it that this text arrived, and not only the shell that reads it
    [ -d "$root" ] || fail $NOT_FOUND "there is no directory $root" "Create it on the storage server, or change the export root."
    [ "$(cd -P -- "$root" && pwd -P)" = "$root" ] ||
        fail $INVALID "$root is behind a symbolic link" "Use $(cd -P -- "$root" && pwd -P)."
    case $verb in
        probe | list) "do_$verb" "$@" ;;
        size | remove | grow | confine | export_facts | export_turn | confirm_closed | publish_export | withdraw_export | snapshot_create | snapshot_restore | snapshot_remove)
            image=$1 path=$2
            shift 2
            check_path
            "do_$verb" "$@"
            ;;
        adopt | empty | archive | debootstrap | begin_copy | make_room | finish_copy)
            image=$1 path=$2 sharing_is=$3 gib=$4 # what images that share a file system are: refused or allowed
            new_disks_in "$5"
            shift 5
            check_path
            "do_$verb" "$@"
            ;;
        *) fail $INVALID "there is no verb $verb" "" ;;
    esac
}

fail() {
    printf 'qrm-reason %s\nqrm-remedy %s\n' "$2" "$3" >&2
    exit "$1"
}

note() { printf 'qrm-note %s\n' "$1" >&2; }
progress() { printf 'qrm-progress %s %s\n' "$1" "$2" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }
need() { have "$1" || fail $UNAVAILABLE "$1 is not installed on the storage server" "Install it there: apt-get install $2."; }

# --- paths and markers

# No part of the path below the root may be a link, so that it is where it seems to be; and images do not contain each other,
# because machines write inside an image as root.
check_path() {
    case $path in "$root"/?*) ;; *) fail $INVALID "$path is not below $root" "Choose a path below the export root." ;; esac
    case $path/ in *//* | */./* | */../*) fail $INVALID "$path is not a plain path" "Leave out '.', '..' and '//'." ;; esac
    part=$path
    while [ "$part" != "$root" ]; do
        [ ! -L "$part" ] || fail $INVALID "$part is a symbolic link" "Use the directory that it points to."
        part=${part%/*}
    done
    parent=${path%/*}
    staging=$parent/.qrm-$image.part
    trash=$parent/.qrm-$image.trash
    marker=$root/.qrm/$image
    disk=$(marked disk)
    tells_kind
    forgotten='' # marker of an image that was given up with its content kept
    for other in "$root"/.qrm/*; do
        case $other in "$marker" | *.lock) continue ;; esac
        [ -f "$other" ] || continue
        there=$(sed -n 's/^path=//p' "$other")
        if [ "$there" = "$path" ]; then
            forgotten=$other
            continue
        fi
        case $path/ in "$there"/*) fail $CONFLICT "$path is in image ${other##*/} ($there)" "Choose another path." ;; esac
        case $there/ in "$path"/*) fail $CONFLICT "image ${other##*/} ($there) is in $path" "Choose another path." ;; esac
    done
}

# make_directory MODE PATH: is there afterwards, whoever was quicker; its parent must be
make_directory() {
    [ -d "$2" ] || said=$(mkdir -m "$1" -- "$2" 2>&1) || [ -d "$2" ] || fail $FAILED "$said" ""
}

private_directory() { make_directory 0700 "$root/.qrm"; }

marked() { if [ -f "$marker" ]; then sed -n "s/^$1=//p" "$marker"; fi; }

# mark KEY VALUE: sets one line of the marker, keeps the others
mark() {
    private_directory
    {
        if [ -f "$marker" ]; then grep -v "^$1=" "$marker" || :; fi
        printf '%s=%s\n' "$1" "$2"
    } >"$root/.qrm/.new-$image"
    mv -f "$root/.qrm/.new-$image" "$marker"
}

lock_image() {
    need flock util-linux
    private_directory
    exec 9>"$root/.qrm/$image.lock"
    flock -n 9 || {
        note "an earlier attempt on $image still runs on the storage server; waiting for its end"
        flock -w 3600 9 || fail $CONFLICT "an earlier attempt on $image still runs on the storage server" "End it there, and try again."
    }
}

is_empty() { [ -z "$(ls -A -- "$1")" ]; }

# Says that the image is ready already, or takes possession of its path.
claim() {
    lock_image
    if [ "$(marked state)" = ready ] && [ -d "$path" ]; then
        mount_image
        note "$path is complete already"
        exit 0
    fi
    if [ -n "$forgotten" ] && [ -n "$(sed -n 's/^disk=//p' "$forgotten")" ]; then
        fail $CONFLICT "$path is the file system of an image that was given up" "Choose another path, or take it as it is (existing)."
    fi
    if [ -e "$path" ] && [ "$(marked made)" != yes ]; then
        { [ -d "$path" ] && is_empty "$path"; } ||
            fail $CONFLICT "$path exists already and is not empty" "Choose another path, or take it as it is (existing)."
    fi
    [ -z "$forgotten" ] || rm -f -- "$forgotten"
    mkdir -p -- "$parent"
    mark path "$path"
    mark made yes
    mark state filling
    choose_kind
}

# The directory appears under its name only when it is complete.
publish() {
    is_empty "$staging" && fail $FAILED "nothing was there to fill $path with" "Look at the source."
    tell_capabilities
    if [ -n "$disk" ]; then
        unmount "$staging"
        rmdir -- "$staging"
        sync_disk
        rm -rf -- "$trash"
        if [ -d "$path" ] && ! is_empty "$path"; then mv -- "$path" "$trash"; fi
        mark state ready
        mount_image
        rm -rf -- "$trash"
        return
    fi
    rm -rf -- "$trash"
    if [ -e "$path" ]; then mv -- "$path" "$trash"; fi
    mv -- "$staging" "$path"
    rm -rf -- "$trash"
    mark state ready
}

free_kib() { df -Pk -- "$1" | awk 'NR == 2 { print $4 }'; }

# --- what can be asked and undone

# probe DISKS ARGUMENT: tells the argument as it arrived, in hexadecimal
do_probe() {
    new_disks_in "$1"
    shift
    echo "argument=$(printf '%s' "$1" | od -An -tx1 | tr -d ' \n')"
    find_server
    case $server in
        ganesha)
            exports_directory
            echo "implementation=$(ganesha.nfsd -v 2>/dev/null | sed -n 's/.*Release = V*\([0-9.]*\).*/NFS-Ganesha \1/p')"
            ;;
        kernel) echo "implementation=kernel NFS server" ;;
    esac
    need flock util-linux
    mount_images
    tell_sharing
    tell_promises
    tell_given_away
    for tool in rsync tar; do have "$tool" || note "$tool is not installed on the storage server: apt-get install $tool"; done
    if [ -n "$new_group" ]; then
        tell_group
    elif [ -n "$new_parent" ]; then
        tell_parent
    else
        echo "free-kib=$(free_kib "$root")"
    fi
}

# Whether a whole file system is mounted there. A subvolume is none: btrfs finds files of all of them by their numbers.
own_file_system() { awk -v p="$1" '$5 == p { own = $4 == "/" } END { exit !own }' "$sys/proc/self/mountinfo"; }

# How many images are directories of a file system that holds other things too. A file handle of NFS is a number of the file
# system and one of a file, so a machine that may mount one directory can ask for every file beside it.
tell_sharing() {
    sharing=0
    for each in "$root"/.qrm/*; do
        case $each in *.lock) continue ;; esac
        [ -f "$each" ] || continue
        if grep -q '^disk=' "$each" && grep -q '^state=filling' "$each"; then continue; fi
        own_file_system "$(sed -n 's/^path=//p' "$each")" || sharing=$((sharing + 1))
    done
    [ "$sharing" = 0 ] || note "$sharing images in $root share a file system: all machines that use one of them trust each other with all of it"
    echo "sharing=$sharing"
}

# Sparse files take room later than they are made, and a file system whose file finds none fails.
tell_promises() {
    promised=$(stat -c '%s %b' "$root"/.qrm/disks/*.img 2>/dev/null | awk '{ kib += $1 / 1024 - $2 / 2 } END { printf "%d", kib }')
    [ "${promised:-0}" -le "$(free_kib "$root")" ] ||
        note "the images in $root may still grow by $((promised / 1024)) MiB, and $(($(free_kib "$root") / 1024)) MiB are free there"
}

do_list() {
    for directory in "$root"/*/; do
        directory=${directory%/}
        if [ -d "$directory" ] && [ ! -L "$directory" ]; then printf 'path=%s\n' "$directory"; fi
    done
}

do_size() {
    lock_image
    mount_image
    [ -d "$path" ] || fail $NOT_FOUND "there is no directory $path" "Check the storage server."
    status=0
    if own_file_system "$path"; then
        echo "kib=$(df -Pk -- "$path" | awk 'NR == 2 { print $3 }')"
        return
    fi
    kib=$(du -skx -- "$path") || status=$?
    [ -n "$kib" ] || fail $FAILED "du ended with status $status" ""
    echo "kib=${kib%%[!0-9]*}"
}

do_remove() {
    lock_image
    if [ -n "$volume" ] && [ -n "$(marked restoring)" ]; then finish_restore; fi
    if [ -n "$volume" ]; then
        find_volume
        [ -z "$found" ] || must_be_ours
    elif [ -n "$dataset" ]; then
        find_dataset
        [ -z "$found" ] || dataset_must_be_free
    fi
    must_have_no_snapshots
    do_withdraw_export
    [ "$(marked made)" = yes ] || mount_image
    if [ -d "$path" ] && [ "$(marked made)" != yes ] && ! is_empty "$path"; then
        fail $CONFLICT "$path was there before QRM used it" "Remove the image and keep its content, or remove the directory on the storage server first."
    fi
    forget_attempt
    if [ -n "$disk" ] || [ -e "$root/.qrm/disks/$image.img" ]; then unmount "$staging"; fi
    if [ -n "$disk" ]; then
        unmount "$path"
        not_at_boot
        remove_disk
    fi
    for directory in "$path" "$staging" "$trash"; do no_mounts_in "$directory"; done
    progress 0.1 "removing $path"
    if [ -d "$path" ]; then
        rm -rf -- "$trash"
        mv -- "$path" "$trash"
    fi
    rm -rf -- "$staging" "$trash"
    rm -f -- "$root/.qrm/disks/$image.img" "$root/.qrm/disks/$image.img.new"
    rmdir "$root/.qrm/disks" 2>/dev/null || :
    rm -f -- "$marker" "$root/.qrm/.new-$image" "$root/.qrm/.turn-$image" "$root/.qrm/$image.lock"
    rmdir "$root/.qrm" 2>/dev/null || :
}

no_mounts_in() {
    mounted=$(awk -v p="$1/" 'index($5 "/", p) == 1 { print $5; exit }' "$sys/proc/self/mountinfo")
    [ -z "$mounted" ] || fail $CONFLICT "$mounted is mounted there" "Unmount it on the storage server."
}

main "$@"
