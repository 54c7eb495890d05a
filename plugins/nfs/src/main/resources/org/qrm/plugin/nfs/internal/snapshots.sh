# shellcheck shell=sh disable=SC2034,SC2154  # see storage.sh, which comes after it
# Snapshots of images that are file systems of their own. Where one is follows from the image's disk and the snapshot's name: a file
# below disks/IMAGE.snapshots, a volume with the tags qrm-snapshot and qrm-name=NAME, or a ZFS snapshot with the property
# qrm:made=snapshot. While one is restored the marker has restoring=NAME.

merge_patience=${QRM_TEST_MERGE_SECONDS:-600} # seconds, with a merge that does not get on

do_snapshot_create() {
    snapshot=$1
    prepare_snapshot
    mount_image
    "create_in_$(disk_kind)"
}

do_snapshot_restore() {
    snapshot=$1
    prepare_snapshot
    must_be_closed
    mount_image
    "restore_in_$(disk_kind)"
    mount_image
}

do_snapshot_remove() {
    snapshot=$1
    lock_image
    [ -n "$disk" ] || return 0
    [ -z "$(marked restoring)" ] || finish_restore
    "remove_in_$(disk_kind)"
}

prepare_snapshot() {
    lock_image
    [ "$(marked state)" = ready ] || fail $CONFLICT "$image is not complete" "Wait, or create it anew."
    [ -n "$disk" ] || fail $CONFLICT "QRM has made no file system for $image, so it cannot keep what is in it" \
        "Give it one (qrm nfs confine), or use the means of the file system that it lies on, on the storage server."
}

disk_kind() {
    if [ -n "$dataset" ]; then
        echo dataset
    elif [ -n "$pool" ]; then
        echo thin
    elif [ -n "$volume" ]; then
        echo thick
    else
        echo file
    fi
}

must_be_closed() {
    find_server
    [ "$server" = kernel ] || exports_directory
    [ ! -e "$file" ] || fail $CONFLICT "machines may mount $image now" "Stop the virtual environments that use it."
}

no_snapshot() { fail $NOT_FOUND "$image has no snapshot $snapshot on the storage server" "Look for it there, or delete it."; }

# What a restoring that was cut off left. The image is not mounted before.
finish_restore() {
    case $(disk_kind) in
        thin) finish_swap ;;
        thick) finish_merge ;;
    esac
    mark restoring ''
}

# Before anything is undone: what an image's snapshots depend on would go, or they would be left.
must_have_no_snapshots() {
    if [ -n "$volume" ]; then
        [ -z "$(snapshot_volumes)" ] || has_snapshots
    elif [ -z "$dataset" ] && [ -d "$root/.qrm/disks/$image.snapshots" ]; then
        rm -f -- "$root/.qrm/disks/$image.snapshots"/*.new
        rmdir -- "$root/.qrm/disks/$image.snapshots" 2>/dev/null || has_snapshots
    fi
}

has_snapshots() {
    fail $CONFLICT "$image has snapshots on the storage server" "Delete the image with its snapshots; those that QRM does not know of, there."
}

# --- in files: copies, which share blocks where the file system can

snapshot_file() { echo "$root/.qrm/disks/$image.snapshots/$snapshot.img"; }

create_in_file() {
    must_be_closed
    make_directory 0700 "$root/.qrm/disks/$image.snapshots"
    unmount "$path"
    copy_disk "$disk" "$(snapshot_file)"
    mount_image
}

restore_in_file() {
    [ -f "$(snapshot_file)" ] || no_snapshot
    unmount "$path"
    copy_disk "$(snapshot_file)" "$disk"
}

remove_in_file() {
    rm -f -- "$(snapshot_file).new"
    rm -f -- "$(snapshot_file)"
    rmdir -- "$root/.qrm/disks/$image.snapshots" 2>/dev/null || :
}

# copy_disk FROM TO: which is there whole, or as it was
copy_disk() {
    rm -f -- "$2.new"
    cp --reflink=always -- "$1" "$2.new" 2>/dev/null || {
        needed=$(du -k -- "$1" | cut -f 1)
        [ "$needed" -le "$(free_kib "$root")" ] ||
            fail $UNAVAILABLE "a copy of $image needs $((needed / 1024)) MiB, and $(($(free_kib "$root") / 1024)) MiB are free in $root" "Make room there."
        progress 0.1 "copying $((needed / 1024)) MiB"
        cp --reflink=never --sparse=always -- "$1" "$2.new" || {
            rm -f -- "$2.new"
            fail $FAILED "$1 could not be copied" "See the lines before; nothing was changed."
        }
    }
    sync "$2.new"
    mv -f -- "$2.new" "$2"
}

# --- in volumes

snapshot_volume() { echo "${volume#*/}-$(printf '%s' "$snapshot" | sha256sum | cut -c 1-8)"; }

