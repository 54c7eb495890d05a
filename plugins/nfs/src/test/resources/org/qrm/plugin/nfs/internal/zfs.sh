# shellcheck shell=sh
# Plays zfs and zpool, by the name that it has. Below $QRM_TEST_ROOT/zfs is a file for each dataset, with % for each / of its name: what is
# free in it (bytes), refquota and referenced (bytes), from where it has the property qrm:made (local or -). Below
# $QRM_TEST_ROOT/zfs-snapshots is a file for each snapshot: which one it is, the property qrm:made and where it has that from.
set -eu
program=${0##*/}
pools=$QRM_TEST_ROOT/zfs
snapshots=$QRM_TEST_ROOT/zfs-snapshots

refuse() {
    echo "cannot $*" >&2
    exit 1
}

main() {
    echo "$program $*" >>"$QRM_TEST_ROOT/zfs.log"
    [ "$program" = zfs ] || exit 0
    verb=$1 fields='' depth='' below='' types='' properties='' words=''
    shift
    while [ $# -gt 0 ]; do
        case $1 in
            -o) fields=$2 properties=$properties${properties:+,}$2 && shift ;;
            -t) types=$2 && shift ;;
            -s) shift ;;
            -d) depth=$2 && shift ;;
            -r) below=yes ;;
            -*) ;;
            *) words=$words${words:+ }$1 ;;
        esac
        shift
    done
    name=${words##* }
    file=$pools/$(echo "$name" | tr / %)
    case $name in *@*) file=$snapshots/${file##*/} ;; esac
    [ "$verb" = create ] || [ "$verb" = snapshot ] || [ -f "$file" ] || refuse "open '$name': dataset does not exist"
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

snapshots_of() { # oldest first
    for each in "$snapshots/${1##*/}@"*; do
        [ ! -f "$each" ] || echo "$(cut -d ' ' -f 1 "$each") ${each##*/}"
    done | sort -n | cut -d ' ' -f 2 | tr % /
}

# what is in a dataset: where it is mounted
content_of() {
    mounted=$(awk -v d="$1" '$9 == d { print $5 }' "$QRM_TEST_ROOT/proc/self/mountinfo")
    echo "${mounted:-$pools/$(echo "$1" | tr / %).holds}"
}

play_snapshot() {
    [ "$properties" = qrm:made=snapshot ] || refuse "create '$name': $properties"
    [ ! -e "$file" ] || refuse "create '$name': dataset already exists"
    /bin/mkdir -p "$snapshots"
    /bin/cp -a "$(content_of "${name%@*}")" "$file.holds"
    next=$(($(cat "$snapshots/next" 2>/dev/null || echo 0) + 1))
    echo $next >"$snapshots/next"
    echo "$next snapshot local" >"$file"
}

play_rollback() {
    newest=$(snapshots_of "$(echo "${name%@*}" | tr / %)" | tail -n 1)
    [ "$newest" = "$name" ] || refuse "rollback to '$name': more recent snapshots or bookmarks exist"
    there=$(content_of "${name%@*}")
    find "$there" -mindepth 1 -delete
    /bin/cp -a "$file.holds/." "$there/"
}

play_list() {
    [ "$types" != snapshot ] || {
        snapshots_of "$file"
        return
    }
    show "$file"
    [ -z "$below" ] || [ ! -e "$file.snapshots" ] || echo "$name@mine"
    [ -z "$below" ] || snapshots_of "$file"
    [ -n "$depth" ] || return 0
    for each in "$file"%*; do
        case $each in *.holds | *.snapshots | "$file"%*%*) continue ;; esac
        [ ! -f "$each" ] || show "$each"
    done
}

play_get() {
    [ "$fields" != value,source ] || {
        cut -d ' ' -f 2- "$file" | tr ' ' '\t'
        return
    }
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
    case $name in
        *@*)
            /bin/rm -rf "$file" "$file.holds"
            return
            ;;
    esac
    [ -z "$(snapshots_of "$file")" ] || refuse "destroy '$name': filesystem has children"
    ! grep -q " $name rw" "$QRM_TEST_ROOT/proc/self/mountinfo" || refuse "destroy '$name': dataset is busy"
    [ ! -e "$file.snapshots" ] || refuse "destroy '$name': filesystem has children"
    /bin/rm -rf "$file" "$file.holds"
}

main "$@"
