# shellcheck shell=sh
# Plays vgs, lvs, lvcreate, lvchange, lvextend and lvremove, by the name that it has. Below $QRM_TEST_ROOT/lvm is a directory for each
# volume group: in it the file free (KiB), and a file for each volume: size, type, pool, percentage that is used, tags ("-": none).
set -eu
program=${0##*/}
groups=$QRM_TEST_ROOT/lvm

refuse() {
    echo "  $*" >&2
    exit 5
}

main() {
    echo "$program $*" >>"$QRM_TEST_ROOT/lvm.log"
    fields='' name='' pool='' kib='' tags='' untag='' active='' place='' type=linear
    while [ $# -gt 0 ]; do
        case $1 in
            -o) fields=$2 && shift ;;
            -n) name=$2 && shift ;;
            -L) kib=${2%k} && shift ;;
            -V) kib=${2%k} type=thin && shift ;;
            --thinpool) pool=${2#*/} place=$2 && shift ;;
            --addtag) tags=$tags${tags:+,}$2 && shift ;;
            --deltag) untag=$2 && shift ;;
            -ay) active=yes ;;
            --units | -W) shift ;;
            -*) ;;
            *) place=$1 ;;
        esac
        shift
    done
    group=${place%%/*}
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
            lv_size) echo "  $size.00" ;;
            lv_size,data_percent) echo "  $size.00 ${used#-}" ;;
            lv_size,pool_lv,data_percent) echo "  $size.00 ${its_pool#-} ${used#-}" ;;
        esac
    done
}

known() { read -r size its_type its_pool used its_tags <"$1"; }

play_lvcreate() {
    [ ! -e "$volume" ] || refuse "Logical Volume \"$name\" already exists in volume group \"$group\""
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
    ! grep -q " /dev/$place rw" "$QRM_TEST_ROOT/proc/self/mountinfo" || refuse "Logical volume $place contains a filesystem in use."
    known "$volume"
    [ "$its_type" = thin ] || take $((0 - size))
    /bin/rm -rf "$volume" "$device" "$device.holds"
}

main "$@"
