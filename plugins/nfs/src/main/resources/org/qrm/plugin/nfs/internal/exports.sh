# shellcheck shell=sh disable=SC2034,SC2154  # see storage.sh, which comes after it
# What machines may mount: exports of the kernel's server and of Ganesha.

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
    do_export_turn
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

# ---- exports of somebody else, which give away what is closed

# given_away PATH: the first such export that there is, of those that $exported has.
given_away() {
    own=no
    ! own_file_system "$1" || own=yes
    printf '%s\n' "$exported" | awk -v p="$1" -v own="$own" '
        { above = index(p "/", $1 == "/" ? "/" : $1 "/") == 1; below = index($1 "/", p "/") == 1 }
        $1 != "" && $1 != p && (below || above && ($2 == "all" || own == "no")) { print $1; exit }'
}

# PATH, and "all" if also what is mounted below it. The lines for an image itself are looked at when it is opened or closed.
others_exports() {
    if [ "$server" = kernel ]; then
        exportfs -s | awk '{ print $1, $0 ~ /[(,]crossmnt[,)]/ ? "all" : "-" }'
    else
        sed -n 's/^[[:space:]]*[Pp]ath[[:space:]]*=[[:space:]]*"\{0,1\}\(\/[^";]*\).*/\1 all/p' "$configuration" "$exports"/* 2>/dev/null
    fi
}

tell_given_away() {
    exported=$(others_exports) || :
    for each in "$root"/.qrm/*; do
        case $each in *.lock) continue ;; esac
        [ -f "$each" ] || continue
        export=$(given_away "$(sed -n 's/^path=//p' "$each")")
        if [ -n "$export" ]; then
            echo "given-away=the export of $export, which is not QRM's, gives images away, as ${each##*/}"
            return
        fi
    done
}

do_confirm_closed() {
    find_server
    [ "$server" = kernel ] || exports_directory
    exported=$(others_exports) || :
    export=$(given_away "$path")
    [ -z "$export" ] || fail $CONFLICT "$export is exported there, by somebody else, which gives the image away" \
        "Export nothing above or in an image; without crossmnt what is mounted below is not given away."
}

# ---- what is published later was known later: who publishes names the turn that he saw before he asked what is to be published

do_export_turn() { echo "turn=$(turn)"; }
turn() { cat "$root/.qrm/.turn-$image" 2>/dev/null || :; }

# take_turn TURN, while exports are locked; ends when another one has had it.
take_turn() {
    if [ "$(turn)" != "$1" ]; then
        echo "overtaken=yes"
        exit 0
    fi
    private_directory
    cat /proc/sys/kernel/random/uuid >"$root/.qrm/.turn-$image"
}

# publish_export TURN FILE-CONTENT. What was looked at by export_facts may have changed since: nobody unmounts the image while it is locked.
do_publish_export() {
    lock_image
    mount_image
    find_server
    [ -z "$disk" ] || seen_by_server
    [ "$server" = kernel ] || exports_directory
    lock_exports
    take_turn "$1"
    mkdir -p "$exports"
    # Beside the directory: ganesha reads every file in it, whatever its name.
    [ "$server" = kernel ] || close_unmounted_at_boot
    ! closes_to_somebody "$2" || begin_closing
    printf '%s' "$2" >"$exports/../.qrm-new-$image"
    mv -f "$exports/../.qrm-new-$image" "$file"
    reload
    end_closing
}

# ---- to be closed is certain: nothing that a machine has sent, or will send, changes the image when this has ended

# Whether somebody may mount it now who may not by that FILE-CONTENT.
closes_to_somebody() {
    [ -e "$file" ] || return 1
    for client in $(clients <"$file"); do
        printf '%s\n' "$1" | clients | grep -qxF "$client" || return 0
    done
    return 1
}

