#!/bin/sh
# Runs on the storage server: sh -s -- VERB ARGUMENT..., snapshots.sh and this text on standard input.
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
        size | remove | grow | confine | export_facts | publish_export | withdraw_export | snapshot_create | snapshot_restore | snapshot_remove)
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

# --- file systems of images

# A new image is a file system of its own where the storage server can mount one.
choose_kind() {
    [ -z "$disk" ] || return 0
    if [ -n "$new_group$new_parent" ]; then
        must_have_a_unit
        new_disk
        no_mounts_in "$staging"
        rm -rf -- "$staging"
        mark pool "$pool"
        mark disk "$disk"
        return
    fi
    why=$(cannot_mount_files)
    if [ -n "$why" ]; then
        [ "$sharing_is" = allowed ] || refuse_sharing "$image cannot have a file system of its own: $why" \
            "Let the storage server have it (apt-get install e2fsprogs; modprobe loop)"
        note "$image shares the file system of $root, because $why"
        return
    fi
    must_have_a_unit
    no_mounts_in "$staging"
    rm -rf -- "$staging" # what was begun as a directory
    disk=$root/.qrm/disks/$image.img
    mark disk "$disk"
}

# What has no unit would not be mounted when the storage server starts again: their names have 255 characters (systemd.unit(5)).
must_have_a_unit() {
    [ -d "$sys/run/systemd/system" ] || return 0
    unit=$(systemd-escape --path --suffix=mount -- "$path" 2>/dev/null) && [ ${#unit} -le 255 ] ||
        fail $INVALID "$path is too long for systemd, which writes each of - + @ in the name of its unit with four characters" \
            "Choose a shorter path, or one with fewer of these."
}

cannot_mount_files() {
    if ! have mkfs.ext4; then
        echo "mkfs.ext4 is not installed on the storage server"
    elif ! losetup -f >/dev/null 2>&1; then
        echo "the storage server has no loop devices"
    fi
}

refuse_sharing() {
    fail $CONFLICT "$1; machines whose images share a file system can read and change all of it" \
        "$2; or, if all these machines may trust each other, set sharedFileSystems = allow in etc/org.qrm.plugin.nfs.cfg of the QRM server."
}

# fresh_staging KIB: an empty one, for that much content
fresh_staging() {
    if [ -z "$disk" ]; then
        no_mounts_in "$staging"
        rm -rf -- "$staging"
        mkdir -m 0755 -- "$staging"
        return
    fi
    unmount "$path"
    unmount "$staging"
    remove_disk
    kept_staging "$1"
}

# The same, with what is there already.
kept_staging() {
    make_directory 0755 "$staging"
    if [ -z "$disk" ] || is_mounted "$staging"; then return 0; fi
    if [ -n "$volume" ]; then
        volume_is_formatted || make_volume "$1"
        activate
    elif [ -n "$dataset" ]; then
        dataset_is_ours || make_dataset "$1"
    else
        [ -f "$disk" ] || make_disk "$1"
    fi
    mount_disk "$staging" "$(mount_options)"
    rmdir -- "$staging/lost+found" 2>/dev/null || : # fsck makes one when it needs it
}

# As large as is usual, or as the content and a quarter of it need; not larger than what is free. The file is sparse.
make_disk() {
    free=$(free_kib "$root")
    [ "$free" -ge $(($1 + 16384)) ] ||
        fail $UNAVAILABLE "$image needs $(($1 / 1024 + 16)) MiB, and $((free / 1024)) MiB are free in $root" "Make room there."
    kib=$(($1 + $1 / 4 + 1048576))
    [ "$kib" -ge $((gib * 1048576)) ] || kib=$((gib * 1048576))
    [ "$kib" -le "$free" ] || kib=$free
    make_directory 0700 "$root/.qrm/disks"
    rm -f -- "$disk.new"
    truncate -s "${kib}K" "$disk.new"
    said=$(mkfs.ext4 -q -F -m 0 -E nodiscard "$disk.new" 2>&1) || fail $FAILED "mkfs.ext4 says: $said" ""
    sync "$disk.new"
    mv -f -- "$disk.new" "$disk"
}

mount_disk() {
    look="e2fsck -f $disk"
    [ -z "$dataset" ] || look="zpool status ${dataset%%/*}"
    said=$(mount -t "$(disk_type)" -o "$2" -- "${disk#zfs:}" "$1" 2>&1) ||
        fail $FAILED "${disk#zfs:} cannot be mounted at $1: $said" "Look at it on the storage server: $look"
}

disk_type() { if [ -n "$dataset" ]; then echo zfs; else echo ext4; fi; }

mount_options() {
    if [ -n "$dataset" ]; then
        echo rw
    elif [ -n "$volume" ]; then
        echo noinit_itable
    else
        echo loop,noinit_itable
    fi
}

sync_disk() { if [ -n "$dataset" ]; then zpool sync "${dataset%%/*}"; else sync "$disk"; fi; }

disk_is_there() {
    if [ -n "$volume" ]; then
        activate
    elif [ -n "$dataset" ]; then
        await_dataset
    else
        [ -f "$disk" ] || fail $NOT_FOUND "$disk, the file system of $image, is gone" "Restore it, or delete the image."
    fi
}

remove_disk() {
    if [ -n "$volume" ]; then
        remove_volume
    elif [ -n "$dataset" ]; then
        remove_dataset
    else
        rm -f -- "$disk"
    fi
}

# Mounts the image's own file system where machines expect it. Programs of machines are none of the storage server's.
mount_image() {
    if [ -z "$disk" ] || [ "$(marked state)" != ready ]; then return 0; fi
    if [ "$(marked converted)" = yes ]; then put_directory_aside; fi
    [ -z "$(marked restoring)" ] || finish_restore
    own_file_system "$path" || {
        disk_is_there
        make_directory 0755 "$path"
        is_empty "$path" || fail $CONFLICT "$path has content of its own, so the file system of $image cannot be mounted there" \
            "Look where it comes from, and move it away."
        mount_disk "$path" "$(mount_options),nosuid,nodev"
    }
    mount_at_boot
    if [ "$(marked converted)" = yes ]; then forget_directory; fi
}

# A unit of its own for each, so that whoever starts the NFS server has it mounted before.
mount_at_boot() {
    units=$sys/etc/systemd/system
    [ -d "$sys/run/systemd/system" ] || return 0
    unit=$(systemd-escape --path --suffix=mount -- "$path")
    wanted='' activation=''
    [ -z "$volume" ] || wanted="Wants=$(activation_unit)"
    [ -z "$dataset" ] || wanted="Wants=zfs-import.target
After=zfs-import.target"
    # The rest of the system does not wait for disks that come late, as all local mounts let it (systemd.mount(5)).
    [ -z "$wanted" ] || activation="
$wanted
DefaultDependencies=no
Conflicts=umount.target
Before=umount.target"
    text="# Made by QRM for the filesystem image $image.
[Unit]
Description=Filesystem image $image
Before=nfs-server.service nfs-ganesha.service$activation
[Mount]
What=${disk#zfs:}
Where=$path
Type=$(disk_type)
Options=$(mount_options),nosuid,nodev"
    [ "$(cat "$units/$unit" 2>/dev/null)" != "$text" ] || return 0
    mkdir -p "$units/nfs-server.service.wants" "$units/nfs-ganesha.service.wants"
    [ -z "$volume" ] || write_unit "$(activation_unit)" "$(activation_text)"
    write_unit "$unit" "$text"
    for service in nfs-server nfs-ganesha; do ln -sfn "../$unit" "$units/$service.service.wants/$unit"; done
    # a volume that is later than systemd waits for is mounted when it comes (systemd.device(5))
    if [ -n "$volume" ]; then
        late=$units/$(device_unit).wants
        mkdir -p "$late"
        ln -sfn "../$unit" "$late/$unit"
    fi
    systemctl daemon-reload
}

write_unit() { # NAME TEXT
    printf '%s\n' "$2" >"$units/.qrm-new-$image"
    mv -f "$units/.qrm-new-$image" "$units/$1"
}

activation_unit() { echo "${volume#*/}.service"; }

device_unit() { systemd-escape --path --suffix=device -- "$disk"; }

# systemd waits for the device of a mount, and activates none.
activation_text() {
    echo "# Made by QRM for the filesystem image $image.
[Unit]
Description=Volume of the filesystem image $image
DefaultDependencies=no
StartLimitIntervalSec=0
[Service]
Type=oneshot
ExecStart=lvchange -ay $volume
Restart=on-failure
RestartSec=5"
}

not_at_boot() {
    units=$sys/etc/systemd/system
    [ -d "$sys/run/systemd/system" ] || return 0
    unit=$(systemd-escape --path --suffix=mount -- "$path")
    rm -f -- "$units/nfs-server.service.wants/$unit" "$units/nfs-ganesha.service.wants/$unit" "$units/$unit"
    if [ -n "$volume" ]; then
        rm -f -- "$units/$(activation_unit)"
        rm -rf -- "$units/$(device_unit).wants"
    fi
    systemctl daemon-reload
}

is_mounted() { awk -v p="$1" '$5 == p { is = 1 } END { exit !is }' "$sys/proc/self/mountinfo"; }

# An NFS server lets go of an export a little after it has said so.
unmount() {
    tries=0
    while is_mounted "$1"; do
        said=$(umount -- "$1" 2>&1) && continue
        tries=$((tries + 1))
        [ "$tries" -lt 50 ] || fail $CONFLICT "$1 cannot be unmounted: $said" "See who uses it on the storage server: fuser -vm $1"
        sleep 0.2
    done
}

# All that are complete, as after a restart of a storage server that has no systemd.
mount_images() {
    for each in "$root"/.qrm/*; do
        case $each in *.lock) continue ;; esac
        if [ ! -f "$each" ] || ! grep -q '^disk=' "$each" || ! grep -q '^state=ready' "$each"; then continue; fi
        own_file_system "$(sed -n 's/^path=//p' "$each")" && continue
        if (mount_again "${each##*/}" "$(sed -n 's/^path=//p' "$each")") 2>/dev/null; then
            note "the file system of ${each##*/} is mounted again"
        else
            note "the file system of ${each##*/} cannot be mounted"
        fi
    done
}

mount_again() { # IMAGE PATH, in a shell of its own
    image=$1 path=$2 patience=3
    check_path
    exec 9>"$root/.qrm/$image.lock"
    flock -n 9 || return 0 # somebody works on it
    mount_image
}

# grow MIB: to that size; an image that is open grows while machines use it
do_grow() {
    lock_image
    [ "$(marked state)" = ready ] || fail $CONFLICT "$image is not complete" "Wait, or create it anew."
    [ -n "$disk" ] || fail $CONFLICT "QRM has made no file system for $image" "Grow the file system that it lies on, on the storage server."
    mount_image
    grow_to $(($1 * 1024))
    echo "kib=$(disk_kib)"
}

disk_kib() {
    if [ -n "$volume" ]; then
        volume_kib
    elif [ -n "$dataset" ]; then
        dataset_kib
    else
        echo $(($(stat -c %s -- "$disk") / 1024))
    fi
}

grow_to() {
    if [ -n "$volume" ]; then
        grow_volume_to "$1"
        return
    elif [ -n "$dataset" ]; then
        grow_dataset_to "$1"
        return
    fi
    more=$(($1 - $(disk_kib)))
    [ "$more" -ge 0 ] || fail $INVALID "$image has $(($(disk_kib) / 1024)) MiB already" "Images grow only: choose a larger size."
    [ "$more" -le "$(free_kib "$root")" ] ||
        fail $UNAVAILABLE "$image needs $((more / 1024)) MiB more, and $(($(free_kib "$root") / 1024)) MiB are free in $root" "Make room there."
    truncate -s "$1K" "$disk"
    find_server
    [ "$server" = kernel ] || exports_directory
    if [ -e "$file" ]; then grow_open; else grow_closed; fi
}

grow_open() {
    device=$(losetup -nO NAME -j "$disk" | head -n 1)
    losetup -c "$device"
    said=$(resize2fs "$device" 2>&1) || fail $FAILED "resize2fs says: $said" "Try again while no machine uses the image."
}

grow_closed() {
    for place in "$path" "$staging"; do if is_mounted "$place"; then mounted=$place; fi; done
    unmount "$mounted"
    said=$(e2fsck -f -p "$disk" 2>&1) || [ $? -eq 1 ] || fail $FAILED "e2fsck says: $said" "Look at it on the storage server: e2fsck -f $disk"
    said=$(resize2fs "$disk" 2>&1) || fail $FAILED "resize2fs says: $said" "Look at it on the storage server: e2fsck -f $disk"
    if [ "$mounted" = "$path" ]; then mount_image; else mount_disk "$staging" "$(mount_options)"; fi
}

# confine GIB DISKS: gives a directory a file system of its own. Until the copy is complete, the image is the directory.
do_confine() {
    gib=$1
    new_disks_in "$2"
    lock_image
    [ "$(marked state)" = ready ] || fail $CONFLICT "$image is not complete" "Wait, or create it anew."
    mount_image
    if own_file_system "$path"; then
        note "$image is a file system of its own"
        return
    fi
    must_be_closed
    copy_into_disk
    mount_image
}

copy_into_disk() {
    no_mounts_in "$path"
    forget_attempt
    if [ -n "$new_group$new_parent" ]; then
        new_disk
        unmount "$staging"
        rm -f -- "$root/.qrm/disks/$image.img" # of an attempt with another setting
        mark pool "$pool"
        mark attempt "$disk"
    else
        why=$(cannot_mount_files)
        [ -z "$why" ] || fail $UNAVAILABLE "$image cannot have a file system of its own: $why" "apt-get install e2fsprogs; modprobe loop"
        disk=$root/.qrm/disks/$image.img
    fi
    progress 0 "measuring $path"
    fresh_staging "$(du -skx -- "$path" | cut -f 1)"
    progress 0.1 "copying $path into a file system of its own"
    cp -a -- "$path/." "$staging/" || {
        unmount "$staging"
        remove_disk
        fail $FAILED "$path could not be copied" "See the lines before; the image is as it was."
    }
    unmount "$staging"
    rmdir -- "$staging"
    sync_disk # before what it is a copy of goes
    mark converted yes # together with the disk, which is marked after it
    mark disk "$disk"
}

# The disk of a conversion that was cut off.
forget_attempt() {
    attempt=$(marked attempt)
    if [ -z "$attempt" ] || [ "$attempt" = "$(marked disk)" ]; then return 0; fi
    disk=$attempt
    tells_kind
    unmount "$staging"
    remove_disk
    mark attempt ''
    disk=$(marked disk)
    tells_kind
}

put_directory_aside() {
    if ! is_mounted "$path" && ! [ -d "$trash" ]; then mv -- "$path" "$trash"; fi
}

forget_directory() {
    sync "$marker"
    mark made yes
    mark converted no
    rm -rf -- "$trash"
}

# --- disks that are no files

# What new disks are: file, lvm:GROUP, lvm:GROUP/POOL or zfs:DATASET.
new_disks_in() {
    new_group='' new_pool='' new_parent=''
    case $1 in
        zfs:*) new_parent=${1#zfs:} ;;
        lvm:*/*) new_group=${1#lvm:} new_pool=${1##*/} new_group=${new_group%%/*} ;;
        lvm:*) new_group=${1#lvm:} ;;
    esac
}

# A disk that is no file below the root is a dataset, or a volume: sets dataset, or volume (GROUP/NAME), group, pool.
tells_kind() {
    dataset='' volume='' group='' pool=''
    case $disk in
        "$root"/*) return 0 ;;
        zfs:*/*)
            dataset=${disk#zfs:}
            return
            ;;
        /dev/*/*) ;;
        *) return 0 ;;
    esac
    volume=${disk#/dev/}
    group=${volume%%/*} pool=$(marked pool)
}

on_one_line() { printf '%s' "$1" | tr '\n' ' '; }

# run_tool PROGRAM ARGUMENT...: sets said. What it starts and leaves behind holds none of our locks.
run_tool() { said=$("$@" 2>&1 </dev/null 7>&- 8>&- 9>&-); }

# The disk of a new image. Its name tells the image, and by a sum of root and path nobody else's; LVM keeps some words with _.
new_disk() {
    sum=$(printf '%s' "$root:$path" | sha256sum | cut -c 1-12)
    name=qrm-$(printf '%.24s' "${path##*/}" | tr -c 'A-Za-z0-9.' -)-$sum
    if [ -n "$new_parent" ]; then
        check_parent
        disk=zfs:$new_parent/$name
        tells_kind
        find_dataset
        [ -z "$found" ] || fail $CONFLICT "there is a dataset $dataset already, and QRM has not made it for $image" \
            "Rename it (zfs rename) or destroy it on the storage server, or choose another path."
        return
    fi
    check_group
    disk=/dev/$new_group/$name
    tells_kind
    pool=$new_pool
    find_volume
    [ -z "$found" ] || fail $CONFLICT "there is a volume $volume already, and QRM has not made it for $image" \
        "Rename it (lvrename) or remove it on the storage server, or choose another path."
}

# --- logical volumes, see lvm(8)

# Of what is only asked: sets said to what it answers, without warnings.
ask_lvm() {
    need "$1" lvm2
    said=$("$@" 2>/dev/null </dev/null 7>&- 8>&- 9>&-) || {
        run_tool "$@" || :
        fail $UNAVAILABLE "$1 says: $(on_one_line "$said")" "Look at the volume group on the storage server: vgs, pvs."
    }
}

check_group() {
    have mkfs.ext4 || fail $UNAVAILABLE "mkfs.ext4 is not installed on the storage server" "Install it there: apt-get install e2fsprogs."
    need vgs lvm2
    ask_lvm vgs --noheadings -o vg_name
    printf '%s\n' "$said" | awk -v g="$new_group" '$1 == g { is = 1 } END { exit !is }' ||
        fail $UNAVAILABLE "there is no volume group $new_group" "Make it on the storage server (vgcreate), or change imageVolumes."
    [ -n "$new_pool" ] || return 0
    ask_lvm lvs --noheadings -o lv_name,segtype "$new_group"
    printf '%s\n' "$said" | awk -v p="$new_pool" '$1 == p && $2 == "thin-pool" { is = 1 } END { exit !is }' ||
        fail $UNAVAILABLE "there is no thin pool $new_pool in volume group $new_group" \
            "Make it on the storage server (lvcreate --type thin-pool), or change imageVolumes."
}

# Sets found to the volume's tags, each between commas, or to nothing where it is not.
find_volume() { tags_of "${volume#*/}"; }

tags_of() { # NAME, in the group
    ask_lvm lvs --noheadings -o lv_name,lv_tags "$group"
    found=$(printf '%s\n' "$said" | awk -v n="$1" '$1 == n { print "," $2 "," }')
}

tagged() { case $found in *",$1,"*) ;; *) return 1 ;; esac; }