# Names of the volumes of the image's snapshots
snapshot_volumes() {
    ask_lvm lvs --noheadings -o lv_name,lv_tags "$group"
    printf '%s\n' "$said" | awk -v p="${volume#*/}-" 'index($1, p) == 1 && index("," $2 ",", ",qrm-snapshot,") { print $1 }'
}

# Sets found as find_volume does. Nothing is done to one that has not our tags.
find_snapshot_volume() {
    tags_of "$(snapshot_volume)"
    [ -n "$found" ] || return 0
    { tagged qrm-snapshot && tagged "qrm-name=$snapshot"; } ||
        fail $CONFLICT "volume $group/$(snapshot_volume) has no tags qrm-snapshot and qrm-name=$snapshot, so it is none of QRM's" \
            "Rename or remove it on the storage server, or choose another name for the snapshot."
}

remove_snapshot_volume() {
    find_snapshot_volume
    [ -n "$found" ] || return 0
    run_tool lvremove -q -y "$group/$(snapshot_volume)" || fail $CONFLICT "lvremove says: $(on_one_line "$said")" "See who uses it on the storage server."
}

# What is mounted is frozen meanwhile, by device mapper.
make_snapshot_volume() { # MORE OPTIONS
    run_tool lvcreate -q -y -s "$@" -n "$(snapshot_volume)" --addtag qrm-snapshot --addtag "qrm-name=$snapshot" "$volume" ||
        fail $FAILED "lvcreate says: $(on_one_line "$said")" "Look at the volume group on the storage server: vgs, lvs."
}

create_in_thin() {
    remove_snapshot_volume
    make_snapshot_volume
}

remove_in_thin() { remove_snapshot_volume; }

# A snapshot of the snapshot takes the image's place. lvconvert --merge would take the snapshot away, and the others could not be merged any more.
restore_in_thin() {
    find_snapshot_volume
    [ -n "$found" ] || no_snapshot
    unmount "$path"
    mark restoring "$snapshot"
    run_tool lvcreate -q -y -s -kn -n "${volume#*/}-new" --addtag qrm "$group/$(snapshot_volume)" || fail $FAILED "lvcreate says: $(on_one_line "$said")" ""
    run_tool lvrename -q "$group" "${volume#*/}" "${volume#*/}-old" || fail $FAILED "lvrename says: $(on_one_line "$said")" ""
    finish_restore
}

# The one with the right name stays; without, the new one gets it.
finish_swap() {
    tags_of "${volume#*/}"
    if [ -z "$found" ]; then
        run_tool lvrename -q "$group" "${volume#*/}-new" "${volume#*/}" || fail $FAILED "lvrename says: $(on_one_line "$said")" \
            "Look at it on the storage server: lvs $group"
    fi
    for each in new old; do
        tags_of "${volume#*/}-$each"
        [ -n "$found" ] || continue
        must_be_ours
        run_tool lvremove -q -y "$volume-$each" || fail $CONFLICT "lvremove says: $(on_one_line "$said")" "See who uses it on the storage server."
    done
}

# With room for all that can change in the image, so that it is never lost for lack of room.
create_in_thick() {
    remove_snapshot_volume
    must_have_room "$(volume_kib)" ' for a snapshot'
    make_snapshot_volume -l 100%ORIGIN
}

remove_in_thick() { remove_snapshot_volume; }

