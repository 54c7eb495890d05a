# shellcheck shell=sh disable=SC2034,SC2154  # see storage.sh, which comes after it
# Images on ZFS datasets, see zfs(8).

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