# Nothing is done to a volume that has not our tag.
must_be_ours() {
    tagged qrm || fail $CONFLICT "volume $volume has no tag qrm, so it is none of QRM's" \
        "Look whose it is; rename or remove it on the storage server, or give it the tag: lvchange --addtag qrm $volume"
}

volume_is_formatted() {
    find_volume
    [ -n "$found" ] || return 1
    must_be_ours
    ! tagged qrm-unfinished || {
        remove_volume
        return 1
    }
}

# As large as is usual, or as the content and a quarter of it need. Until its file system is complete it is tagged as unfinished.
make_volume() {
    kib=$(($1 + $1 / 4 + 1048576))
    [ "$kib" -ge $((gib * 1048576)) ] || kib=$((gib * 1048576))
    if [ -n "$pool" ]; then
        must_have_room $(($1 + 16384)) ''
        set -- -V "${kib}k" --thinpool "$group/$pool"
    else
        must_have_room "$kib" ''
        set -- -L "${kib}k" -W y "$group"
    fi
    run_tool lvcreate -q -y "$@" -n "${volume#*/}" --addtag qrm --addtag qrm-unfinished || fail $FAILED "lvcreate says: $said" ""
    activate
    must_be_blank
    said=$(mkfs.ext4 -q -m 0 -E nodiscard "$disk" 2>&1 </dev/null) || fail $FAILED "mkfs.ext4 says: $said" ""
    sync "$disk"
    run_tool lvchange --deltag qrm-unfinished "$volume" || fail $FAILED "lvchange says: $said" ""
}

