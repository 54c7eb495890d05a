package org.qrm.plugin.nfs.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.exec.SshHost;

/** What the real script does in a tree that was copied from a running system. */
public class CopiedTreeTest {

    private static final String LEFT_OUT = "#qrm: not on machines that boot from the network# ";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Bench bench = new Bench();
    private Path root;
    private Path staging;
    private Path image;
    private final LocalCommands commands = new LocalCommands();

    @Before
    public void makeAStorageServer() throws Exception {
        root = Files.createDirectories(folder.getRoot().toPath().toRealPath().resolve("images"));
        staging = Files.createDirectories(root.resolve(".qrm-web1.part"));
        image = root.resolve("web1");
        write("etc/os-release", "");
        // no file systems of their own, so that the tree can be made here
        Path losetup =
                Files.writeString(folder.newFolder("programs").toPath().resolve("losetup"), "#!/bin/sh\nexit 1\n");
        Files.setPosixFilePermissions(losetup, PosixFilePermissions.fromString("rwxr-xr-x"));
        commands.environment.put("PATH", losetup.getParent() + ":" + System.getenv("PATH"));
    }

    @Test
    public void leavesOutLinesOfFstabWhoseSourceIsADisk() throws Exception {
        List<String> out = List.of(
                "UUID=1 / ext4 defaults 0 1",
                "10.0.0.1:/root / nfs defaults 0 0",
                "/dev/sda2 none swap sw 0 0",
                "/swapfile none swap sw 0 0",
                "UUID=B2F6-6F3B /boot/efi vfat umask=0077 0 1",
                "LABEL=home /home ext4 defaults 0 2",
                "\"LABEL=my data\" /data xfs defaults 0 2",
                "PARTUUID=0a-01 /boot ext2 defaults 0 2",
                "PARTLABEL=srv /srv ext4 defaults 0 2",
                "/dev/mapper/vg-var /var ext4 defaults 0 2",
                "/dev/vg/lv /opt xfs defaults 0 0",
                "/dev/md0 /raid ext4 defaults 0 2",
                "/dev/disk/by-id/ata-x-part1 /d auto defaults 0 2",
                "UUID=2 /.snapshots btrfs subvol=/@/.snapshots 0 0",
                "tank/data /tank zfs defaults 0 0",
                "/dev/sdb1 /win fuseblk defaults 0 0",
                "/dev/sdb2 /usb fuse.exfat defaults 0 0",
                "/dev/sr0 /media/cdrom0 udf,iso9660 user,noauto 0 0",
                "/dev/a:/dev/b /pool bcachefs defaults 0 0",
                "ubi0:data /flash ubifs defaults 0 0",
                ".host:/ /mnt/hgfs fuse.vmhgfs-fuse allow_other 0 0",
                "vmhgfs-fuse /mnt/hgfs2 fuse defaults,allow_other 0 0",
                "shared /shared vboxsf uid=1000 0 0",
                "none /media/psf prl_fs sync 0 0",
                "  /dev/sdc1\t/tabs\text4\tdefaults\t0\t0");
        List<String> stay = List.of(
                "# a comment",
                "",
                "10.0.0.1:/home /home nfs defaults 0 0",
                "server:/x /x nfs4 vers=4.2 0 0",
                "//server/share /share cifs credentials=/root/c 0 0",
                "//server/three /three smb3 defaults 0 0",
                "192.0.2.21@o2ib:/lustre1 /lustre lustre defaults,_netdev,flock 0 0",
                "mgs@tcp:/fs /l2 lustre flock 0 0",
                "mon1,mon2:/ /ceph ceph name=admin,secretfile=/etc/ceph/s 0 0",
                "admin@.fs=/ /c2 ceph defaults 0 0",
                "gl1:/vol /gl glusterfs defaults 0 0",
                "beegfs_nodev /beegfs beegfs cfgFile=/etc/beegfs/c 0 0",
                "/dev/gpfs0 /gpfs gpfs rw,mtime 0 0",
                "/dev/mapper/shared /shared ocfs2 defaults 0 0",
                "user@host:/d /ssh fuse.sshfs defaults 0 0",
                "sshfs#user@host:/d /ssh2 fuse defaults 0 0",
                "https://dav.example/ /dav davfs noauto 0 0",
                "share /9p 9p trans=virtio 0 0",
                "tag /vfs virtiofs defaults 0 0",
                "/dev/sdd1 /iscsi ext4 defaults,_netdev 0 0",
                "UUID=3 /san xfs _netdev,nofail 0 0",
                "/dev/rbd/pool/image /rbd xfs noauto 0 0",
                "/srv/data /export/data none bind 0 0",
                "/srv/data /export/r none rbind,ro 0 0",
                "/srv/a.iso /iso iso9660 loop,ro 0 0",
                "overlay /o overlay lowerdir=/a,upperdir=/b,workdir=/c 0 0",
                "/mnt/disk* /pool2 fuse.mergerfs defaults 0 0",
                "tmpfs /scratch tmpfs size=1G 0 0",
                "proc /proc proc defaults 0 0",
                "none /dev/hugepages1G hugetlbfs pagesize=1G 0 0",
                "none /sys/kernel/config configfs defaults 0 0",
                "nodev /sys/kernel/tracing tracefs defaults 0 0",
                "none /dev/shm tmpfs defaults 0 0",
                "binfmt /proc/sys/fs/binfmt_misc binfmt_misc defaults 0 0");
        assertLeftOut("etc/fstab", out, stay);
    }

