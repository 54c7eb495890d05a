# shellcheck shell=sh disable=SC2034,SC2154  # see storage.sh, which comes after it
# Images on logical volumes, see lvm(8).

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