must_be_blank() {
    status=0
    said=$(blkid -p -- "$disk" 2>&1) || status=$?
    [ "$status" -eq 2 ] || fail $FAILED "the new volume $volume is not blank: blkid ended with status $status; $said" "Look at it on the storage server."
}

# must_have_room KIB MORE
must_have_room() {
    room=$(room_kib)
    [ "$1" -le "$room" ] || fail $UNAVAILABLE "$image needs $((($1 + 1023) / 1024)) MiB$2, and $((room / 1024)) MiB are free in $(room_name)" \
        "Make room there (vgextend, lvextend, lvremove), or let new images be smaller (imageGib)."
}

room_name() { if [ -n "$pool" ]; then echo "thin pool $group/$pool"; else echo "volume group $group"; fi; }

# What is free for volumes of their kind, of group and pool
room_kib() {
    if [ -n "$pool" ]; then
        ask_lvm lvs --noheadings --units k --nosuffix -o lv_size,data_percent "$group/$pool"
        printf '%s\n' "$said" | awk 'NF { printf "%.0f\n", int($1 * (100 - $2) / 100) }'
    else
        ask_lvm vgs --noheadings --units k --nosuffix -o vg_free "$group"
        printf '%s\n' "$said" | awk 'NF { printf "%.0f\n", $1 }'
    fi
}

volume_kib() {
    ask_lvm lvs --noheadings --units k --nosuffix -o lv_size "$volume"
    printf '%s\n' "$said" | awk 'NF { printf "%.0f\n", $1 }'
}