    @Test
    public void leavesOutDisksThatWouldBeUnlockedOrResumedFrom() throws Exception {
        assertLeftOut(
                "etc/crypttab",
                List.of(
                        "sda3_crypt UUID=1 none luks,discard",
                        "swap /dev/sda2 /dev/urandom swap,cipher=aes-xts-plain64",
                        "data /dev/vg/data /root/key luks",
                        "home PARTUUID=2 none",
                        "cr_root PARTLABEL=root none x-initrd.attach",
                        "cryptswap1 /dev/dm-1 /dev/urandom swap",
                        "luks-0a1b \"UUID=0a1b\" none discard",
                        "vol /dev/disk/by-id/nvme-eui.36-part3 - tpm2-device=auto"),
                List.of("# name device key options", "net UUID=3 none luks,_netdev", "vault /srv/vault.img none luks"));
        again();
        assertLeftOut(
                "etc/veritytab",
                List.of("usr PARTUUID=783e45ae /dev/sda4 a1b2 auto", "data /dev/vg/d /dev/vg/h c3d4"),
                List.of(
                        "# name data hash roothash",
                        "net UUID=1 UUID=2 a1 _netdev",
                        "app /srv/app.raw /srv/app.verity e5f6"));
        again();
        assertLeftOut(
                "etc/integritytab",
                List.of("home PARTUUID=4973d0b8 - mode=journal"),
                List.of("net LABEL=x - _netdev", "img /srv/img - mode=journal"));
        again();
        assertLeftOut("etc/initramfs-tools/conf.d/resume", List.of("RESUME=UUID=1"), List.of("# RESUME=none"));
    }

