# shellcheck shell=sh disable=SC2034,SC2154  # see storage.sh, which comes after it
# Work in a tree that comes from elsewhere.

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

# set_aside DIRECTORY WORDS PATTERN...: moves such files, if a line of them that is no comment has these words (an extended regular
# expression), to the same place below etc/qrm/source, where no program looks.
set_aside() {
    directory=$1 words=$2
    shift 2
    own "$directory" || return 0
    for pattern; do
        for each in "$staging/$directory"/$pattern; do
            case ${each##*/} in ifcfg-lo | ifcfg-lo:*) continue ;; esac
            if [ ! -f "$each" ] || [ -L "$each" ] || ! tells "$words" "$each"; then continue; fi
            aside=etc/qrm/source/$directory
            not_a_link_below "$aside" || return 0
            mkdir -p -- "$staging/$aside"
            chmod 0700 -- "$staging/etc/qrm/source"
            mv -f -- "$each" "$staging/$aside/"
            note "/$directory/${each##*/} is about the source system's own cards, addresses or disks; it is in /$aside now"
        done
    done
}

# tells WORDS FILE: neither a comment nor where a route of netplan leads to
tells() { sed -e '/^[[:space:]]*[#;]/d' -e '/^[[:space:]-]*["'\'']\{0,1\}to["'\'']\{0,1\}:/d' "$2" | grep -Eq -- "$1"; }

not_a_link_below() {
    part=$staging/$1
    while [ "$part" != "$staging" ]; do
        [ ! -L "$part" ] || return 1
        part=${part%/*}
    done
}

# Machines that boot the image are none that was before: what tells machines apart is made when they boot, see
# machine-id(5), random-seed in systemd-random-seed.service(8), dhclient.leases(5), and udev's rules for names of cards.
forget_identity() {
    if own etc; then
        rm -rf -- "$staging/etc/machine-id"
        # systemd fills an empty one, also where it cannot make a file; where there is none it asks its questions of a first boot
        : >"$staging/etc/machine-id"
        chmod 0444 "$staging/etc/machine-id"
    fi
    if own var/lib/dbus && [ -e "$staging/var/lib/dbus/machine-id" ]; then # systemd would take the old one from there
        rm -rf -- "$staging/var/lib/dbus/machine-id"
        ln -s /etc/machine-id "$staging/var/lib/dbus/machine-id"
    fi
    forget etc hostid dhcpcd.duid dhcpcd.secret blkid.tab
    # all files get labels, and the machine restarts: again at each boot of an image that is not written to
    forget . .autorelabel
    forget etc/selinux .autorelabel
    forget etc/blkid blkid.tab
    for directory in var/lib/systemd var/lib var/lib/misc var/lib/urandom boot/loader boot/efi/loader efi/loader; do
        forget "$directory" random-seed
    done
    forget var/lib/seedrng 'seed.*'
    forget_leases
    # names of a machine on storage networks; those tools, or units of theirs, make others where there are none
    new_initiator_name
    forget etc/nvme hostnqn hostid
    # registrations, each of which stands for one machine
    forget etc/insights-client machine-id
    forget etc/redhat-access-insights machine-id
    forget etc/sysconfig/rhn systemid
    forget var/lib/yum uuid
    forget var/lib/zypp AnonymousUniqueId
    forget etc/openvswitch system-id.conf
    forget etc/docker key.json
    forget var/lib/docker engine-id
    forget_memberships
    forget etc/udev/rules.d '*persistent-net.rules' '*persistent-cd.rules' '*persistent-ipoib.rules' '*net_persistent_names.rules'
}

# Of what knows its members by a key or number of theirs: two with the same one throw each other out.
forget_memberships() {
    forget etc/pki/consumer cert.pem key.pem
    forget etc/pki/entitlement '*.pem'
    forget var/lib/ubuntu-advantage/private machine-token.json
    forget var/lib/landscape/client broker.bpickle
    forget etc/salt minion_id
    forget etc/salt/pki/minion minion.pem minion.pub
    forget var/lib/tailscale tailscaled.state
    forget var/lib/zerotier-one identity.secret identity.public
    forget var/lib/consul node-id
    forget opt/consul node-id
    forget var/ossec/etc client.keys
    forget etc/zypp/credentials.d SCCcredentials
    forget etc/venv-salt-minion minion_id
    forget etc/venv-salt-minion/pki/minion minion.pem minion.pub
    # the domain changes the machine's password, and knows the other's no more
    forget etc krb5.keytab
    for directory in var/lib/samba/private var/lib/samba; do forget "$directory" secrets.tdb; done
    for directory in etc/puppetlabs/puppet/ssl var/lib/puppet/ssl; do forget_certificate_of_puppet "$directory"; done
    forget etc/chef client.pem
    forget etc/kubernetes kubelet.conf
    forget var/lib/kubelet/pki 'kubelet-client-*.pem' kubelet.crt kubelet.key
    forget etc/rancher/node password
    forget var/lib/docker/swarm docker-state.json state.json
    forget var/lib/docker/swarm/certificates swarm-node.crt swarm-node.key
    for directory in var/lib/nomad/client opt/nomad/data/client; do forget "$directory" client-id secret-id; done
    forget etc/gitlab-runner .runner_system_id
    forget etc/netbird config.json
    forget var/lib/netdata/registry netdata.public.unique.id
    forget var/lib/netdata/cloud.d claimed_id private.pem
    for beat in auditbeat filebeat heartbeat metricbeat packetbeat; do forget "var/lib/$beat" meta.json; done
    forget etc/elastic-agent fleet.enc
    forget etc/smolt uuid
    # databases and file systems of several machines take two with one number for one
    forget var/lib/mysql auto.cnf
    forget var/lib/glusterd glusterd.info
    forget var/cfengine/ppkeys localhost.priv localhost.pub
    forget opt/rudder/etc uuid.hive
    forget var/lib/teleport host_uuid
    forget var/lib/teleport/proc '*'
    forget var/lib/amazon/ssm/Vault/Store RegistrationKey EC2RegistrationKey
    forget var/opt/azcmagent agentconfig.json
    forget var/lib/cmk-agent registered_connections.json
    for directory in var/lib/glpi-agent var/lib/fusioninventory-agent; do forget "$directory" '*.dump'; done
    # a tunnel goes to the last of those that have its key
    set_aside etc/wireguard '^[[:space:]]*PrivateKey[[:space:]]*=' '*.conf'
    forget opt/CrowdStrike falconstore falconstore.bak
    forget etc/qualys hostid
    forget etc tenable_tag
    for directory in opt/splunk opt/splunkforwarder; do forget "$directory/etc" instance.cfg; done
    # the account of the machine that MAAS made, in configurations of cloud-init
    set_aside etc/cloud/cloud.cfg.d '^[[:space:]]*(consumer_key|token_key|token_secret):' '*.cfg'
}

# It stays if no key of it is there; certificates of authorities do in any case.
forget_certificate_of_puppet() {
    own "$1/private_keys" || return 0
    for key in "$staging/$1"/private_keys/*.pem; do
        [ ! -f "$key" ] || forget "$1/certs" "${key##*/}"
    done
    forget "$1/private_keys" '*.pem'
}

forget_leases() {
    forget var/lib/dhcp '*.leases' '*.leases~' '*.lease'
    forget var/lib/dhclient '*.leases' '*.lease'
    for directory in var/lib/dhcpcd var/lib/dhcpcd5 var/db/dhcpcd; do
        forget "$directory" '*.lease' '*.lease6' duid secret
    done
    forget var/lib/dhcpv6 '*duid*'
    forget var/lib/NetworkManager '*.lease' secret_key timestamps
    forget var/lib/wicked 'lease-*.xml' 'duid*.xml' 'iaid*.xml'
}

# Two machines of one name end each other's sessions. Debian's open-iscsi makes one where the file says so, others where it is missing.
new_initiator_name() {
    own etc/iscsi/initiatorname.iscsi || return 0
    forget etc/iscsi initiatorname.iscsi
    for scripts in usr/lib/open-iscsi lib/open-iscsi; do
        [ -d "$staging/$scripts" ] || continue
        echo GenerateName=yes >"$staging/etc/iscsi/initiatorname.iscsi"
        chmod 0600 "$staging/etc/iscsi/initiatorname.iscsi"
        return
    done
}

# File capabilities (capabilities(7)) are in the attribute security.capability, of which NFS carries none in any version. They stay in the
# image; who is not root on a machine runs such a program without them. The setuid bit would be more than what was given.
tell_capabilities() {
    have getcap || return 0
    lost=$(getcap -r "$staging" 2>/dev/null | tr -c ' -~\n' '?' | awk -v above="$staging/" '
        index($0, above) != 1 { next }
        ++many <= 20 { sub(/ = /, " "); list = list (many > 1 ? ", " : "") substr($0, length(above)) }
        END { if (many) print list (many > 20 ? " and " many - 20 " others" : "") }')
    [ -z "$lost" ] || note "machines will not see the capabilities, which NFS does not carry, of: $lost; users other than root run them without, see docs/nfs.md"
}

# of a tree that was made for one machine
forget_its_machine() {
    leave_out_local_disks
    leave_out_cards
    forget_identity
}

# A machine that mounts the image has not the disks of the source system, and systemd would wait for them and then give up.
# What a line of fstab(5) is about is told by its source: a device or the name of one is a disk.
# shellcheck disable=SC2016 # conditions in awk
leave_out_local_disks() {
    comment_out etc/fstab '$2 == "/" || $3 == "swap" || host_share() || !(network() || $4 ~ /(^|,)_netdev(,|$)/) && disk($1)'
    comment_out etc/crypttab '$4 !~ /(^|,)_netdev(,|$)/ && disk($2)'
    comment_out etc/veritytab '$5 !~ /(^|,)_netdev(,|$)/ && disk($2)'
    comment_out etc/integritytab '$4 !~ /(^|,)_netdev(,|$)/ && disk($2)'
    comment_out etc/initramfs-tools/conf.d/resume '/^[[:space:]]*RESUME=/'
    # of which zfs-mount-generator(8) makes units that local-fs.target requires
    set_aside etc/zfs/zfs-list.cache . '*'
    # which disks belong to this machine, by their own names: lvmdevices(8) lets LVM see no others
    set_aside etc/lvm/devices . system.devices
    set_aside etc/multipath . bindings wwids prkeys
    forget etc/zfs zpool.cache
    leave_out_units
}

# Units of somebody's own that mount disks, or swap, see systemd.mount(5); and all that asks for them.
leave_out_units() {
    own etc/systemd/system || return 0
    for each in "$staging"/etc/systemd/system/*.mount "$staging"/etc/systemd/system/*.swap; do
        if [ ! -f "$each" ] || tells '^Options=(.*,)?[[:space:]]*_netdev' "$each"; then continue; fi
        unit=${each##*/}
        what='^What=[[:space:]]*["'\'']?(/dev/|(LABEL|UUID|PARTLABEL|PARTUUID|ID)=)'
        case $unit in *.swap) what='^What=' ;; esac
        if ! tells "$what" "$each" || tells '^What=[[:space:]]*/dev/(fuse|shm|rbd)' "$each"; then continue; fi
        set_aside etc/systemd/system "$what" "$unit"
        [ ! -e "$each" ] || continue
        set_aside etc/systemd/system . "${unit%.*}.automount"
        for asking in "$staging"/etc/systemd/system/*.wants "$staging"/etc/systemd/system/*.requires; do
            forget "${asking#"$staging"/}" "$unit" "${unit%.*}.automount"
        done
    done
}

# What the source has set for its own cards, by their hardware addresses, and addresses that one machine only can have. What is
# asked of DHCP by a card's name stays. Formats: netplan(5), nm-settings-keyfile(5), ifcfg of Red Hat and SUSE, systemd.network(5),
# systemd.link(5), systemd.netdev(5), netctl.profile(5), cloud-init, nameif(8), udev(7), interfaces(5), dhclient.conf(5), dhcpcd.conf(5).
# shellcheck disable=SC2016 # conditions in awk
leave_out_cards() {
    address='(^|[^0-9.])([0-9]{1,3}\.){3}[0-9]{1,3}/[0-9]{1,2}([^0-9/]|$)|[0-9A-Fa-f]*:[0-9A-Fa-f:]*/[0-9]{1,3}([^0-9/]|$)'
    hardware='([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}'
    yaml="mac_?address:|$address"
    set_aside etc/netplan "$yaml" '*.yaml'
    set_aside etc/cloud/cloud.cfg.d "$yaml" '*.cfg'
    for directory in nocloud nocloud-net; do set_aside "var/lib/cloud/seed/$directory" . network-config; done
    set_aside etc/NetworkManager/system-connections '^(cloned-)?mac-address=[0-9A-Fa-f]+[:;-]|^address(es)?[0-9]*=.|^method=manual|^private-key=.' '*'
    for directory in etc/sysconfig/network-scripts etc/sysconfig/network; do
        set_aside "$directory" '^(HWADDR|MACADDR|LLADDR|IPADDR[A-Za-z0-9_]*|IPV6ADDR[A-Z_]*)=["'\'']?[0-9A-Fa-f]' 'ifcfg-*'
    done
    for directory in "$staging"/etc/systemd/network "$staging"/etc/systemd/network/*.d; do
        set_aside "${directory#"$staging"/}" "^(Permanent)?MACAddress=.*$hardware|^Address=.|^PrivateKey(File)?=." '*.network' '*.link' '*.netdev' '*.conf'
    done
    set_aside etc/netctl '^Address6?=.' '*'
    set_aside etc/wicked/ifconfig "<local>|<address>|<lladdr>$hardware|$address" '*.xml'
    for directory in "$staging"/var/lib/connman/ethernet_*; do
        set_aside "${directory#"$staging"/}" '^IPv[46]\.method=manual|^IPv4\.local_address=' settings
    done
    set_aside var/lib/connman "^MAC=|^IPv4=[[:space:]]*[0-9]|^IPv6=[[:space:]]*[0-9a-fA-F]*:" '*.config'
    set_aside etc "$hardware" iftab mactab
    set_aside etc/udev/rules.d "ATTRS?\\{address\\}==.*NAME" '*.rules'
    for each in "$staging"/etc/network/interfaces.d/*; do
        if [ -f "$each" ] && [ -n "$(own_interfaces "$each")" ]; then set_aside etc/network/interfaces.d . "${each##*/}"; fi
    done
    leave_out_stanzas
    for directory in etc/dhcp etc; do
        comment_out "$directory/dhclient.conf" '/^[[:space:]]*send[[:space:]]+(dhcp-client-identifier|dhcp6.client-id|host-name[[:space:]]+")/'
    done
    comment_out etc/dhcpcd.conf '/^[[:space:]]*(static[[:space:]]+ip6?_address|inform6?[[:space:]])/'
}