# Waits for disks that come late, as after a restart of the storage server.
activate() {
    need lvchange lvm2
    tries=0
    until run_tool lvchange -ay "$volume" && [ -e "$sys$disk" ]; do
        tries=$((tries + 1))
        [ "$tries" -lt "$patience" ] ||
            fail $NOT_FOUND "volume $volume, the file system of $image, cannot be activated: $(on_one_line "$said")" \
                "Look at it on the storage server (vgs, lvs); restore it, or delete the image."
        sleep 1
    done
}

remove_volume() {
    find_volume
    [ -n "$found" ] || return 0
    must_be_ours
    run_tool lvremove -q -y "$volume" || fail $CONFLICT "lvremove says: $said" "See who uses $volume on the storage server."
}

# A volume becomes larger while it is used. Its size is a number of extents.
grow_volume_to() {
    ask_lvm vgs --noheadings --units k --nosuffix -o vg_extent_size "$group"
    kib=$(printf '%s\n' "$said" | awk -v k="$1" 'NF { printf "%.0f\n", int((k + $1 - 1) / $1) * $1 }')
    more=$((kib - $(volume_kib)))
    [ "$more" -ge 0 ] || fail $INVALID "$image has $(($(volume_kib) / 1024)) MiB already" "Images grow only: choose a larger size."
    find_volume
    must_be_ours
    if [ "$more" -gt 0 ]; then
        [ -n "$pool" ] || [ -z "$(snapshot_volumes)" ] ||
            fail $CONFLICT "$image has snapshots, and LVM lets no such volume grow that has some while it is active" "Delete them first."
        [ -n "$pool" ] || must_have_room "$more" ' more'
        run_tool lvextend -q -y -L "${kib}k" "$volume" || fail $FAILED "lvextend says: $said" ""
    fi
    # An attempt that was cut off may have left it larger than its file system.
    said=$(resize2fs "$disk" 2>&1 </dev/null) || fail $FAILED "resize2fs says: $said" "Try again."
}

# What new images have, and whether thin volumes may find no room later.
tell_group() {
    check_group
    group=$new_group pool=$new_pool
    room=$(room_kib)
    echo "free-kib=$room"
    echo "disks-in=$(room_name)"
    note "new images are volumes in $(room_name); $((room / 1024)) MiB are free there"
    [ -n "$pool" ] || return 0
    ask_lvm lvs --noheadings --units k --nosuffix -o lv_size,pool_lv,data_percent "$group"
    promised=$(printf '%s\n' "$said" | awk -v p="$pool" '$2 == p { kib += $1 * (100 - $3) / 100 } END { printf "%.0f\n", kib }')
    if [ "$promised" -gt "$room" ]; then
        thin="the volumes in $(room_name) may still grow by $((promised / 1024)) MiB, and $((room / 1024)) MiB are free there"
        echo "thin=$thin"
        note "$thin"
    fi
}

# --- ZFS datasets, see zfs(8)

# ask_zfs ARGUMENT...: sets said to what it answers
ask_zfs() {
    need zfs zfsutils-linux
    run_tool zfs "$@" || fail $UNAVAILABLE "zfs says: $(on_one_line "$said")" "Look at it on the storage server: zpool status, zfs list."
}

check_parent() {
    need zfs zfsutils-linux
    run_tool zfs list -H -o name -t filesystem -- "$new_parent" ||
        fail $UNAVAILABLE "there is no ZFS dataset $new_parent: $(on_one_line "$said")" \
            "Make it on the storage server (zfs create), import its pool (zpool import), or change imageVolumes."
}

# Sets found to where the dataset has our mark from: "local" where QRM has made it; to nothing where there is no such dataset.
find_dataset() {
    ask_zfs list -H -o name -t filesystem,volume -d 1 -- "${dataset%/*}"
    found=''
    printf '%s\n' "$said" | grep -qxF -- "$dataset" || return 0
    ask_zfs get -H -o source qrm:made "$dataset"
    found=$said
}

# Nothing is done to a dataset that has not our mark.
dataset_must_be_ours() {
    [ "$found" = local ] || fail $CONFLICT "dataset $dataset has no property qrm:made, so it is none of QRM's" \
        "Look whose it is; rename or destroy it on the storage server, or give it the property: zfs set qrm:made=yes $dataset"
}

# Before anything is undone: what depends on it would keep it.
dataset_must_be_free() {
    dataset_must_be_ours
    ask_zfs list -H -o name -t all -r -- "$dataset"
    [ "$said" = "$dataset" ] || fail $CONFLICT "dataset $dataset has snapshots, or datasets below it" \
        "Destroy them on the storage server, if nobody needs them: zfs list -t all -r $dataset"
}

dataset_is_ours() {
    find_dataset
    [ -n "$found" ] || return 1
    dataset_must_be_ours
}

# As large as is usual, or as the content and a quarter of it need. It is there whole, or not at all.
make_dataset() {
    room=$(dataset_room_kib "${dataset%/*}")
    [ "$room" -ge $(($1 + 16384)) ] ||
        fail $UNAVAILABLE "$image needs $(($1 / 1024 + 16)) MiB, and $((room / 1024)) MiB are free in ZFS dataset ${dataset%/*}" \
            "Make room there (zpool add, zfs destroy, quotas)."
    kib=$(($1 + $1 / 4 + 1048576))
    [ "$kib" -ge $((gib * 1048576)) ] || kib=$((gib * 1048576))
    run_tool zfs create -o qrm:made=yes -o mountpoint=legacy -o "refquota=${kib}K" -o acltype=posixacl -o xattr=sa -- "$dataset" ||
        fail $FAILED "zfs says: $said" ""
}

dataset_kib() { zfs_kib refquota "$dataset"; }

# What may still be written below a dataset
dataset_room_kib() { zfs_kib available "$1"; }

zfs_kib() { # PROPERTY DATASET
    ask_zfs get -Hp -o value "$1" "$2"
    printf '%s\n' "$said" | awk '{ printf "%.0f\n", int($1 / 1024) }'
}

# Its pool is imported late, as after a restart of the storage server.
await_dataset() {
    need zfs zfsutils-linux
    tries=0
    until run_tool zfs list -H -o name -- "$dataset"; do
        tries=$((tries + 1))
        [ "$tries" -lt "$patience" ] ||
            fail $NOT_FOUND "dataset $dataset, the file system of $image, is not there: $(on_one_line "$said")" \
                "Look at it on the storage server (zpool import, zpool status); restore it, or delete the image."
        sleep 1
    done
}

remove_dataset() {
    find_dataset
    [ -n "$found" ] || return 0
    dataset_must_be_ours
    run_tool zfs destroy -- "$dataset" || fail $CONFLICT "zfs says: $(on_one_line "$said")" \
        "See on the storage server what depends on it (zfs list -t all -r $dataset), or who uses it."
}

grow_dataset_to() {
    [ "$1" -ge "$(dataset_kib)" ] || fail $INVALID "$image has $(($(dataset_kib) / 1024)) MiB already" "Images grow only: choose a larger size."
    find_dataset
    dataset_must_be_ours
    run_tool zfs set "refquota=$1K" "$dataset" || fail $FAILED "zfs says: $said" ""
}