    @Test
    public void forgetsWhatTellsMachinesApart() throws Exception {
        List<String> machineIds = List.of("etc/machine-id", "var/lib/dbus/machine-id");
        List<String> gone = List.of(
                "etc/hostid",
                "etc/dhcpcd.duid",
                "var/lib/systemd/random-seed",
                "var/lib/random-seed",
                "var/lib/misc/random-seed",
                "var/lib/urandom/random-seed",
                "boot/efi/loader/random-seed",
                "var/lib/seedrng/seed.credit",
                "var/lib/dhcp/dhclient.eth0.leases",
                "var/lib/dhclient/dhclient--eth0.lease",
                "var/lib/dhcpcd/eth0.lease",
                "var/lib/dhcpcd/duid",
                "var/lib/NetworkManager/internal-1-eth0.lease",
                "var/lib/NetworkManager/secret_key",
                "var/lib/wicked/lease-eth0-dhcp-ipv4.xml",
                "etc/udev/rules.d/70-persistent-net.rules",
                "etc/udev/rules.d/30-net_persistent_names.rules",
                "etc/udev/rules.d/z25_persistent-net.rules",
                "etc/udev/rules.d/70-persistent-ipoib.rules",
                "var/lib/dhcpcd5/dhcpcd-eth0.lease",
                "var/db/dhcpcd/eth0-home.lease6",
                "var/lib/NetworkManager/dhclient6-1-eth0.lease",
                "var/lib/NetworkManager/timestamps",
                "var/lib/wicked/duid.xml",
                "etc/iscsi/initiatorname.iscsi",
                "etc/nvme/hostnqn",
                "etc/nvme/hostid",
                "etc/insights-client/machine-id",
                "etc/sysconfig/rhn/systemid",
                "var/lib/yum/uuid",
                "var/lib/zypp/AnonymousUniqueId",
                "etc/openvswitch/system-id.conf",
                "var/lib/docker/engine-id",
                "etc/docker/key.json",
                "etc/blkid/blkid.tab",
                ".autorelabel",
                "etc/selinux/.autorelabel",
                "etc/pki/consumer/cert.pem",
                "etc/pki/consumer/key.pem",
                "etc/pki/entitlement/123-key.pem",
                "var/lib/ubuntu-advantage/private/machine-token.json",
                "var/lib/landscape/client/broker.bpickle",
                "etc/salt/minion_id",
                "etc/salt/pki/minion/minion.pem",
                "var/lib/tailscale/tailscaled.state",
                "var/lib/zerotier-one/identity.secret",
                "etc/tenable_tag",
                "opt/splunkforwarder/etc/instance.cfg",
                "var/lib/consul/node-id",
                "opt/consul/node-id",
                "var/ossec/etc/client.keys",
                "etc/zypp/credentials.d/SCCcredentials",
                "etc/venv-salt-minion/minion_id",
                "etc/venv-salt-minion/pki/minion/minion.pem",
                "etc/krb5.keytab",
                "var/lib/samba/private/secrets.tdb",
                "var/lib/samba/secrets.tdb",
                "etc/puppetlabs/puppet/ssl/private_keys/old.example.pem",
                "etc/puppetlabs/puppet/ssl/certs/old.example.pem",
                "var/lib/puppet/ssl/private_keys/old.example.pem",
                "etc/chef/client.pem",
                "etc/kubernetes/kubelet.conf",
                "var/lib/kubelet/pki/kubelet-client-current.pem",
                "var/lib/kubelet/pki/kubelet.key",
                "etc/rancher/node/password",
                "var/lib/docker/swarm/docker-state.json",
                "var/lib/docker/swarm/certificates/swarm-node.key",
                "var/lib/nomad/client/client-id",
                "opt/nomad/data/client/secret-id",
                "etc/gitlab-runner/.runner_system_id",
                "etc/netbird/config.json",
                "var/lib/netdata/registry/netdata.public.unique.id",
                "var/lib/netdata/cloud.d/claimed_id",
                "var/lib/filebeat/meta.json",
                "var/lib/metricbeat/meta.json",
                "etc/elastic-agent/fleet.enc",
                "opt/CrowdStrike/falconstore",
                "etc/qualys/hostid",
                "etc/smolt/uuid",
                "var/lib/mysql/auto.cnf",
                "var/lib/glusterd/glusterd.info",
                "var/cfengine/ppkeys/localhost.priv",
                "var/cfengine/ppkeys/localhost.pub",
                "opt/rudder/etc/uuid.hive",
                "var/lib/teleport/host_uuid",
                "var/lib/teleport/proc/sqlite.db",
                "var/lib/amazon/ssm/Vault/Store/RegistrationKey",
                "var/opt/azcmagent/agentconfig.json",
                "var/lib/cmk-agent/registered_connections.json",
                "var/lib/glpi-agent/GLPI-Agent.dump",
                "var/lib/fusioninventory-agent/FusionInventory-Agent.dump",
                "etc/zfs/zpool.cache");
        List<String> kept = List.of(
                "etc/iscsi/iscsid.conf",
                "etc/nvme/discovery.conf",
                "etc/openvswitch/conf.db",
                "etc/docker/daemon.json",
                "var/lib/systemd/credential.secret",
                "etc/salt/minion",
                "etc/krb5.conf",
                "etc/sssd/sssd.conf",
                "var/lib/samba/private/passdb.tdb",
                "etc/puppetlabs/puppet/ssl/certs/ca.pem",
                "etc/chef/client.rb",
                "etc/chef/validation.pem",
                "var/lib/kubelet/config.yaml",
                "etc/kubernetes/pki/ca.crt",
                "etc/gitlab-runner/config.toml",
                "var/lib/filebeat/registry/filebeat/log.json",
                "etc/elastic-agent/elastic-agent.yml",
                "var/lib/mysql/ibdata1",
                "var/lib/glusterd/options",
                "var/cfengine/ppkeys/root-SHA=1.pub",
                "etc/wireguard/peers",
                "etc/salt/pki/minion/minion_master.pub",
                "etc/pki/tls/cert.pem",
                "etc/selinux/config",
                "etc/multipath.conf",
                "etc/lvm/lvm.conf",
                "var/ossec/etc/ossec.conf",
                "var/lib/consul/raft/raft.db",
                "var/lib/docker/image/repositories.json",
                "etc/insights-client/insights-client.conf",
                "etc/hostname",
                "etc/ssh/ssh_host_ecdsa_key",
                "etc/udev/rules.d/60-mine.rules",
                "var/lib/dhcp/dhclient.conf",
                "var/lib/NetworkManager/NetworkManager.state",
                "var/lib/systemd/catalog");
        for (List<String> each : List.of(machineIds, gone, kept)) {
            for (String file : each) {
                write(file, "of the source");
            }
        }
        finish();
        assertEquals("", Files.readString(image.resolve("etc/machine-id")));
        assertEquals(Path.of("/etc/machine-id"), Files.readSymbolicLink(image.resolve("var/lib/dbus/machine-id")));
        gone.forEach(file -> assertFalse(file, Files.exists(image.resolve(file), LinkOption.NOFOLLOW_LINKS)));
        for (String file : kept) {
            assertEquals(file, "of the source", Files.readString(image.resolve(file)));
        }
    }

