#!/bin/sh
# Runs on the storage server: sh -s -- VERB ARGUMENT..., this text on standard input.
# Results are key=value lines on standard output. On standard error go "qrm-progress FRACTION TEXT", "qrm-note TEXT", and,
# when it fails, "qrm-reason TEXT" and "qrm-remedy TEXT"; the status is then one of those below.
#
# Beside the images it keeps, in ROOT/.qrm, a marker for each image: path, made (yes: this script made the directory and may
# remove it), state (filling, ready), export-id, source-host-key.
set -eu
umask 022
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"

INVALID=64 CONFLICT=65 NOT_FOUND=66 UNAVAILABLE=69 FAILED=70
sys=${QRM_TEST_ROOT:-}

main() {
    verb=$1 root=$2
    shift 2
    echo "verb=$verb" # the server knows by it that this text arrived, and not only the shell that reads it
    [ -d "$root" ] || fail $NOT_FOUND "there is no directory $root" "Create it on the storage server, or change the export root."
    [ "$(cd -P -- "$root" && pwd -P)" = "$root" ] ||
        fail $INVALID "$root is behind a symbolic link" "Use $(cd -P -- "$root" && pwd -P)."
    case $verb in
        probe | list) "do_$verb" "$@" ;;
        size | remove | adopt | empty | archive | debootstrap | begin_copy | finish_copy | export_facts | publish_export | withdraw_export)
            image=$1 path=$2
            shift 2
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

private_directory() { [ -d "$root/.qrm" ] || mkdir -m 0700 "$root/.qrm"; }

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
        note "$path is complete already"
        exit 0
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
}

# The directory appears under its name only when it is complete.
publish() {
    is_empty "$staging" && fail $FAILED "nothing was there to fill $path with" "Look at the source."
    rm -rf -- "$trash"
    if [ -e "$path" ]; then mv -- "$path" "$trash"; fi
    mv -- "$staging" "$path"
    rm -rf -- "$trash"
    mark state ready
}

free_kib() { df -Pk -- "$1" | awk 'NR == 2 { print $4 }'; }

# --- what can fill an image

do_adopt() {
    [ -d "$path" ] || fail $NOT_FOUND "there is no directory $path" "Create it on the storage server, or choose how it is filled."
    lock_image
    [ -z "$forgotten" ] || rm -f -- "$forgotten"
    mark path "$path"
    [ -n "$(marked made)" ] || mark made no
    mark state ready
}

do_empty() {
    claim
    mkdir -p -- "$path"
    mark state ready
}

do_archive() {
    archive=$1
    [ -f "$archive" ] || fail $NOT_FOUND "there is no file $archive" "Put the archive there, on the storage server."
    need tar tar
    case $(od -An -N6 -tx1 -- "$archive" | tr -d ' \n') in
        1f8b*) unpack=gzip ;;
        fd377a585a00) unpack=xz ;;
        28b52ffd*) unpack=zstd ;;
        *) unpack='' ;;
    esac
    [ -z "$unpack" ] || need "$unpack" "$unpack"
    claim
    size=$(wc -c <"$archive")
    [ "$(free_kib "$parent")" -gt $((size / 1024)) ] ||
        fail $UNAVAILABLE "only $(free_kib "$parent") KiB are free in $parent, and the archive alone has $((size / 1024)) KiB" "Make room."
    rm -rf -- "$staging"
    mkdir -m 0755 -- "$staging"
    extract
    forget_identity
    publish
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
    rm -rf -- "$staging"
    mkdir -m 0755 -- "$staging"
    # the smallest variant has no init: with these a machine boots it
    set -- --variant=minbase --include="init,udev,kmod,dbus,iproute2,netbase${packages:+,$packages}" "$suite" "$staging"
    mirror=$(debian_mirror)
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
    [ -d "$staging" ] || mkdir -m 0755 -- "$staging"
    echo "staging=$staging"
    echo "lock=$root/.qrm/$image.lock"
    echo "source-host-key=$(marked source-host-key)"
    echo "free-kib=$(free_kib "$parent")"
}