# Where new images are, and whether they may find no room later.
tell_parent() {
    check_parent
    room=$(dataset_room_kib "$new_parent")
    echo "free-kib=$room"
    echo "disks-in=ZFS dataset $new_parent"
    note "new images are ZFS datasets in $new_parent; $((room / 1024)) MiB are free there"
    ask_zfs list -Hp -o name,refquota,referenced -t filesystem -d 1 -- "$new_parent"
    promised=$(printf '%s\n' "$said" |
        awk -v p="$new_parent/qrm-" 'index($1, p) == 1 && $2 > $3 { kib += ($2 - $3) / 1024 } END { printf "%.0f\n", kib }')
    if [ "$promised" -gt "$room" ]; then
        thin="the images in ZFS dataset $new_parent may still grow by $((promised / 1024)) MiB, and $((room / 1024)) MiB are free there"
        echo "thin=$thin"
        note "$thin"
    fi
}

# --- what can fill an image

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
    case $(od -An -N6 -tx1 -- "$archive" | tr -d ' \n') in
        1f8b*) unpack=gzip ;;
        fd377a585a00) unpack=xz ;;
        28b52ffd*) unpack=zstd ;;
        425a68*) unpack=bzip2 ;;
        04224d18*) unpack=lz4 ;;
        4c5a4950*) unpack=lzip ;;
        *) unpack='' ;;
    esac
    [ -z "$unpack" ] || need "$unpack" "$unpack"
    claim
    size=$(wc -c <"$archive")
    [ -n "$volume$dataset" ] || [ "$(free_kib "$parent")" -gt $((size / 1024)) ] ||
        fail $UNAVAILABLE "only $(free_kib "$parent") KiB are free in $parent, and the archive alone has $((size / 1024)) KiB" "Make room."
    fresh_staging $((size / 1024))
    extract
    must_be_a_root
    forget_identity
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

# The reader shares its place in the file with this shell, which tells from that how far it is.
extract() {
    exec 8<"$archive"
    {
        if [ -n "$unpack" ]; then "$unpack" -dc <&8 || : >"$staging.failed"; else cat <&8; fi
    } | tar --numeric-owner --same-owner --xattrs --xattrs-include='*' --acls -xpf - -C "$staging" &
    job=$!
    while kill -0 "$job" 2>/dev/null; do
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
    debootstrap "$@" >&2 || {
        no_mounts_in "$staging"
        fail $FAILED "debootstrap ended with status $?" "See $staging/debootstrap/debootstrap.log on the storage server."
    }
    forget var/cache/apt/archives '*.deb'
    forget_identity
    publish
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
    leave_out_local_disks
    leave_out_cards
    forget_identity
    publish
}

# --- work in a tree that comes from elsewhere

# Whether it is in the tree itself. A link in its path would lead to the storage server's own files.
own() {
    part=$staging/$1
    while [ "$part" != "$staging" ]; do
        if [ -L "$part" ]; then
            note "${part#"$staging"} is a link in the image, so /$1 is left as it is"
            return 1
        fi
        part=${part%/*}
    done
    [ -e "$staging/$1" ]
}

# forget DIRECTORY PATTERN...: removes such files and links; never what a link points to
forget() {
    directory=$1
    shift
    own "$directory" || return 0
    for pattern; do
        for each in "$staging/$directory"/$pattern; do
            if [ -f "$each" ] || [ -L "$each" ]; then rm -f -- "$each"; fi
        done
    done
}

# set_aside DIRECTORY WORDS PATTERN...: moves such files, if a line of them that is no comment has these words (an extended regular
# expression), to the same place below etc/qrm/source, where no program looks.
set_aside() {
    directory=$1 words=$2
    shift 2
    own "$directory" || return 0
    for pattern; do
        for each in "$staging/$directory"/$pattern; do
            case ${each##*/} in ifcfg-lo | ifcfg-lo:*) continue ;; esac
            if [ ! -f "$each" ] || [ -L "$each" ] || ! tells "$words" "$each"; then continue; fi
            aside=etc/qrm/source/$directory
            not_a_link_below "$aside" || return 0
            mkdir -p -- "$staging/$aside"
            chmod 0700 -- "$staging/etc/qrm/source"
            mv -f -- "$each" "$staging/$aside/"
            note "/$directory/${each##*/} is about the source system's own cards, addresses or disks; it is in /$aside now"
        done
    done
}