# Who may mount it by a file, and how, 10.0.0.7/rw: of lines that Exports.java makes, for either server.
clients() {
    awk '/^#/ { next }
        /CLIENT \{/ { split($0, word, /Clients = |; Access_Type = |; Squash/); print word[2] "/" tolower(word[3]) }
        /^\// { for (i = 2; i <= NF; i++) { split($i, word, "("); print word[1] "/" substr(word[2], 1, 2) } }'
}

# Kept until it is certain: who was cut off before that goes on there.
begin_closing() { : >"$exports/../.qrm-closing-$image"; }
is_closing() { [ -e "$exports/../.qrm-closing-$image" ]; }

end_closing() {
    is_closing || return 0
    await_writes
    rm -f "$exports/../.qrm-closing-$image"
}

# Each request is looked at when it begins. What had begun before has ended when no thread of the server is still in the wait for a disk
# that it was seen in; twice, since others may have waited for that one.
await_writes() {
    for round in 1 2; do
        tries=0
        busy=$(server_threads)
        while
            sleep 0.2
            busy=$(for each in $busy; do ! waits_for_disk "$each" || echo "$each"; done)
            [ -n "$busy" ]
        do
            tries=$((tries + 1))
            [ "$tries" -lt 50 ] || fail $UNAVAILABLE "a write that began before is still under way there after 10 s" \
                "Look at the disks of the storage server: dmesg, iostat -x."
        done
    done
}

server_threads() {
    if [ "$server" = ganesha ]; then
        printf '%s\n' "$ganesha"/task/*/stat
    else
        grep -ls '^[0-9]* (nfsd) ' "$sys"/proc/[0-9]*/stat || :
    fi
}

# proc(5): the state comes after the name, which may have blanks and parentheses
waits_for_disk() {
    { read -r line <"$1"; } 2>/dev/null || return 1
    case ${line##*) } in D*) return 0 ;; *) return 1 ;; esac
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

# withdraw_export TURN; without one it is a matter of the image itself, which goes.
do_withdraw_export() {
    find_server
    [ "$server" = kernel ] || exports_directory
    lock_exports
    [ $# = 0 ] || take_turn "$1"
    if [ -e "$file" ]; then
        begin_closing
        rm -f -- "$file"
    fi
    if is_closing; then
        reload
        [ "$server" != kernel ] || [ -z "$exported" ] || fail $FAILED "the storage server still exports $path to $exported" \
            "Look for other lines with that path in /etc/exports and /etc/exports.d there."
        end_closing
    fi
}

reload() { "reload_$server"; }

reload_kernel() {
    said='' status=0
    said=$(exportfs -ra 2>&1) || status=$?
    exported=$(exportfs -s | awk -v p="$path" '$1 == p { sub(/\(.*/, "", $2); print $2 }' | sort | tr '\n' ' ')
    # what is wrong in a file of somebody else is no reason to close this image
    if [ "$status" != 0 ] && [ "$exported" = "$(wanted_exports)" ]; then
        note "exportfs says: $said"
    elif [ "$status" != 0 ]; then
        begin_closing
        rm -f -- "$file"
        exportfs -ra || :
        fail $FAILED "exportfs says: $said" "Correct it on the storage server; the image is closed meanwhile."
    fi
    echo "exported=$exported"
}

wanted_exports() { [ ! -e "$file" ] || clients <"$file" | sed 's|/.*||' | sort | tr '\n' ' '; }


# Ganesha takes new exports before it drops those that are gone, so a path that changed hands is taken at the second time.
reload_ganesha() {
    log=$(ganesha_option -L /var/log/ganesha/ganesha.log)
    for attempt in 1 2 3; do
        signal_ganesha
        complaint=$(since_signal | grep -F "$file" | head -n 1 || :)
        [ -n "$complaint" ] || return 0
        [ "$attempt" = 3 ] || sleep 1
    done
    begin_closing
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
        if [ "$tries" -ge 150 ] && is_closing; then
            fail $UNAVAILABLE "ganesha did not say in $log within 30 s that it has read its exports again: it may still let others in" \
                "Have it log events there (ganesha-log-config(8), level EVENT), and look whether it runs."
        fi
        [ "$tries" -lt 50 ] || is_closing || {
            note "ganesha did not say in $log within 10 s that it has read its exports again"
            return 0
        }
        sleep 0.2
    done
}

since_signal() { tail -c "+$((before + 1))" "$log" 2>/dev/null; }
