# shellcheck shell=sh disable=SC2034,SC2154  # see storage.sh, which comes after it
# File systems of images: made, mounted, grown; of directories, too. What makes a disk that is no file is in volumes.sh and datasets.sh.

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