# tells WORDS FILE: neither a comment nor where a route of netplan leads to
tells() { sed -e '/^[[:space:]]*[#;]/d' -e '/^[[:space:]-]*["'\'']\{0,1\}to["'\'']\{0,1\}:/d' "$2" | grep -Eq -- "$1"; }

not_a_link_below() {
    part=$staging/$1
    while [ "$part" != "$staging" ]; do
        [ ! -L "$part" ] || return 1
        part=${part%/*}
    done
}

# Machines that boot the image are none that was before: what tells machines apart is made when they boot, see
# machine-id(5), random-seed in systemd-random-seed.service(8), dhclient.leases(5), and udev's rules for names of cards.
forget_identity() {
    if own etc; then
        rm -rf -- "$staging/etc/machine-id"
        # systemd fills an empty one, also where it cannot make a file; where there is none it asks its questions of a first boot
        : >"$staging/etc/machine-id"
        chmod 0444 "$staging/etc/machine-id"
    fi
    if own var/lib/dbus && [ -e "$staging/var/lib/dbus/machine-id" ]; then # systemd would take the old one from there
        rm -rf -- "$staging/var/lib/dbus/machine-id"
        ln -s /etc/machine-id "$staging/var/lib/dbus/machine-id"
    fi
    forget etc hostid dhcpcd.duid dhcpcd.secret blkid.tab
    # all files get labels, and the machine restarts: again at each boot of an image that is not written to
    forget . .autorelabel
    forget etc/selinux .autorelabel
    forget etc/blkid blkid.tab
    for directory in var/lib/systemd var/lib var/lib/misc var/lib/urandom boot/loader boot/efi/loader efi/loader; do
        forget "$directory" random-seed
    done
    forget var/lib/seedrng 'seed.*'
    forget_leases
    # names of a machine on storage networks; those tools, or units of theirs, make others where there are none
    new_initiator_name
    forget etc/nvme hostnqn hostid
    # registrations, each of which stands for one machine
    forget etc/insights-client machine-id
    forget etc/redhat-access-insights machine-id
    forget etc/sysconfig/rhn systemid
    forget var/lib/yum uuid
    forget var/lib/zypp AnonymousUniqueId
    forget etc/openvswitch system-id.conf
    forget etc/docker key.json
    forget var/lib/docker engine-id
    forget_memberships
    forget etc/udev/rules.d '*persistent-net.rules' '*persistent-cd.rules' '*persistent-ipoib.rules' '*net_persistent_names.rules'
}

# Of what knows its members by a key or number of theirs: two with the same one throw each other out.
forget_memberships() {
    forget etc/pki/consumer cert.pem key.pem
    forget etc/pki/entitlement '*.pem'
    forget var/lib/ubuntu-advantage/private machine-token.json
    forget var/lib/landscape/client broker.bpickle
    forget etc/salt minion_id
    forget etc/salt/pki/minion minion.pem minion.pub
    forget var/lib/tailscale tailscaled.state
    forget var/lib/zerotier-one identity.secret identity.public
    forget var/lib/consul node-id
    forget opt/consul node-id
    forget var/ossec/etc client.keys
    forget etc/zypp/credentials.d SCCcredentials
    forget etc/venv-salt-minion minion_id
    forget etc/venv-salt-minion/pki/minion minion.pem minion.pub
    # the domain changes the machine's password, and knows the other's no more
    forget etc krb5.keytab
    for directory in var/lib/samba/private var/lib/samba; do forget "$directory" secrets.tdb; done
    for directory in etc/puppetlabs/puppet/ssl var/lib/puppet/ssl; do forget_certificate_of_puppet "$directory"; done
    forget etc/chef client.pem
    forget etc/kubernetes kubelet.conf
    forget var/lib/kubelet/pki 'kubelet-client-*.pem' kubelet.crt kubelet.key
    forget etc/rancher/node password
    forget var/lib/docker/swarm docker-state.json state.json
    forget var/lib/docker/swarm/certificates swarm-node.crt swarm-node.key
    for directory in var/lib/nomad/client opt/nomad/data/client; do forget "$directory" client-id secret-id; done
    forget etc/gitlab-runner .runner_system_id
    forget etc/netbird config.json
    forget var/lib/netdata/registry netdata.public.unique.id
    forget var/lib/netdata/cloud.d claimed_id private.pem
    for beat in auditbeat filebeat heartbeat metricbeat packetbeat; do forget "var/lib/$beat" meta.json; done
    forget etc/elastic-agent fleet.enc
    forget opt/CrowdStrike falconstore falconstore.bak
    forget etc/qualys hostid
    # the account of the machine that MAAS made, in configurations of cloud-init
    set_aside etc/cloud/cloud.cfg.d '^[[:space:]]*(consumer_key|token_key|token_secret):' '*.cfg'
}

# It stays if no key of it is there; certificates of authorities do in any case.
forget_certificate_of_puppet() {
    own "$1/private_keys" || return 0
    for key in "$staging/$1"/private_keys/*.pem; do
        [ ! -f "$key" ] || forget "$1/certs" "${key##*/}"
    done
    forget "$1/private_keys" '*.pem'
}

forget_leases() {
    forget var/lib/dhcp '*.leases' '*.leases~' '*.lease'
    forget var/lib/dhclient '*.leases' '*.lease'
    for directory in var/lib/dhcpcd var/lib/dhcpcd5 var/db/dhcpcd; do
        forget "$directory" '*.lease' '*.lease6' duid secret
    done
    forget var/lib/dhcpv6 '*duid*'
    forget var/lib/NetworkManager '*.lease' secret_key timestamps
    forget var/lib/wicked 'lease-*.xml' 'duid*.xml' 'iaid*.xml'
}

# Two machines of one name end each other's sessions. Debian's open-iscsi makes one where the file says so, others where it is missing.
new_initiator_name() {
    own etc/iscsi/initiatorname.iscsi || return 0
    forget etc/iscsi initiatorname.iscsi
    for scripts in usr/lib/open-iscsi lib/open-iscsi; do
        [ -d "$staging/$scripts" ] || continue
        echo GenerateName=yes >"$staging/etc/iscsi/initiatorname.iscsi"
        chmod 0600 "$staging/etc/iscsi/initiatorname.iscsi"
        return
    done
}

# A machine that mounts the image has not the disks of the source system, and systemd would wait for them and then give up.
# What a line of fstab(5) is about is told by its source: a device or the name of one is a disk.
# shellcheck disable=SC2016 # conditions in awk
leave_out_local_disks() {
    comment_out etc/fstab '$2 == "/" || $3 == "swap" || host_share() || !(network() || $4 ~ /(^|,)_netdev(,|$)/) && disk($1)'
    comment_out etc/crypttab '$4 !~ /(^|,)_netdev(,|$)/ && disk($2)'
    comment_out etc/veritytab '$5 !~ /(^|,)_netdev(,|$)/ && disk($2)'
    comment_out etc/integritytab '$4 !~ /(^|,)_netdev(,|$)/ && disk($2)'
    comment_out etc/initramfs-tools/conf.d/resume '/^[[:space:]]*RESUME=/'
    # of which zfs-mount-generator(8) makes units that local-fs.target requires
    set_aside etc/zfs/zfs-list.cache . '*'
    # which disks belong to this machine, by their own names: lvmdevices(8) lets LVM see no others
    set_aside etc/lvm/devices . system.devices
    set_aside etc/multipath . bindings wwids prkeys
    forget etc/zfs zpool.cache
    leave_out_units
}

# Units of somebody's own that mount disks, or swap, see systemd.mount(5); and all that asks for them.
leave_out_units() {
    own etc/systemd/system || return 0
    for each in "$staging"/etc/systemd/system/*.mount "$staging"/etc/systemd/system/*.swap; do
        if [ ! -f "$each" ] || tells '^Options=(.*,)?[[:space:]]*_netdev' "$each"; then continue; fi
        unit=${each##*/}
        what='^What=[[:space:]]*["'\'']?(/dev/|(LABEL|UUID|PARTLABEL|PARTUUID|ID)=)'
        case $unit in *.swap) what='^What=' ;; esac
        if ! tells "$what" "$each" || tells '^What=[[:space:]]*/dev/(fuse|shm|rbd)' "$each"; then continue; fi
        set_aside etc/systemd/system "$what" "$unit"
        [ ! -e "$each" ] || continue
        set_aside etc/systemd/system . "${unit%.*}.automount"
        for asking in "$staging"/etc/systemd/system/*.wants "$staging"/etc/systemd/system/*.requires; do
            forget "${asking#"$staging"/}" "$unit" "${unit%.*}.automount"
        done
    done
}

# What the source has set for its own cards, by their hardware addresses, and addresses that one machine only can have. What is
# asked of DHCP by a card's name stays. Formats: netplan(5), nm-settings-keyfile(5), ifcfg of Red Hat and SUSE, systemd.network(5),
# systemd.link(5), systemd.netdev(5), netctl.profile(5), cloud-init, nameif(8), udev(7), interfaces(5), dhcpcd.conf(5).
# shellcheck disable=SC2016 # conditions in awk
leave_out_cards() {
    address='(^|[^0-9.])([0-9]{1,3}\.){3}[0-9]{1,3}/[0-9]{1,2}([^0-9/]|$)|[0-9A-Fa-f]*:[0-9A-Fa-f:]*/[0-9]{1,3}([^0-9/]|$)'
    hardware='([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}'
    yaml="mac_?address:|$address"
    set_aside etc/netplan "$yaml" '*.yaml'
    set_aside etc/cloud/cloud.cfg.d "$yaml" '*.cfg'
    for directory in nocloud nocloud-net; do set_aside "var/lib/cloud/seed/$directory" . network-config; done
    set_aside etc/NetworkManager/system-connections '^(cloned-)?mac-address=[0-9A-Fa-f]+[:;-]|^address(es)?[0-9]*=.|^method=manual' '*'
    for directory in etc/sysconfig/network-scripts etc/sysconfig/network; do
        set_aside "$directory" '^(HWADDR|MACADDR|LLADDR|IPADDR[A-Za-z0-9_]*|IPV6ADDR[A-Z_]*)=["'\'']?[0-9A-Fa-f]' 'ifcfg-*'
    done
    for directory in "$staging"/etc/systemd/network "$staging"/etc/systemd/network/*.d; do
        set_aside "${directory#"$staging"/}" "^(Permanent)?MACAddress=.*$hardware|^Address=." '*.network' '*.link' '*.netdev' '*.conf'
    done
    set_aside etc/netctl '^Address6?=.' '*'
    set_aside etc/wicked/ifconfig "<local>|<address>|<lladdr>$hardware|$address" '*.xml'
    for directory in "$staging"/var/lib/connman/ethernet_*; do
        set_aside "${directory#"$staging"/}" '^IPv[46]\.method=manual|^IPv4\.local_address=' settings
    done
    set_aside var/lib/connman "^MAC=|^IPv4=[[:space:]]*[0-9]|^IPv6=[[:space:]]*[0-9a-fA-F]*:" '*.config'
    set_aside etc "$hardware" iftab mactab
    set_aside etc/udev/rules.d "ATTRS?\\{address\\}==.*NAME" '*.rules'
    set_aside etc/network/interfaces.d '^[[:space:]]*(hwaddress|iface[[:space:]]+[^[:space:]]+[[:space:]]+inet6?[[:space:]]+static)' '*'
    leave_out_stanzas
    comment_out etc/dhcpcd.conf '/^[[:space:]]*(static[[:space:]]+ip6?_address|inform6?[[:space:]])/'
}

# Of interfaces(5) the stanzas of all interfaces, but lo, that have a static or a hardware address.
leave_out_stanzas() {
    if ! own etc/network/interfaces || [ ! -f "$staging/etc/network/interfaces" ]; then return 0; fi
    names=$(awk '
        $1 ~ /^(iface|auto|allow-.*|mapping|source|source-directory|no-auto-down|no-scripts|template)$/ { name = "" }
        $1 == "iface" { name = $2; if ($4 == "static") print name }
        $1 == "hwaddress" && name != "" { print name }' "$staging/etc/network/interfaces" | sort -u | grep -vx lo) || return 0
    awk -v names="$names" -v mark="#qrm: not on machines that boot from the network# " '
        BEGIN { split(names, list, "\n"); for (i in list) { out[list[i]]; split(list[i], base, ":"); if (base[1] in out) out[list[i]] } }
        $1 ~ /^(iface|auto|allow-.*|mapping|source|source-directory|no-auto-down|no-scripts|template)$/ { in_stanza = $1 == "iface" && $2 in out }
        in_stanza && NF { print mark $0; next }
        $1 == "auto" || $1 ~ /^allow-/ {
            line = $1; left = 0
            for (i = 2; i <= NF; i++) if (!($i in out)) { line = line " " $i; left++ }
            if (left < NF - 1) { print mark $0; if (left) print line; next }
        }
        { print }' "$staging/etc/network/interfaces" >"$root/.qrm/.new-$image"
    cat "$root/.qrm/.new-$image" >"$staging/etc/network/interfaces"
    rm -f "$root/.qrm/.new-$image"
    note "/etc/network/interfaces: what has an address of its own is left out ($(on_one_line "$names"))"
}

# comment_out FILE AWK-CONDITION
comment_out() {
    if ! own "$1" || [ ! -f "$staging/$1" ]; then return 0; fi
    awk '
        # file systems of several machines, some of which are named like devices
        function network() { return $3 ~ /^(nfs4?|cifs|smb3|smbfs|ceph|glusterfs|lustre|beegfs|gpfs|mmfs|9p|virtiofs|afs|ocfs2|gfs2|orangefs|pvfs2|davfs)$/ }
        # of the host of a virtual machine that is copied
        function host_share() { return $3 ~ /^(fuse\.)?(vmhgfs(-fuse)?|vboxsf|prl_fs)$/ || $1 ~ /^vmhgfs-fuse/ }
        function disk(source) {
            gsub(/"/, "", source)
            return source ~ /^(LABEL|UUID|PARTLABEL|PARTUUID|ID)=/ || source ~ /^\/dev\/./ && source !~ /^\/dev\/(fuse|shm|rbd)/ ||
                source ~ /^(mtd|ubi)[0-9]*[:_0-9]/ || $3 == "zfs" || $3 == "btrfs" || $3 == "bcachefs"
        }
        !/^[[:space:]]*(#|$)/ && ('"$2"') { $0 = "#qrm: not on machines that boot from the network# " $0 }
        { print }' "$staging/$1" >"$root/.qrm/.new-$image"
    cat "$root/.qrm/.new-$image" >"$staging/$1"
    rm -f "$root/.qrm/.new-$image"
}

# debian_mirror SUITE: where the storage server itself gets the suite's distribution from, or nothing; formats: sources.list(5). What others
# give packages by is no mirror: of all sources with the component main the first whose address ends in the distribution's name, or
# else the first of the system's own files that does not end in the other's, as mirrors of sites have names of their own.
debian_mirror() {
    wanted=debian other=ubuntu
    case $(readlink "$sys/usr/share/debootstrap/scripts/$1" || :) in
        *gutsy) wanted=ubuntu other=debian ;; # the script of all suites of Ubuntu
    esac
    set --
    for list in sources.list sources.list.d/debian.sources sources.list.d/ubuntu.sources 'sources.list.d/*.list' 'sources.list.d/*.sources'; do
        for each in "$sys"/etc/apt/$list; do if [ -f "$each" ]; then set -- "$@" "$each"; fi; done
    done
    if [ $# = 0 ]; then return 0; fi
    awk -v wanted="$wanted" -v other="$other" '
        function take(url, components) {
            sub(/\/+$/, "", url)
            if (url !~ /^https?:/ || url ~ /security/ || " " components " " !~ / main /) return
            name = url
            sub(/.*\//, "", name)
            if (name == wanted && best == "") best = url
            if (name != other && file ~ /\/(sources\.list|(debian|ubuntu)\.sources)$/ && own == "") own = url
        }
        function end_of_stanza() {
            if (types ~ /(^|[ \t])deb([ \t]|$)/ && enabled !~ /^(no|false)/) {
                number = split(urls, each, /[ \t]+/)
                for (i = 1; i <= number; i++) take(each[i], components)
            }
            types = urls = components = enabled = ""
        }
        FNR == 1 { end_of_stanza(); file = FILENAME }
        /^[ \t]*#/ { next }
        file ~ /\.sources$/ && /^[ \t]*$/ { end_of_stanza(); next }
        file ~ /\.sources$/ {
            value = $0
            if ($0 ~ /^[A-Za-z]/) {
                key = tolower($0)
                sub(/:.*/, "", key)
                sub(/^[^:]*:[ \t]*/, "", value)
            }
            if (key == "types") types = types " " value
            if (key == "uris") urls = urls " " value
            if (key == "components") components = components " " value
            if (key == "enabled") enabled = value
            next
        }
        $1 == "deb" {
            sub(/^[ \t]*deb[ \t]+(\[[^]]*\][ \t]*)?/, "")
            url = $1
            $1 = $2 = ""
            take(url, $0)
        }
        END { end_of_stanza(); print (best != "" ? best : own) }' "$@"
}

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
    rm -f -- "$marker" "$root/.qrm/.new-$image" "$root/.qrm/$image.lock"
    rmdir "$root/.qrm" 2>/dev/null || :
}