# own_interfaces FILE: of interfaces(5) those, but lo, that have an address or a hardware address of their own. ifupdown2 and ifupdown-ng need no
# method.
own_interfaces() {
    awk '
        $1 ~ /^(iface|auto|allow-.*|mapping|source|source-directory|no-auto-down|no-scripts|template)$/ { name = "" }
        $1 == "iface" { name = $2; if ($4 == "static") print name }
        $1 ~ /^(address|hwaddress)$/ && name != "" { print name }' "$1" | sort -u | grep -vx lo || :
}

# Of interfaces(5) the stanzas of such interfaces.
leave_out_stanzas() {
    if ! own etc/network/interfaces || [ ! -f "$staging/etc/network/interfaces" ]; then return 0; fi
    names=$(own_interfaces "$staging/etc/network/interfaces")
    [ -n "$names" ] || return 0
    awk -v names="$names" -v mark="#qrm: not on machines that boot from the network# " '
        BEGIN { split(names, list, "\n"); for (i in list) { out[list[i]]; split(list[i], base, ":"); if (base[1] in out) out[list[i]] } }
        $1 ~ /^(iface|auto|allow-.*|mapping|source|source-directory|no-auto-down|no-scripts|template)$/ { in_stanza = $1 == "iface" && $2 in out }
        in_stanza && NF { print mark $0; next }
        $1 == "auto" || $1 ~ /^allow-/ {
            line = $1; left = 0
            for (i = 2; i <= NF; i++) if (!($i in out)) { line = line " " $i; left++ }
            if (left < NF - 1) { print mark $0; if (left) print line; next }
        }
        { print }' "$staging/etc/network/interfaces" >"$root/.qrm/.new-$image"
    cat "$root/.qrm/.new-$image" >"$staging/etc/network/interfaces"
    rm -f "$root/.qrm/.new-$image"
    note "/etc/network/interfaces: what has an address of its own is left out ($(on_one_line "$names"))"
}