do_finish_copy() {
    claim
    leave_out_local_disks
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

# Machines that boot the image are none that was before: what tells machines apart is made when they boot, see
# machine-id(5), random-seed in systemd-random-seed.service(8), dhclient.leases(5), and udev's rules for names of cards.
forget_identity() {
    if own etc && { [ -e "$staging/etc/machine-id" ] || [ -L "$staging/etc/machine-id" ]; }; then
        rm -rf -- "$staging/etc/machine-id"
        : >"$staging/etc/machine-id" # systemd fills an empty one, also where it cannot make a file
        chmod 0444 "$staging/etc/machine-id"
    fi
    if own var/lib/dbus && [ -e "$staging/var/lib/dbus/machine-id" ]; then # systemd would take the old one from there
        rm -rf -- "$staging/var/lib/dbus/machine-id"
        ln -s /etc/machine-id "$staging/var/lib/dbus/machine-id"
    fi
    forget etc hostid dhcpcd.duid dhcpcd.secret
    for directory in var/lib/systemd var/lib var/lib/misc var/lib/urandom boot/loader boot/efi/loader efi/loader; do
        forget "$directory" random-seed
    done
    forget var/lib/seedrng 'seed.*'
    forget var/lib/dhcp '*.leases' '*.leases~' '*.lease'
    forget var/lib/dhclient '*.leases' '*.lease'
    forget var/lib/dhcpcd '*.lease' '*.lease6' duid secret
    forget var/lib/dhcpv6 '*duid*'
    forget var/lib/NetworkManager '*.lease' secret_key timestamps
    forget var/lib/wicked 'lease-*.xml' 'duid*.xml' 'iaid*.xml'
    forget etc/udev/rules.d '*persistent-net.rules' '*persistent-cd.rules' '*net_persistent_names.rules'
}

# A machine that mounts the image has not the disks of the source system, and systemd would wait for them and then give up.
# What a line of fstab(5) is about is told by its source: a device or the name of one is a disk.
# shellcheck disable=SC2016 # conditions in awk
leave_out_local_disks() {
    comment_out etc/fstab '$2 == "/" || $3 == "swap" || !(network() || $4 ~ /(^|,)_netdev(,|$)/) && disk($1)'
    comment_out etc/crypttab '$4 !~ /(^|,)_netdev(,|$)/ && disk($2)'
    comment_out etc/initramfs-tools/conf.d/resume '/^[[:space:]]*RESUME=/'
}

# comment_out FILE AWK-CONDITION
comment_out() {
    if ! own "$1" || [ ! -f "$staging/$1" ]; then return 0; fi
    awk '
        # file systems of several machines, some of which are named like devices
        function network() { return $3 ~ /^(nfs4?|cifs|smb3|smbfs|ceph|glusterfs|lustre|beegfs|gpfs|mmfs|9p|virtiofs|afs|ocfs2|gfs2|orangefs|pvfs2|davfs)$/ }
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

# Where the storage server itself gets Debian from.
debian_mirror() {
    cat "$sys"/etc/apt/sources.list "$sys"/etc/apt/sources.list.d/*.list "$sys"/etc/apt/sources.list.d/*.sources 2>/dev/null |
        sed -n -e 's/^deb[[:space:]]\{1,\}\(\[[^]]*\][[:space:]]*\)\{0,1\}\(https\{0,1\}:[^[:space:]]*\).*/\2/p' \
            -e 's/^URIs:[[:space:]]*\(https\{0,1\}:[^[:space:]]*\).*/\1/p' | grep -v security | head -n 1
}

# --- what can be asked and undone

# probe ARGUMENT: tells it as it arrived, in hexadecimal
do_probe() {
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
    tell_sharing
    for tool in rsync tar; do have "$tool" || note "$tool is not installed on the storage server: apt-get install $tool"; done
    echo "free-kib=$(free_kib "$root")"
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
        own_file_system "$(sed -n 's/^path=//p' "$each")" || sharing=$((sharing + 1))
    done
    [ "$sharing" = 0 ] || note "$sharing images in $root share a file system: all machines that use one of them trust each other with all of it"
    echo "sharing=$sharing"
}

do_list() {
    for directory in "$root"/*/; do
        directory=${directory%/}
        if [ -d "$directory" ] && [ ! -L "$directory" ]; then printf 'path=%s\n' "$directory"; fi
    done
}

do_size() {
    [ -d "$path" ] || fail $NOT_FOUND "there is no directory $path" "Check the storage server."
    status=0
    kib=$(du -skx -- "$path") || status=$?
    [ -n "$kib" ] || fail $FAILED "du ended with status $status" ""
    echo "kib=${kib%%[!0-9]*}"
}

do_remove() {
    lock_image
    do_withdraw_export
    if [ -d "$path" ] && [ "$(marked made)" != yes ] && ! is_empty "$path"; then
        fail $CONFLICT "$path was there before QRM used it" "Remove the image and keep its content, or remove the directory on the storage server first."
    fi
    for directory in "$path" "$staging" "$trash"; do no_mounts_in "$directory"; done
    progress 0.1 "removing $path"
    if [ -d "$path" ]; then
        rm -rf -- "$trash"
        mv -- "$path" "$trash"
    fi
    rm -rf -- "$staging" "$trash"
    rm -f -- "$marker" "$root/.qrm/$image.lock"
    rmdir "$root/.qrm" 2>/dev/null || :
}

no_mounts_in() {
    mounted=$(awk -v p="$1/" 'index($5 "/", p) == 1 { print $5; exit }' /proc/self/mountinfo)
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
    [ -d "$path" ] || fail $NOT_FOUND "there is no directory $path" "Fill the image anew."
    find_server
    tell_sharing
    echo "server=$server"
    if [ "$server" = ganesha ]; then
        exports_directory
        lock_exports
        echo "export-id=$(export_id)"
    fi
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

# publish_export FILE-CONTENT
do_publish_export() {
    find_server
    [ "$server" = kernel ] || exports_directory
    lock_exports
    mkdir -p "$exports"
    # Beside the directory: ganesha reads every file in it, whatever its name.
    printf '%s' "$1" >"$exports/../.qrm-new-$image"
    mv -f "$exports/../.qrm-new-$image" "$file"
    reload
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