no_mounts_in() {
    mounted=$(awk -v p="$1/" 'index($5 "/", p) == 1 { print $5; exit }' "$sys/proc/self/mountinfo")
    [ -z "$mounted" ] || fail $CONFLICT "$mounted is mounted there" "Unmount it on the storage server."
}

# --- exports

find_server() {
    ganesha=''
    here=$(readlink "/proc/self/ns/net" || :)
    for comm in "$sys"/proc/[0-9]*/comm; do
        process=${comm%/comm} name=''
        { read -r name <"$comm" || :; } 2>/dev/null # without a process for each process
        if [ "$name" = ganesha.nfsd ] && [ "$(readlink "$process/ns/net" || :)" = "$here" ]; then
            ganesha=$process server=ganesha
            return
        fi
    done
    if have exportfs && [ -d "$sys/proc/fs/nfsd" ]; then
        server=kernel exports=$sys/etc/exports.d file=$sys/etc/exports.d/qrm-${image-}.exports
        return
    fi
    fail $UNAVAILABLE "no NFS server runs there" "Install and start one: apt-get install nfs-kernel-server, or nfs-ganesha nfs-ganesha-vfs."
}

# What ganesha was started with: option -f or -L, or else the default.
ganesha_option() { tr '\0' '\n' <"$ganesha/cmdline" | awk -v o="$1" -v d="$2" 'p == o { d = $0 } { p = $0 } END { print d }'; }