# To merge a snapshot takes it away, so another is taken before the image is used.
restore_in_thick() {
    find_snapshot_volume
    [ -n "$found" ] || no_snapshot
    unmount "$path"
    activate
    mark restoring "$snapshot"
    progress 0.1 "merging"
    run_tool lvconvert -q -y --merge "$group/$(snapshot_volume)" || fail $FAILED "lvconvert says: $(on_one_line "$said")" "Try again."
    finish_restore
}

# Merging goes on in the kernel, whatever became of lvconvert. What is merged is not listed. Who restores waits while it gets on, all others not as long.
finish_merge() {
    asked=${snapshot-}
    snapshot=$(marked restoring)
    activate
    seconds=0 before=''
    [ "$verb" = snapshot_restore ] || merge_patience=$((merge_patience / 10))
    while is_merging; do
        if [ "$verb" = snapshot_restore ] && [ "$left" != "$before" ]; then
            before=$left seconds=0
            progress 0.1 "merging${left:+, $left % are left}"
        fi
        [ "$seconds" -lt "$merge_patience" ] || fail $UNAVAILABLE \
            "snapshot $snapshot is still being merged into volume $volume${left:+: $left % are left}, after $seconds s${before:+ in which nothing moved}" \
            "It goes on by itself: wait, and ask again. If it does not get on, see on the storage server who has the volume open: lvs -a $group; fuser -v $disk"
        sleep 1
        seconds=$((seconds + 1))
    done
    find_snapshot_volume
    [ -n "$found" ] || make_snapshot_volume -l 100%ORIGIN
    snapshot=$asked
}

is_merging() { # see lv_attr in lvs(8); sets left
    ask_lvm lvs --noheadings -o lv_attr,data_percent "$volume"
    left=$(printf '%s\n' "$said" | awk 'NF { print $2 }')
    [ "$(printf '%s\n' "$said" | awk 'NF { print substr($1, 1, 1) }')" = O ]
}

# --- in ZFS

# Sets found to the property and where it comes from, or to nothing where there is no such snapshot.
find_dataset_snapshot() {
    ask_zfs list -H -o name -t snapshot -d 1 -- "$dataset"
    found=''
    printf '%s\n' "$said" | grep -qxF -- "$dataset@$snapshot" || return 0
    ask_zfs get -H -o value,source qrm:made "$dataset@$snapshot"
    found=$said
    [ "$found" = "snapshot$(printf '\t')local" ] ||
        fail $CONFLICT "$dataset@$snapshot has no property qrm:made=snapshot, so it is none of QRM's" \
            "Rename or destroy it on the storage server, or choose another name for the snapshot."
}

create_in_dataset() {
    find_dataset
    dataset_must_be_ours
    remove_in_dataset
    run_tool zfs snapshot -o qrm:made=snapshot -- "$dataset@$snapshot" || fail $FAILED "zfs says: $(on_one_line "$said")" ""
}

remove_in_dataset() {
    find_dataset
    [ -n "$found" ] || return 0
    find_dataset_snapshot
    [ -n "$found" ] || return 0
    run_tool zfs destroy -- "$dataset@$snapshot" || fail $CONFLICT "zfs says: $(on_one_line "$said")" \
        "See on the storage server what depends on it: zfs get clones,userrefs $dataset@$snapshot"
}

restore_in_dataset() {
    find_dataset
    dataset_must_be_ours
    find_dataset_snapshot
    [ -n "$found" ] || no_snapshot
    ask_zfs list -H -o name -t snapshot -d 1 -s createtxg -- "$dataset"
    newer=$(printf '%s\n' "$said" | awk -v s="$dataset@$snapshot" 'past { sub(/.*@/, ""); printf "%s%s", sep, $0; sep = ", " } $0 == s { past = 1 }')
    [ -z "$newer" ] || fail $CONFLICT "ZFS goes back to the newest snapshot only, and these are newer: $newer" "Delete them first."
    unmount "$path"
    run_tool zfs rollback -- "$dataset@$snapshot" || fail $FAILED "zfs says: $(on_one_line "$said")" ""
}