    /** What getcap(8) has said before libcap 2.41 and since, of odd names, too; and of a tree in which nothing has any. */
    @Test
    public void namesTheFilesWhoseCapabilitiesNfsDoesNotCarry() throws Exception {
        assertEquals(List.of(), capabilitiesToldOf(""));
        assertEquals(List.of("/usr/bin/ping cap_net_raw=ep"), capabilitiesToldOf("usr/bin/ping cap_net_raw=ep\n"));
        assertEquals(
                List.of("/usr/bin/mtr-packet cap_net_raw+ep, /opt/two words cap_net_bind_service,cap_sys_nice=ep"),
                capabilitiesToldOf(
                        "usr/bin/mtr-packet = cap_net_raw+ep\nopt/two words cap_net_bind_service,cap_sys_nice=ep\n"));
        assertEquals(List.of("/usr/bin/odd??"), capabilitiesToldOf("usr/bin/odd\u0007\u001b\nline cap_chown=p\n"));
        String many = IntStream.range(0, 25)
                .mapToObj(i -> "b/" + i + " cap_chown=p\n")
                .collect(Collectors.joining());
        String told = capabilitiesToldOf(many).get(0);
        assertTrue(told, told.startsWith("/b/0 ") && told.endsWith("/b/19 cap_chown=p and 5 others"));
    }

    /** @param lines of getcap, the first of which is below the tree */
    private List<String> capabilitiesToldOf(String lines) throws Exception {
        again();
        write("usr/bin/tool", "");
        bench.log.clear();
        Path said = folder.newFile().toPath();
        Files.writeString(said, lines.replaceAll("(?m)^(?=(usr|opt|b)/)", staging + "/"));
        Path getcap = Path.of(commands.environment.get("PATH").split(":")[0]).resolve("getcap");
        Files.writeString(getcap, "#!/bin/sh\n[ \"$1 $2\" = \"-r " + staging + "\" ] && cat " + said + "\n");
        Files.setPosixFilePermissions(getcap, PosixFilePermissions.fromString("rwxr-xr-x"));
        finish();
        return bench.log.stream()
                .filter(line -> line.contains("capabilities"))
                .map(line -> line.replaceAll(".*carry, of: (.*); users.*", "$1"))
                .toList();
    }

    /** Debian's open-iscsi starts with no name only where the file asks for one (startup-checks.sh). */
    @Test
    public void anInitiatorOfDebianMakesANameOfItsOwn() throws Exception {
        write("usr/lib/open-iscsi/startup-checks.sh", "");
        write("etc/iscsi/initiatorname.iscsi", "InitiatorName=iqn.1993-08.org.debian:01:abc");
        finish();
        assertEquals("GenerateName=yes\n", Files.readString(image.resolve("etc/iscsi/initiatorname.iscsi")));
    }

