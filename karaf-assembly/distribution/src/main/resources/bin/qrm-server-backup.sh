# shellcheck shell=bash
# Part of qrm-server: the verbs backup, verify and restore. What they do with files is the program org.qrm.core.backup.

# What a restore brings is laid out in restore-ready first; from then on it is finished, here or at the next start.
# What is no data of a server: lost+found is the file system's, .cache what commands leave in the home of the package's user
RESTORE_KEEPS=" restore-ready qrm-server.lock qrm-server.pid backup.lock log karaf lost+found .cache "

backup() {
    check_settings
    [ -d "$QRM_DATA" ] || refuse "there is no QRM_DATA=$QRM_DATA to save"
    check_owner
    finish_restore_if_begun
    # else a mistaken setting would be found out when the backup is needed
    holds_data || refuse "what is in $QRM_DATA is not a server's; set QRM_DATA as for the server"
    find_java
    local running=true
    # a server that does not run must not be started while its files are read
    if take_lock_now; then running=false; fi
    QRM_RUNNING=$running backup_program backup "$1" || exit "$EXIT_FAILED"
}

# of a file that may come from elsewhere: no server, and none of its settings, need be here
verify() {
    find_java
    backup_program verify "$1" || exit "$EXIT_FAILED"
}

restore() {
    local replace=false
    if [ "$1" = --replace ]; then
        replace=true
        shift
    fi
    check_settings
    prepare_data
    take_lock || refuse "a server is running with the data in $QRM_DATA (pid $(server_pid)); stop it first: qrm-server stop"
    finish_restore_if_begun
    if holds_anything; then
        holds_data || refuse "what is in $QRM_DATA is not a server's; give a QRM_DATA of its own"
        [ "$replace" = true ] ||
            refuse "there is data in $QRM_DATA already; give --replace to put the backup in its place (what is there is kept beside it), or another QRM_DATA"
    fi
    find_java
    QRM_ASIDE=$(new_aside)
    export QRM_ASIDE
    backup_program extract "$1" || exit "$EXIT_FAILED"
    load_database || {
        # its own word that nothing was changed; one that was killed cannot say that
        [ $? -ne 1 ] || rm -rf "$QRM_DATA/restore-ready" "${QRM_DATA:?}/$QRM_ASIDE"
        exit "$EXIT_FAILED"
    }
    finish_restore_if_begun
    echo "Restored. Next: qrm-server start"
}

# also when two restores end in one second
new_aside() {
    local name suffix='' number=2
    name=before-restore-$(date +%Y%m%d-%H%M%S)
    while [ -e "$QRM_DATA/$name$suffix" ]; do
        suffix=-$number
        number=$((number + 1))
    done
    echo "$name$suffix"
}

holds_data() {
    local name
    for name in database users.properties server-id secrets tls; do
        if [ -e "$QRM_DATA/$name" ]; then return 0; fi
    done
    return 1
}

# more than a start that failed, or a restore of before, leaves behind
holds_anything() {
    local entry
    for entry in "$QRM_DATA"/* "$QRM_DATA"/.[!.]*; do
        if [ -e "$entry" ] && ! is_kept "${entry##*/}" && [ "${entry##*/}" != restore-part ]; then return 0; fi
    done
    return 1
}

is_kept() {
    [[ "$RESTORE_KEEPS" == *" $1 "* || "$1" == before-restore-* ]]
}

take_lock_now() {
    exec 9>>"$QRM_DATA/qrm-server.lock"
    flock -n 9
}

# each move is one step, and each is repeated without harm, so that a kill in between is made good by the next call
finish_restore_if_begun() {
    local ready="$QRM_DATA/restore-ready" moving="$QRM_DATA/restore-moving" aside entry
    if [ -d "$ready" ]; then
        load_database || fail "the restore that was cut off cannot be finished; repeat this when its database can be reached"
        aside="$QRM_DATA/$(cat "$ready/aside")"
        mkdir -p "$aside"
        for entry in "$QRM_DATA"/* "$QRM_DATA"/.[!.]*; do
            if [ -e "$entry" ] && ! is_kept "${entry##*/}"; then mv "$entry" "$aside/"; fi
        done
        if ! rmdir "$aside" 2>/dev/null; then echo "What was there before is kept in $aside"; fi
        mv "$ready" "$moving"
    fi
    if [ -d "$moving" ]; then
        for entry in "$moving"/data/* "$moving"/data/.[!.]*; do
            if [ -e "$entry" ] && ! is_kept "${entry##*/}"; then mv "$entry" "$QRM_DATA/"; fi
        done
        rm -rf "$moving" "${QRM_DATA:?}/karaf"
    fi
}

# of a backup from PostgreSQL, whose database is elsewhere
load_database() {
    local dump="$QRM_DATA/restore-ready/database.dump"
    [ -e "$dump" ] || return 0
    find_java
    backup_program load "$dump" && rm -f "$dump"
}

backup_program() {
    # its name need not be known to any resolver
    QRM_HOME=$HOME_DIR QRM_VERSION=$(version) QRM_HOST=$(uname -n) "$JAVA" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xmx256m \
        "-Djava.io.tmpdir=${TMPDIR:-/tmp}" -Dorg.ops4j.pax.logging.DefaultServiceLog.level=ERROR \
        -cp "$(backup_class_path)" org.qrm.core.backup.BackupProgram "$@"
}

backup_class_path() {
    find "$HOME_DIR/system" \( -name 'org.qrm.core-*.jar' -o -name 'org.qrm.api-*.jar' -o -name 'org.qrm.derby-*.jar' -o -name 'HikariCP-*.jar' \
        -o -name 'postgresql-*.jar' -o -name 'pax-logging-api-*.jar' -o -name 'jackson-*.jar' -o -name 'org.osgi.*.jar' \) -printf '%p:'
    printf '%s:' "$HOME_DIR"/lib/boot/*.jar
}
