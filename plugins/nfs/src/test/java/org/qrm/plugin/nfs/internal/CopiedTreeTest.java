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
                        "home PARTUUID=2 none"),
                List.of("# name device key options", "net UUID=3 none luks,_netdev", "vault /srv/vault.img none luks"));
        folder.delete();
        folder.create();
        makeAStorageServer();
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
                "etc/udev/rules.d/30-net_persistent_names.rules");
        List<String> kept = List.of(
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

    @Test
    public void aMachineIdThatIsALinkBecomesAnEmptyFile() throws Exception {
        write("var/lib/dbus/machine-id", "of the source");
        Files.createSymbolicLink(staging.resolve("etc/machine-id"), Path.of("/var/lib/dbus/machine-id"));
        finish();
        assertTrue(Files.isRegularFile(image.resolve("etc/machine-id"), LinkOption.NOFOLLOW_LINKS));
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
                "boot/efi/loader/random-seed");
        List<String> touched = new ArrayList<>();
        for (String file : files) {
            for (Path link = Path.of(file); link != null; link = link.getParent()) {
                folder.delete();
                folder.create();
                makeAStorageServer();
                Path outside = Files.createDirectories(folder.getRoot().toPath().resolve("outside"));
                Path victim = outside.resolve(
                        link.relativize(Path.of(file)).toString().isEmpty()
                                ? "file"
                                : link.relativize(Path.of(file)).toString());
                Files.createDirectories(victim.getParent());
                Files.writeString(victim, "RESUME=UUID=1\n/dev/sda1 /x ext4 defaults 0 0\n");
                Path target = link.toString().equals(file) ? victim : outside;
                GaneshaHost.run("rm", "-rf", staging.resolve(link).toString());
                Files.createDirectories(staging.resolve(link).getParent());
                Files.createSymbolicLink(staging.resolve(link), target);
                write("usr/bin/tool", "");
                finish();
                if (!Files.exists(victim)
                        || Files.size(victim) != 45
                        || Files.readString(victim).contains("#")) {
                    touched.add(file + " by " + link);
                }
            }
        }
        assertEquals(List.of(), touched);
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