    /** Files, and a line of each that is the source's alone. */
    private static final List<String> OF_THE_SOURCE = List.of(
            "etc/netplan/00-installer-config.yaml: network: {ethernets: {eno1: {addresses: [192.168.1.5/24]}}}",
            "etc/netplan/50-cloud-init.yaml:       match:\n        macaddress: 52:54:00:aa:00:01",
            "etc/netplan/01.yaml:       addresses:\n      - \"2001:db8::5/64\"",
            "etc/netplan/02.yaml:       addresses:\n      - 10.0.0.5/24:\n          label: maas",
            "etc/netplan/03.yaml:       macaddress: de:ad:be:ef:ca:fe",
            "etc/cloud/cloud.cfg.d/50-curtin-networking.cfg: network:\n  config:\n  - mac_address: 52:54:00:aa:00:01",
            "etc/cloud/cloud.cfg.d/90-installer-network.cfg: network:\n  ethernets:\n    e:\n      addresses: ['10.0.0.7/8']",
            "var/lib/cloud/seed/nocloud/network-config: version: 2",
            "etc/NetworkManager/system-connections/eno1.nmconnection: [ipv4]\naddress1=192.168.122.10/24,192.168.122.1",
            "etc/NetworkManager/system-connections/Wired: [ethernet]\nmac-address=52:54:00:AA:00:01",
            "etc/NetworkManager/system-connections/old: [802-3-ethernet]\nmac-address=82;84;0;170;0;1;",
            "etc/NetworkManager/system-connections/b0.nmconnection: [ipv6]\nmethod=manual",
            "etc/NetworkManager/system-connections/c.nmconnection: [ethernet]\ncloned-mac-address=DE:AD:BE:EF:CA:FE",
            "etc/sysconfig/network-scripts/ifcfg-ens192: IPADDR=10.1.2.3",
            "etc/sysconfig/network-scripts/ifcfg-eth0: HWADDR=\"00:50:56:8A:01:02\"",
            "etc/sysconfig/network-scripts/ifcfg-em1: IPADDR0=10.1.2.3",
            "etc/sysconfig/network-scripts/ifcfg-eth0:1: IPADDR='10.1.2.4'",
            "etc/sysconfig/network-scripts/ifcfg-p1p1: IPV6ADDR=2001:db8::9/64",
            "etc/sysconfig/network-scripts/ifcfg-longname0: MACADDR=02:00:00:00:00:01",
            "etc/sysconfig/network/ifcfg-eth0: IPADDR='192.168.1.2/24'",
            "etc/sysconfig/network/ifcfg-br0: IPADDR_mgmt='192.168.1.9/24'",
            "etc/sysconfig/network/ifcfg-eth1: LLADDR='02:00:00:00:00:02'",
            "etc/systemd/network/10-lan.network: [Network]\nAddress=10.0.0.9/24",
            "etc/systemd/network/20-wan.network: [Match]\nMACAddress=52:54:00:aa:00:01",
            "etc/systemd/network/10-name.link: [Match]\nPermanentMACAddress=52:54:00:aa:00:01",
            "etc/systemd/network/br0.netdev: [NetDev]\nName=br0\nMACAddress=52:54:00:aa:00:99",
            "etc/systemd/network/30-x.network.d/address.conf: [Address]\nAddress=10.0.0.9/24",
            "etc/netctl/eth0: IP=static\nAddress=('192.168.1.23/24')",
            "etc/iftab: eth0 mac 52:54:00:aa:00:01",
            "etc/mactab: lan0 52:54:00:aa:00:01",
            "etc/udev/rules.d/10-network.rules: SUBSYSTEM==\"net\", ATTR{address}==\"52:54:00:aa:00:01\", NAME=\"lan0\"",
            "etc/network/interfaces.d/eth1: auto eth1\niface eth1 inet static\n    address 10.0.0.4/24",
            "etc/network/interfaces.d/50-cloud-init: iface eth0 inet dhcp\n    hwaddress ether 02:00:00:00:00:03",
            "etc/network/interfaces.d/swp1: auto swp1\niface swp1\n    address 10.0.0.4/24",
            "etc/network/interfaces.d/vrf: iface mgmt\n  address 127.0.0.1/8\n  hwaddress 02:00:00:00:00:04",
            "etc/network/interfaces.d/v6: iface eth2 inet6\n  address 2001:db8::4/64",
            "etc/zfs/zfs-list.cache/rpool: rpool/home\t/home\ton",
            "etc/lvm/devices/system.devices: VERSION=1.1.2\nIDTYPE=sys_wwid IDNAME=naa.6002 DEVNAME=/dev/sda4 PVID=9dRH PART=4",
            "etc/multipath/bindings: mpatha 3600508b4000156d700012000000b0000",
            "etc/multipath/wwids: /3600508b4000156d700012000000b0000/",
            "etc/cloud/cloud.cfg.d/90_dpkg_local_cloud_config.cfg: datasource:\n  MAAS:\n    consumer_key: a\n    token_key: b",
            "etc/wicked/ifconfig/eth0.xml: <interface><name>eth0</name><ipv4:static><address><local>10.0.0.5/24</local></address>",
            "var/lib/connman/ethernet_525400aa0001_cable/settings: [ethernet_525400aa0001_cable]\nIPv4.method=manual",
            "var/lib/connman/site.config: [service_lan]\nType=ethernet\nIPv4=10.0.0.5/255.255.255.0/10.0.0.1",
            "etc/wireguard/wg0.conf: [Interface]\nAddress = 10.9.0.2\nPrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=",
            "etc/systemd/network/wg0.netdev: [NetDev]\nKind=wireguard\n[WireGuard]\nPrivateKeyFile=/etc/wg.key",
            "etc/NetworkManager/system-connections/wg0.nmconnection: [wireguard]\nprivate-key=yAnz5TF+lXXJte14tji3zlMNq=");

