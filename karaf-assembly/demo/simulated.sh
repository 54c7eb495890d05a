# shellcheck shell=bash
# The demonstration on simulated machines, which speak the real protocols but exist only as talk. See docs/simulator.md.
# shellcheck disable=SC2034  # names are used by demo and scenario.sh

STORAGE=(--type simulated --address 10.0.0.2 --export-root /shelf)
ARCHIVE=/shelf/debian.tar
PARTITIONING=simulator

site_prepare() { :; }

site_start() {
    start_server 127.0.0.1 env QRM_HTTP_PORT="$HTTP_PORT" QRM_HTTPS_PORT="$HTTPS_PORT" QRM_SSH_PORT="$SSH_PORT"
}

site_machines() {
    step "the plug-in simulator is added" add_simulator
    await 60 "it is there" simulator_is_there
    step "… registered" "$DEMO/qrm" plugin register simulator --wait
    step "… configured: $MACHINES machines" "$DEMO/qrm" plugin configure simulator "machines=$MACHINES" memoryMb=4096
    step "… installed" "$DEMO/qrm" plugin install simulator --wait
    step "$MACHINES simulated machines are switched on" "$DEMO/qrm" plugin run-once simulator --wait
}

add_simulator() {
    "$DEMO/qrm" plugin add-file "$(echo "$HOME_DIR"/system/org/qrm/org.qrm.plugin.simulator/*/*.jar)" --as simulator.jar
}

simulator_is_there() { get /plugins/simulator >"$DEMO/answer" || { echo "not yet" && return 1; }; }

site_storage() {
    step "storage server NFS-server, simulated as well" "$DEMO/qrm" storage-server create NFS-server "${STORAGE[@]}"
}

site_reach() {
    done_with "$1 has the address $(of_machine "$1" address); nothing listens there, since the machine is simulated"
}

site_hints() {
    local qrm
    qrm=$(printf %q "$DEMO/qrm")
    cat <<EOF
  1. where would another start go, and why not elsewhere:
       $qrm ve start web1 --dry-run
  2. stop it; its machine comes back idle, and it can start anew on any that fits:
       $qrm ve stop web1 --wait && $qrm ve start web1 --wait
  3. what has happened so far:
       $qrm event list
EOF
}

# ---- the reference scenario, on simulated partitions

site_host_plugin() {
    step "filesystem image host" "$DEMO/qrm" filesystem-image create host \
        --storage-server NFS-server --archive "$ARCHIVE" --wait
    HOST_BOOT=(--filesystem-image host)
    HOST_CHOICE=()
}
