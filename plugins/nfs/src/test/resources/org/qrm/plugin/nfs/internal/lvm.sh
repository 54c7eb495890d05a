# shellcheck shell=sh
# Plays vgs, lvs, lvcreate, lvchange, lvextend, lvremove, lvrename and lvconvert, by the name that it has. Below $QRM_TEST_ROOT/lvm is a directory for each
# volume group: in it the file free (KiB), and a file for each volume: size, type, pool, percentage that is used, tags ("-": none),
# and of a snapshot the volume that it is of.
set -eu
program=${0##*/}
groups=$QRM_TEST_ROOT/lvm

refuse() {
    echo "  $*" >&2
    exit 5
}

main() {
    echo "$program $*" >>"$QRM_TEST_ROOT/lvm.log"
    fields='' name='' pool='' kib='' tags='' untag='' active='' place='' type=linear snapshot='' words=''
    while [ $# -gt 0 ]; do
        case $1 in
            -o) fields=$2 && shift ;;
            -n) name=$2 && shift ;;
            -s) snapshot=yes ;;
            -l) [ "$2" = 100%ORIGIN ] && shift ;;
            -L) kib=${2%k} && shift ;;
            -V) kib=${2%k} type=thin && shift ;;
            --thinpool) pool=${2#*/} place=$2 && shift ;;
            --addtag) tags=$tags${tags:+,}$2 && shift ;;
            --deltag) untag=$2 && shift ;;
            -ay) active=yes ;;
            --units | -W) shift ;;
            -*) ;;
            *) place=$1 words="$words $1" ;;
        esac
        shift
    done
    [ "$program" != lvrename ] || place=${words# }
    group=${place%%[/ ]*}
    [ -z "$place" ] || [ -d "$groups/$group" ] || refuse "Volume group \"$group\" not found"
    [ -n "$name" ] || case $place in */*) name=${place#*/} ;; esac
    volume=$groups/$group/volumes/$name
    device=$QRM_TEST_ROOT/dev/$group/$name
    "play_$program"
}

play_vgs() {
    case $fields in
        vg_name) for each in "$groups"/*; do echo "  ${each##*/}"; done ;;
        vg_free) echo "  $(cat "$groups/$group/free").00" ;;
        vg_extent_size) echo "  4096.00" ;;
    esac
}

play_lvs() {
    for each in "$groups/$group/volumes"/*; do
        if [ ! -f "$each" ] || { [ -n "$name" ] && [ "$each" != "$volume" ]; }; then continue; fi
        known "$each"
        case $fields in
            lv_name,lv_tags) echo "  ${each##*/} ${its_tags#-}" ;;
            lv_name,segtype) echo "  ${each##*/} $its_type" ;;
            lv_attr,data_percent) tell_attributes ;;
            lv_size) echo "  $size.00" ;;
            lv_size,data_percent) echo "  $size.00 ${used#-}" ;;
            lv_size,pool_lv,data_percent) echo "  $size.00 ${its_pool#-} ${used#-}" ;;
        esac
    done
}

known() { read -r size its_type its_pool used its_tags its_origin <"$1"; }

# merging takes its time; while there is a file merge-stuck it does not get on
tell_attributes() {
    if [ -e "$groups/$group/merging" ] && [ -e "$groups/$group/merge-stuck" ]; then
        echo "  Owi-a-s--- 37.00"
    elif [ -e "$groups/$group/merging" ]; then
        /bin/rm "$groups/$group/merging"
        echo "  Owi-a-s--- 12.50"
    else
        echo "  -wi-a-----"
    fi
}

# what is in a volume: where it is mounted
content_of() {
    mounted=$(awk -v d="/dev/$group/$1" '$9 == d { print $5 }' "$QRM_TEST_ROOT/proc/self/mountinfo")
    echo "${mounted:-$QRM_TEST_ROOT/dev/$group/$1.holds}"
}

play_snapshot() {
    origin=${place#*/}
    known "$groups/$group/volumes/$origin"
    [ "$its_type" = thin ] || take "$size"
    echo "$size $its_type $its_pool - ${tags:--} $origin" >"$volume"
    /bin/mkdir -p "${device%/*}"
    /bin/cp -a "$(content_of "$origin")" "$device.holds"
}

play_lvrename() {
    # shellcheck disable=SC2086  # three words
    set -- $words
    [ -e "$groups/$1/volumes/$2" ] || refuse "Failed to find logical volume \"$1/$2\""
    [ ! -e "$groups/$1/volumes/$3" ] || refuse "Logical Volume \"$3\" already exists"
    for each in "$groups/$1/volumes/" "$QRM_TEST_ROOT/dev/$1/"; do
        [ ! -e "$each$2" ] || /bin/mv "$each$2" "$each$3"
        [ ! -e "$each$2.holds" ] || /bin/mv "$each$2.holds" "$each$3.holds"
    done
}

play_lvconvert() {
    known "$volume"
    [ "$its_type" != thin ] || refuse "the others could not be merged any more"
    [ -e "$QRM_TEST_ROOT/dev/$group/$its_origin" ] || refuse "it is not active"
    ! grep -q " /dev/$group/$its_origin rw" "$QRM_TEST_ROOT/proc/self/mountinfo" || refuse "Delaying merge since origin is open."
    /bin/rm -rf "$QRM_TEST_ROOT/dev/$group/$its_origin.holds"
    /bin/mv "$device.holds" "$QRM_TEST_ROOT/dev/$group/$its_origin.holds"
    take $((0 - size))
    /bin/rm "$volume"
    : >"$groups/$group/merging"
}

play_lvcreate() {
    [ ! -e "$volume" ] || refuse "Logical Volume \"$name\" already exists in volume group \"$group\""
    [ -z "$snapshot" ] || {
        play_snapshot
        return
    }
    used=-
    if [ "$type" = thin ]; then used=0.00; else take "$kib"; fi
    echo "$kib $type ${pool:--} $used ${tags:--}" >"$volume"
    touch_device
}

take() {
    free=$(cat "$groups/$group/free")
    [ "$1" -le "$free" ] || refuse "insufficient free space"
    echo $((free - $1)) >"$groups/$group/free"
}

touch_device() {
    /bin/mkdir -p "${device%/*}"
    : >"$device"
}

play_lvchange() {
    [ -e "$volume" ] || refuse "Failed to find logical volume \"$place\""
    if [ -n "$active" ]; then touch_device; fi
    if [ -n "$untag" ]; then
        known "$volume"
        its_tags=$(echo "$its_tags" | tr , '\n' | grep -vx "$untag" | paste -sd , -)
        echo "$size $its_type $its_pool $used ${its_tags:--}" >"$volume"
    fi
}

play_lvextend() {
    known "$volume"
    [ "$kib" -gt "$size" ] || refuse "New size is not larger than existing size"
    [ "$its_type" = thin ] || take $((kib - size))
    echo "$kib $its_type $its_pool $used $its_tags" >"$volume"
}

play_lvremove() {
    [ -e "$volume" ] || refuse "Failed to find logical volume \"$place\""
    [ ! -e "$groups/$group/merging" ] || refuse "it is merging"
    ! grep -q " /dev/$place rw" "$QRM_TEST_ROOT/proc/self/mountinfo" || refuse "Logical volume $place contains a filesystem in use."
    known "$volume"
    [ "$its_type" = thin ] || take $((0 - size))
    /bin/rm -rf "$volume" "$device" "$device.holds"
}

main "$@"