    /** Files, and a line of each that each machine can have. */
    private static final List<String> OF_EACH = List.of(
            "etc/netplan/00-installer-config.yaml: network: {ethernets: {eno1: {dhcp4: true}}}",
            "etc/netplan/01.yaml:       nameservers: {addresses: [192.168.1.1, 2001:db8::1]}",
            "etc/netplan/02.yaml:       dhcp4: yes\n      routes:\n      - to: 10.0.0.0/8\n        via: 10.1.1.1",
            "etc/netplan/03.yaml:       # addresses: [192.168.1.5/24]\n      match: {driver: igb}",
            "etc/netplan/backup.yaml.save: addresses: [192.168.1.5/24]",
            "etc/cloud/cloud.cfg.d/subiquity-disable-cloudinit-networking.cfg: network: {config: disabled}",
            "etc/cloud/cloud.cfg.d/90_dpkg.cfg: datasource: {Ec2: {metadata_urls: ['http://169.254.169.254/2009-04-04']}}",
            "etc/NetworkManager/system-connections/eno1.nmconnection: [ipv4]\nmethod=auto",
            "etc/NetworkManager/system-connections/random: [wifi]\ncloned-mac-address=random",
            "etc/NetworkManager/system-connections/blank: [ethernet]\nmac-address=\nmac-address-blacklist=",
            "etc/NetworkManager/NetworkManager.conf: [main]\nplugins=keyfile",
            "etc/sysconfig/network-scripts/ifcfg-ens192: BOOTPROTO=dhcp\nHWADDR=\nIPV6INIT=yes",
            "etc/sysconfig/network-scripts/ifcfg-lo: IPADDR=127.0.0.1",
            "etc/sysconfig/network/ifcfg-eth0: BOOTPROTO='dhcp'\nIPADDR=''",
            "etc/sysconfig/network/ifcfg-lo: IPADDR=127.0.0.1/8",
            "etc/sysconfig/network/dhcp: DHCLIENT_SET_HOSTNAME=\"yes\"",
            "etc/systemd/network/10-lan.network: [Network]\nDHCP=yes\n#Address=10.0.0.9/24",
            "etc/systemd/network/99-default.link: [Match]\nOriginalName=*\n[Link]\nMACAddressPolicy=persistent",
            "etc/systemd/network/br0.netdev: [NetDev]\nKind=bridge\nMACAddress=none",
            "etc/netctl/eth0: IP=dhcp",
            "etc/udev/rules.d/60-mine.rules: KERNEL==\"sd*\", MODE=\"0660\"",
            "etc/network/interfaces.d/eth1: auto eth1\niface eth1 inet dhcp",
            "etc/network/interfaces.d/lo: auto lo\niface lo inet loopback\n    address 10.0.0.250/32\niface lo\n  address 10.0.0.251/32",
            "etc/network/interfaces.d/bond0: iface bond0 inet manual\n    bond-slaves eth2 eth3\n# address 10.0.0.4",
            "etc/network/interfaces.d/swp2: iface swp2\n    mtu 9000\nauto swp3\niface swp3 inet dhcp",
            "etc/multipath/wwids: # Multipath wwids, Version : 1.0",
            "etc/wicked/ifconfig/eth0.xml: <interface><name>eth0</name><ipv4:dhcp><enabled>true</enabled></ipv4:dhcp>",
            "var/lib/connman/ethernet_525400aa0001_cable/settings: [ethernet_525400aa0001_cable]\nIPv4.method=dhcp",
            "var/lib/connman/site.config: [service_lan]\nType=ethernet\nIPv4=dhcp\nIPv6=auto",
            "etc/cloud/cloud.cfg.d/99-datasource.cfg: datasource_list: [MAAS, None]");

    @Test
    public void setsAsideWhatIsAboutTheSourcesOwnCardsAndAddresses() throws Exception {
        for (String each : OF_THE_SOURCE) {
            write(fileOf(each), textOf(each));
        }
        finish();
        List<String> stayed = OF_THE_SOURCE.stream()
                .map(CopiedTreeTest::fileOf)
                .filter(file -> Files.exists(image.resolve(file))
                        || !Files.exists(image.resolve("etc/qrm/source").resolve(file)))
                .toList();
        assertEquals(List.of(), stayed);
        assertTrue(bench.log.toString(), bench.log.toString().contains("/etc/netplan/01.yaml is about"));
    }

    @Test
    public void keepsWhatEachMachineCanHave() throws Exception {
        for (String each : OF_EACH) {
            write(fileOf(each), textOf(each));
        }
        finish();
        for (String each : OF_EACH) {
            assertEquals(fileOf(each), textOf(each), Files.readString(image.resolve(fileOf(each))));
        }
        assertFalse(Files.exists(image.resolve("etc/qrm")));
    }

    private static String fileOf(String each) {
        return each.substring(0, each.indexOf(": "));
    }

    private static String textOf(String each) {
        return each.substring(each.indexOf(": ") + 2) + "\n";
    }

