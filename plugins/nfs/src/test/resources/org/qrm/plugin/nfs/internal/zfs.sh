# shellcheck shell=sh
# Plays zfs and zpool, by the name that it has. Below $QRM_TEST_ROOT/zfs is a file for each dataset, with % for each / of its name: what is
# free in it (bytes), refquota and referenced (bytes), from where it has the property qrm:made (local or -).
set -eu
program=${0##*/}
pools=$QRM_TEST_ROOT/zfs

refuse() {
    echo "cannot $*" >&2
    exit 1
}

main() {
    echo "$program $*" >>"$QRM_TEST_ROOT/zfs.log"
    [ "$program" = zfs ] || exit 0
    verb=$1 fields='' depth='' below='' properties='' words=''
    shift
    while [ $# -gt 0 ]; do
        case $1 in
            -o) fields=$2 properties=$properties${properties:+,}$2 && shift ;;
            -t) shift ;;
            -d) depth=$2 && shift ;;
            -r) below=yes ;;
            -*) ;;
            *) words=$words${words:+ }$1 ;;
        esac
        shift
    done
    name=${words##* }
    file=$pools/$(echo "$name" | tr / %)
    [ "$verb" = create ] || [ -f "$file" ] || refuse "open '$name': dataset does not exist"
    "play_$verb"
}

known() { read -r available refquota referenced made <"$1"; }

show() {
    known "$1"
    shown=$(echo "${1##*/}" | tr % /)
    case $fields in
        name) echo "$shown" ;;
        name,refquota,referenced) printf '%s\t%s\t%s\n' "$shown" "$refquota" "$referenced" ;;
    esac
}

play_list() {
    show "$file"
    [ -z "$below" ] || [ ! -e "$file.snapshots" ] || echo "$name@mine"
    [ -n "$depth" ] || return 0
    for each in "$file"%*; do
        case $each in *.holds | *.snapshots | "$file"%*%*) continue ;; esac
        [ ! -f "$each" ] || show "$each"
    done
}

play_get() {
    known "$file"
    case $words in
        "qrm:made "*) echo "$made" ;;
        "refquota "*) echo "$refquota" ;;
        "available "*) echo "$available" ;;
    esac
}

play_create() {
    [ ! -e "$file" ] || refuse "create '$name': dataset already exists"
    case $properties in qrm:made=yes,mountpoint=legacy,refquota=*) ;; *) refuse "create '$name': $properties" ;; esac
    kib=${properties#*refquota=}
    /bin/mkdir "$file.holds"
    echo "0 $((${kib%%K*} * 1024)) 24576 local" >"$file"
}

play_set() {
    known "$file"
    kib=${words#refquota=}
    echo "$available $((${kib%%K*} * 1024)) $referenced $made" >"$file"
}

play_destroy() {
    ! grep -q " $name rw" "$QRM_TEST_ROOT/proc/self/mountinfo" || refuse "destroy '$name': dataset is busy"
    [ ! -e "$file.snapshots" ] || refuse "destroy '$name': filesystem has children"
    /bin/rm -rf "$file" "$file.holds"
}

main "$@"