# comment_out FILE AWK-CONDITION
comment_out() {
    if ! own "$1" || [ ! -f "$staging/$1" ]; then return 0; fi
    awk '
        # file systems of several machines, some of which are named like devices
        function network() { return $3 ~ /^(nfs4?|cifs|smb3|smbfs|ceph|glusterfs|lustre|beegfs|gpfs|mmfs|9p|virtiofs|afs|ocfs2|gfs2|orangefs|pvfs2|davfs)$/ }
        # of the host of a virtual machine that is copied
        function host_share() { return $3 ~ /^(fuse\.)?(vmhgfs(-fuse)?|vboxsf|prl_fs)$/ || $1 ~ /^vmhgfs-fuse/ }
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

# debian_mirror SUITE: where the storage server itself gets the suite's distribution from, or nothing; formats: sources.list(5). What others
# give packages by is no mirror: of all sources with the component main the first whose address ends in the distribution's name, or
# else the first of the system's own files that does not end in the other's, as mirrors of sites have names of their own.
debian_mirror() {
    wanted=debian other=ubuntu
    case $(readlink "$sys/usr/share/debootstrap/scripts/$1" || :) in
        *gutsy) wanted=ubuntu other=debian ;; # the script of all suites of Ubuntu
    esac
    set --
    for list in sources.list sources.list.d/debian.sources sources.list.d/ubuntu.sources 'sources.list.d/*.list' 'sources.list.d/*.sources'; do
        for each in "$sys"/etc/apt/$list; do if [ -f "$each" ]; then set -- "$@" "$each"; fi; done
    done
    if [ $# = 0 ]; then return 0; fi
    awk -v wanted="$wanted" -v other="$other" '
        function take(url, components) {
            sub(/\/+$/, "", url)
            if (url !~ /^https?:/ || url ~ /security/ || " " components " " !~ / main /) return
            name = url
            sub(/.*\//, "", name)
            if (name == wanted && best == "") best = url
            if (name != other && file ~ /\/(sources\.list|(debian|ubuntu)\.sources)$/ && own == "") own = url
        }
        function end_of_stanza() {
            if (types ~ /(^|[ \t])deb([ \t]|$)/ && enabled !~ /^(no|false)/) {
                number = split(urls, each, /[ \t]+/)
                for (i = 1; i <= number; i++) take(each[i], components)
            }
            types = urls = components = enabled = ""
        }
        FNR == 1 { end_of_stanza(); file = FILENAME }
        /^[ \t]*#/ { next }
        file ~ /\.sources$/ && /^[ \t]*$/ { end_of_stanza(); next }
        file ~ /\.sources$/ {
            value = $0
            if ($0 ~ /^[A-Za-z]/) {
                key = tolower($0)
                sub(/:.*/, "", key)
                sub(/^[^:]*:[ \t]*/, "", value)
            }
            if (key == "types") types = types " " value
            if (key == "uris") urls = urls " " value
            if (key == "components") components = components " " value
            if (key == "enabled") enabled = value
            next
        }
        $1 == "deb" {
            sub(/^[ \t]*deb[ \t]+(\[[^]]*\][ \t]*)?/, "")
            url = $1
            $1 = $2 = ""
            take(url, $0)
        }
        END { end_of_stanza(); print (best != "" ? best : own) }' "$@"
}