    @Test
    public void leavesOutStanzasOfInterfacesWithAnAddressOfTheirOwn() throws Exception {
        write("etc/network/interfaces", """
                # see interfaces(5)
                source /etc/network/interfaces.d/*

                auto lo eth0 eth1
                iface lo inet loopback

                allow-hotplug eth0
                iface eth0 inet static
                    address 10.0.0.4/24
                    gateway 10.0.0.1
                iface eth0 inet6 auto
                # the second card
                iface eth1 inet dhcp
                iface eth1:0 inet static
                    address 10.9.0.4/24
                auto br0
                iface br0 inet dhcp
                    bridge_ports eth2
                    hwaddress ether 02:00:00:00:00:01
                """);
        finish();
        String mark = LEFT_OUT;
        assertEquals("""
                # see interfaces(5)
                source /etc/network/interfaces.d/*

                %1$sauto lo eth0 eth1
                auto lo eth1
                iface lo inet loopback

                %1$sallow-hotplug eth0
                %1$siface eth0 inet static
                %1$s    address 10.0.0.4/24
                %1$s    gateway 10.0.0.1
                %1$siface eth0 inet6 auto
                %1$s# the second card
                iface eth1 inet dhcp
                %1$siface eth1:0 inet static
                %1$s    address 10.9.0.4/24
                %1$sauto br0
                %1$siface br0 inet dhcp
                %1$s    bridge_ports eth2
                %1$s    hwaddress ether 02:00:00:00:00:01
                """.formatted(mark), Files.readString(image.resolve("etc/network/interfaces")));
        again();
        write("etc/network/interfaces", """
                auto lo
                iface lo inet loopback
                    address 10.0.0.250/32
                auto vmbr0
                iface vmbr0
                    address 10.0.0.4/24
                    bridge-ports eno1
                auto eno1
                iface eno1
                """);
        finish();
        assertEquals("""
                auto lo
                iface lo inet loopback
                    address 10.0.0.250/32
                %1$sauto vmbr0
                %1$siface vmbr0
                %1$s    address 10.0.0.4/24
                %1$s    bridge-ports eno1
                auto eno1
                iface eno1
                """.formatted(mark), Files.readString(image.resolve("etc/network/interfaces")));
        again();
        String usual = "auto lo\niface lo inet loopback\nallow-hotplug ens3\niface ens3 inet dhcp\n";
        write("etc/network/interfaces", usual);
        write("etc/dhcpcd.conf", "hostname\nstatic ip_address=10.0.0.5/24\nstatic routers=10.0.0.1\n");
        finish();
        assertEquals(usual, Files.readString(image.resolve("etc/network/interfaces")));
        assertEquals(
                "hostname\n" + mark + "static ip_address=10.0.0.5/24\nstatic routers=10.0.0.1\n",
                Files.readString(image.resolve("etc/dhcpcd.conf")));
    }

    /** Two that send one identifier are given one address. */
    @Test
    public void leavesOutByWhatTheSourceWasKnownToItsDhcpServer() throws Exception {
        assertLeftOut(
                "etc/dhcp/dhclient.conf",
                List.of(
                        "send dhcp-client-identifier 1:52:54:0:aa:0:1;",
                        "  send dhcp-client-identifier = \"web1\";",
                        "send host-name \"web1.example\";",
                        "send dhcp6.client-id 00:01;"),
                List.of(
                        "# send dhcp-client-identifier 1:2;",
                        "send host-name = gethostname();",
                        "send dhcp-lease-time 3600;",
                        "send user-class \"qrm\";",
                        "request subnet-mask, host-name;",
                        "timeout 300;"));
        again();
        assertLeftOut(
                "etc/dhclient.conf", List.of("send host-name \"web1\";"), List.of("send fqdn.fqdn = gethostname();"));
    }