exports_directory() {
    configuration=$(ganesha_option -f /etc/ganesha/ganesha.conf)
    included=$(sed -n 's/^[[:space:]]*%dir[[:space:]]\{1,\}"\{0,1\}\(\/[^"]*[^"\/[:space:]]\)\/\{0,1\}"\{0,1\}[[:space:]]*$/\1/p' "$configuration")
    exports=$(printf '%s\n' "$included" | grep '/qrm\.d$' | head -n 1 || :)
    [ -n "$exports" ] || exports=$(printf '%s\n' "$included" | head -n 1)
    [ -d "$exports" ] || fail $UNAVAILABLE "$configuration includes no directory for exports" \
        "On the storage server: mkdir -p /etc/ganesha/qrm.d; echo '%dir /etc/ganesha/qrm.d' >>$configuration; then reload ganesha."
    file=$exports/qrm-${image-}.conf
}

lock_exports() {
    mkdir -p "$sys/run/lock"
    exec 7>"$sys/run/lock/qrm-exports.lock"
    flock -w 60 7 || fail $CONFLICT "somebody else has been changing exports for a minute" "Look for a hanging exportfs on the storage server."
}

do_export_facts() {
    lock_image
    mount_image
    [ -d "$path" ] || fail $NOT_FOUND "there is no directory $path" "Fill the image anew."
    find_server
    if own_file_system "$path"; then
        seen_by_server
        echo "own=yes"
    else
        echo "own=no"
    fi
    tell_sharing
    echo "server=$server"
    if [ "$server" = ganesha ]; then
        exports_directory
        lock_exports
        echo "export-id=$(export_id)"
    fi
}

# A server in a mount namespace of its own would give away what lies below.
seen_by_server() {
    if [ "$server" != ganesha ] || awk -v p="$path" '$5 == p { own = $4 == "/" } END { exit !own }' "$ganesha/mountinfo"; then return 0; fi
    fail $UNAVAILABLE "ganesha does not see what is mounted at $path" \
        "Let its service have no mounts of its own (PrivateMounts, ProtectSystem …), and start it again."
}

# The image's own number while it is an image, so that machines keep their file handles when access changes.
export_id() {
    id=$(marked export-id)
    ids=$(used_ids)
    if [ -z "$id" ] || printf '%s\n' "$ids" | grep -qx "$id"; then
        id=$(printf '%s\n' "$ids" | awk '{ used[$1] = 1 } END { for (i = 10000; i in used; i++); print i }')
        mark export-id "$id"
    fi
    echo "$id"
}

# All ids but the image's own: of ganesha's files, and those that images hold while they are closed.
used_ids() {
    for each in "$configuration" "$exports"/* "$root"/.qrm/*; do
        case $each in "$file" | "$marker") continue ;; esac
        [ ! -f "$each" ] || sed -n 's/.*[Ee]xport[_-][Ii][Dd][[:space:]]*=[[:space:]]*\([0-9]\{1,\}\).*/\1/p' "$each"
    done
}

# publish_export FILE-CONTENT. What was looked at by export_facts may have changed since: nobody unmounts the image while it is locked.
do_publish_export() {
    lock_image
    mount_image
    find_server
    [ -z "$disk" ] || seen_by_server
    [ "$server" = kernel ] || exports_directory
    lock_exports
    mkdir -p "$exports"
    # Beside the directory: ganesha reads every file in it, whatever its name.
    [ "$server" = kernel ] || close_unmounted_at_boot
    printf '%s' "$1" >"$exports/../.qrm-new-$image"
    mv -f "$exports/../.qrm-new-$image" "$file"
    reload
}

# The kernel's server looks itself (mountpoint, exports(5)). Ganesha would give away what lies below.
close_unmounted_at_boot() {
    [ -d "$sys/run/systemd/system" ] || return 0
    drop_in=$sys/etc/systemd/system/nfs-ganesha.service.d
    text="# Made by QRM: images whose file systems could not be mounted are closed.
[Service]
ExecStartPre=-/bin/sh -c 'for f in $exports/qrm-*.conf; do \\
    p=\$\$(sed -n \"s/^# mounted at //p\" \"\$\$f\"); [ -z \"\$\$p\" ] || mountpoint -q \"\$\$p\" || rm -f \"\$\$f\"; done'"
    [ "$(cat "$drop_in/qrm.conf" 2>/dev/null)" != "$text" ] || return 0
    mkdir -p "$drop_in"
    printf '%s\n' "$text" >"$drop_in/.qrm-new"
    mv -f "$drop_in/.qrm-new" "$drop_in/qrm.conf"
    systemctl daemon-reload
}

do_withdraw_export() {
    find_server
    [ "$server" = kernel ] || exports_directory
    lock_exports
    if [ -e "$file" ]; then
        rm -f -- "$file"
        reload
    fi
}

reload() { "reload_$server"; }

reload_kernel() {
    said=$(exportfs -ra 2>&1) || {
        rm -f -- "$file"
        exportfs -ra || :
        fail $FAILED "exportfs says: $said" "Correct it on the storage server; the image is closed meanwhile."
    }
    echo "exported=$(exportfs -s | awk -v p="$path" '$1 == p { sub(/\(.*/, "", $2); print $2 }' | sort | tr '\n' ' ')"
}

# Ganesha takes new exports before it drops those that are gone, so a path that changed hands is taken at the second time.
reload_ganesha() {
    log=$(ganesha_option -L /var/log/ganesha/ganesha.log)
    for attempt in 1 2 3; do
        signal_ganesha
        complaint=$(since_signal | grep -F "$file" | head -n 1 || :)
        [ -n "$complaint" ] || return 0
        [ "$attempt" = 3 ] || sleep 1
    done
    rm -f -- "$file"
    signal_ganesha
    fail $FAILED "ganesha says: ${complaint##* :}" "Look at $log on the storage server; the image is closed meanwhile."
}

# Waits until it says in its log that it is done.
signal_ganesha() {
    before=$(wc -c <"$log" 2>/dev/null || echo 0)
    kill -HUP "${ganesha##*/}"
    tries=0
    until since_signal | grep -q 'Reread exports complete'; do
        tries=$((tries + 1))
        [ "$tries" -lt 50 ] || {
            note "ganesha did not say in $log within 10 s that it has read its exports again"
            return 0
        }
        sleep 0.2
    done
}

since_signal() { tail -c "+$((before + 1))" "$log" 2>/dev/null; }

main "$@"
