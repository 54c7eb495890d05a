# shellcheck shell=bash
# The demonstration on the virtual rack: machines that really boot, a storage server, a source system. See docs/rack.md.
# shellcheck disable=SC2034  # names are used by demo and scenario.sh

RACK=karaf-assembly/rack/rack
RACK_DIR=${RACK_DIR:-/var/lib/qrm-rack/$RACK_NAME}
RACK_LOGS=$DEMO/rack
RACK_NETWORK=10.77.0
export RACK_DIR RACK_LOGS RACK_NETWORK
SERVER_ADDRESS=10.77.0.1
STORAGE=(--type nfs --address 10.77.0.2 --management-address 10.77.0.3 --export-root /export)
ARCHIVE=/export/debian-with-a-page.tar
PARTITIONING=xen

# The root file systems that are missing, before anything is started: that takes minutes, once
site_prepare() {
    SOURCE=source
    [ -z "$XEN" ] || SOURCE=xen
    local name
    for name in storage "$SOURCE" debian; do
        step "root file system '$name' (made once, kept for the next time)" "$RACK" image "$name" --directory
    done
}

site_start() {
    RACK_IS_UP=yes
    rm -rf "$RACK_LOGS"
    step "a rack of $MACHINES machines, a storage server and a source system" \
        "$RACK" up "$MACHINES" --owner $$ --source "$SOURCE"
    # machines of a rack are known to be friends, and its storage server has no loop devices
    echo 'sharedFileSystems = allow' >"$HOME_DIR/etc/org.qrm.plugin.nfs.cfg"
    start_server "$SERVER_ADDRESS" "$RACK" exec server --
    "$RACK" forward "$HTTPS_PORT" 8443
    "$RACK" forward "$SSH_PORT" 8101
}

# DHCP and TFTP on the rack's own network, which only machines of the rack can see
site_machines() {
    step "network boot: the plug-in dnsmasq is registered" "$DEMO/qrm" plugin register dnsmasq --wait
    step "… configured" "$DEMO/qrm" plugin configure dnsmasq \
        mode=full interface=br0 rangeStart=10.77.0.100 rangeEnd=10.77.0.199
    step "… installed" "$DEMO/qrm" plugin install dnsmasq --wait
    step "… active" "$DEMO/qrm" plugin run-once dnsmasq --wait
    step "admission: the next $MACHINES new machines may join; others would wait to be admitted" \
        "$DEMO/qrm" admission open --minutes 60 --machines "$MACHINES"
    local machine
    for ((machine = 1; machine <= MACHINES; machine++)); do
        # the first is to be the Xen host
        if [ -n "$XEN" ] && [ "$machine" = 1 ]; then
            "$RACK" power on 1 --memory 2048
        else
            "$RACK" power on "$machine"
        fi
    done
    done_with "the power buttons of $MACHINES machines are pressed; they know nothing but to boot from the network"
}

site_storage() {
    ssh-keygen -y -f "$QRM_DATA/exec/id_ecdsa" >"$DEMO/server.pub"
    "$RACK" authorize storage "$DEMO/server.pub"
    "$RACK" authorize source "$DEMO/server.pub"
    step "the archive of a small Debian, with a page of its own, on the storage server" make_archive
    step "storage server NFS-server" "$DEMO/qrm" storage-server create NFS-server "${STORAGE[@]}"
}

# An unmodified Debian and the files of karaf-assembly/demo/image
make_archive() {
    local tree archive=$RACK_DIR/storage$ARCHIVE
    tree=$("$RACK" image debian --directory)
    tar --numeric-owner --xattrs --acls -C "$tree" -cf "$archive" .
    (cd karaf-assembly/demo/image && find . -type f -o -type l) |
        tar --owner=0 --group=0 --mode=u=rw,go=r --no-recursion -C karaf-assembly/demo/image -rf "$archive" --files-from=-
}

# Is what answers there the machine that REST names? answers NAME ADDRESS
answers() {
    "$RACK" exec server -- curl -sf --max-time 10 "http://$2/" >"$DEMO/page" 2>/dev/null || {
        echo "no answer of http://$2/ yet"
        return 1
    }
    cat "$DEMO/page"
    grep -q "^This is $1:" "$DEMO/page"
}

site_reach() {
    local address
    address=$(of_machine "$1" address)
    await 120 "$1 answers over the network" answers "$(of_machine "$1" name)" "$address"
    echo "         \$ curl http://$address/"
    echo "         $(cat "$DEMO/page")"
}

site_hints() {
    local address rack qrm
    address=$(of_machine web1 address)
    rack=$(printf %q "$PWD/$RACK") qrm=$(printf %q "$DEMO/qrm")
    cat <<EOF
  1. ask the virtual environment itself:
       RACK_NAME=$RACK_NAME $rack exec server -- curl http://$address/
  2. look around on its machine, as root (Ctrl-] leaves):
       $qrm resource terminal $(of_machine web1 name)
  3. stop it; its machine comes back idle, and it can start anew on any that fits:
       $qrm ve stop web1 --wait && $qrm ve start web1 --wait
EOF
}

# ---- the reference scenario

# What an administrator types at qrm-configurator: the way to the wizard, its seven answers, the way out
WIZARD_ANSWERS=(pluginconf xen 10.77.0.10 NFS-server /export/Xen_image_1_0 10.77.0.2 10.77.0.3 '' 10.77.0.1 q '')

site_host_plugin() {
    step "the plug-in xen is registered" "$DEMO/qrm-plugin" xen register
    step "its wizard is answered in qrm-configurator" answer_wizard
    step "it is installed: boot image, filesystem image of the source system" "$DEMO/qrm-plugin" xen install
    step "it is active (run_once)" "$DEMO/qrm-plugin" xen run_once
    HOST_BOOT=(--boot-image Xen_kernel_1_0 --filesystem-image Xen_image_1_0)
    HOST_CHOICE=(--resource 52:54:00:aa:00:01)
}

answer_wizard() {
    printf '%s\n' "${WIZARD_ANSWERS[@]}" | "$DEMO/qrm-configurator"
}