    @Test
    public void setsAsideUnitsThatMountDisksAndWhatAsksForThem() throws Exception {
        String units = "etc/systemd/system/";
        write(units + "srv-data.mount", "[Mount]\nWhat=/dev/disk/by-uuid/1\nWhere=/srv/data\n");
        write(units + "srv-data.automount", "[Automount]\nWhere=/srv/data\n");
        write(units + "srv-my\\x2ddata.mount", "[Mount]\nWhat=LABEL=my\n");
        write(units + "swapfile.swap", "[Swap]\nWhat=/swapfile\n");
        write(units + "snap-core20-1.mount", "[Mount]\nWhat=/var/lib/snapd/snaps/core20_1.snap\nType=squashfs\n");
        write(units + "mnt-nfs.mount", "[Mount]\nWhat=10.0.0.1:/x\nType=nfs\n");
        write(units + "san.mount", "[Mount]\nWhat=/dev/sdz1\nOptions=defaults,_netdev\n");
        write(units + "data.mount.d/x.conf", "[Mount]\nOptions=noatime\n");
        for (String each : List.of("srv-data.mount", "srv-my\\x2ddata.mount", "mnt-nfs.mount")) {
            Path link = staging.resolve(units + "local-fs.target.requires/" + each);
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, Path.of("../" + each));
        }
        finish();
        try (Stream<Path> left = Files.walk(image.resolve(units))) {
            assertEquals(
                    List.of(
                            "data.mount.d/x.conf",
                            "local-fs.target.requires/mnt-nfs.mount",
                            "mnt-nfs.mount",
                            "san.mount",
                            "snap-core20-1.mount"),
                    left.filter(each -> !Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS))
                            .map(each -> image.resolve(units).relativize(each).toString())
                            .sorted()
                            .toList());
        }
        assertTrue(Files.exists(image.resolve("etc/qrm/source/" + units + "srv-my\\x2ddata.mount")));
    }

    @Test
    public void aMachineIdThatIsALinkBecomesAnEmptyFile() throws Exception {
        write("var/lib/dbus/machine-id", "of the source");
        Files.createSymbolicLink(staging.resolve("etc/machine-id"), Path.of("/var/lib/dbus/machine-id"));
        finish();
        assertTrue(Files.isRegularFile(image.resolve("etc/machine-id"), LinkOption.NOFOLLOW_LINKS));
        assertEquals("", Files.readString(image.resolve("etc/machine-id")));
    }

    /** Where there is none, systemd takes the boot for a first one, and its questions wait at the console; see machine-id(5). */
    @Test
    public void aMachineIdThatIsMissingOrNotYetMadeBecomesAnEmptyFile() throws Exception {
        write("usr/bin/tool", "");
        finish();
        assertEquals("", Files.readString(image.resolve("etc/machine-id")));
        again();
        write("etc/machine-id", "uninitialized\n");
        finish();
        assertEquals("", Files.readString(image.resolve("etc/machine-id")));
    }

    @Test
    public void neverLeavesTheTreeThroughALinkInIt() throws Exception {
        List<String> files = List.of(
                "etc/machine-id",
                "etc/fstab",
                "etc/crypttab",
                "etc/hostid",
                "etc/initramfs-tools/conf.d/resume",
                "etc/udev/rules.d/70-persistent-net.rules",
                "var/lib/dbus/machine-id",
                "var/lib/systemd/random-seed",
                "var/lib/random-seed",
                "var/lib/seedrng/seed.credit",
                "var/lib/dhcp/dhclient.leases",
                "var/lib/NetworkManager/secret_key",
                "boot/efi/loader/random-seed",
                "etc/iscsi/initiatorname.iscsi",
                "etc/netplan/00.yaml",
                "etc/NetworkManager/system-connections/a.nmconnection",
                "etc/network/interfaces",
                "etc/systemd/system/data.mount",
                "etc/systemd/network/10.network");
        List<String> touched = new ArrayList<>();
        for (String file : files) {
            for (Path link = Path.of(file); link != null; link = link.getParent()) {
                again();
                Path outside = Files.createDirectories(folder.getRoot().toPath().resolve("outside"));
                Path victim = outside.resolve(
                        link.relativize(Path.of(file)).toString().isEmpty()
                                ? "file"
                                : link.relativize(Path.of(file)).toString());
                Files.createDirectories(victim.getParent());
                Files.writeString(victim, VICTIM);
                Path target = link.toString().equals(file) ? victim : outside;
                GaneshaHost.run("rm", "-rf", staging.resolve(link).toString());
                Files.createDirectories(staging.resolve(link).getParent());
                Files.createSymbolicLink(staging.resolve(link), target);
                write("usr/bin/tool", "");
                finish();
                if (!Files.exists(victim) || !Files.readString(victim).equals(VICTIM)) {
                    touched.add(file + " by " + link);
                }
            }
        }
        assertEquals(List.of(), touched);
    }

    /** Of interest to each of the programs whose files are looked at. */
    private static final String VICTIM =
            "RESUME=UUID=1\n/dev/sda1 /x ext4 defaults 0 0\nAddress=10.0.0.1/24\naddress1=10.0.0.1/24\nWhat=/dev/sda1\n"
                    + "iface eth0 inet static\n";

    private void again() throws Exception {
        folder.delete();
        folder.create();
        makeAStorageServer();
    }

    private void assertLeftOut(String table, List<String> out, List<String> stay) throws Exception {
        List<String> lines = Stream.concat(out.stream(), stay.stream()).toList();
        write(table, String.join("\n", lines) + "\n");
        finish();
        List<String> wanted =
                Stream.concat(out.stream().map(LEFT_OUT::concat), stay.stream()).toList();
        assertEquals(String.join("\n", wanted), String.join("\n", Files.readAllLines(image.resolve(table))));
    }

    private void write(String file, String content) throws Exception {
        Path path = staging.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    private void finish() {
        SshHost host = new SshHost("10.88.0.2", 22, null);
        Patient patient = new Patient();
        try {
            new StorageHost(commands, host, patient)
                    .run(
                            bench,
                            "finish",
                            "finish_copy",
                            root.toString(),
                            "web1",
                            image.toString(),
                            "allowed",
                            "1",
                            "file");
        } finally {
            patient.close();
        }
    }
}
