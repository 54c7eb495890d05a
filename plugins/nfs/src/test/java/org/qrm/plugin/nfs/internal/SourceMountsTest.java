package org.qrm.plugin.nfs.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Test;
import org.qrm.api.QrmException;

public class SourceMountsTest {

    private static final int ALWAYS = SourceMounts.excludes("").size();

    @Test
    public void copiesDisksAndLeavesOutWhatIsNone() {
        assertEquals(List.of("/srv/share/*", "/home/*"), added("""
                        22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
                        30 22 254:2 / /boot rw,relatime - ext4 /dev/vda2 rw
                        23 22 0:21 / /proc rw,nosuid - proc proc rw
                        24 22 0:22 / /run/lock rw - tmpfs tmpfs rw
                        40 22 0:40 / /srv/share rw - nfs4 10.0.0.1:/share rw
                        41 22 0:41 / /home rw - tmpfs tmpfs rw
                        """));
    }

    @Test
    public void takesOddNamesLiterally() {
        assertEquals(
                List.of("/a b/*", "/x\\*y\\[1]\\\\/*"),
                added("1 1 0:1 / /a\\040b rw - fuse x rw\n2 0 0:2 / /x*y[1]\\134 rw - fuse x rw\n"));
    }

    @Test
    public void copiesARootThatIsInMemory() {
        assertEquals(List.of(), added("1 1 0:1 / / rw - overlay overlay rw\n"));
    }

    @Test
    public void survivesNonsense() {
        assertEquals(List.of(), added("\n - \na b c\n - ext4\n1 2 3 4 - x\n"));
        assertEquals(
                List.of("/a/*"),
                added("1 2 0:1 / /a rw - fuse x rw\n2 1 0:1 / /a rw - fuse x rw\n1 1 0:2 / /a rw - fuse y rw\n"));
    }

    @Test
    public void refusesMoreThanACommandCanLeaveOut() {
        String pods = mounts(1500, "/var/lib/kubelet/pods/%d/volumes/token rw - tmpfs tmpfs rw");
        QrmException refused = assertThrows(QrmException.class, () -> SourceMounts.excludes(pods));
        assertTrue(refused.getMessage(), refused.getMessage().contains("more than one command can leave out"));
        assertEquals(
                900,
                added(mounts(900, "/var/lib/kubelet/pods/%d/volumes/token rw - tmpfs tmpfs rw"))
                        .size());
        assertEquals(
                "below one that is left out already",
                List.of("/srv/nfs/*"),
                added("22 1 254:1 / / rw - ext4 /dev/vda1 rw\n99 22 0:9 / /srv/nfs rw - nfs4 s:/ rw\n"
                        + mounts(3000, "/srv/nfs/%d rw - nfs4 s:/x rw").replace(" 22 ", " 99 ")));
    }

    private static String mounts(int number, String rest) {
        return IntStream.range(0, number)
                .mapToObj(i -> (1000 + i) + " 22 0:" + (100 + i) + " / " + rest.formatted(i) + "\n")
                .collect(Collectors.joining());
    }

    /** As x-systemd.automount, systemd-gpt-auto-generator(8) and autofs(8) make them. */
    @Test
    public void findsWhatIsMountedAsSoonAsSomebodyLooks() {
        String automount =
                " rw,relatime shared:5 - autofs systemd-1 rw,fd=30,pgrp=1,timeout=0,minproto=5,maxproto=5,direct\n";
        assertEquals(
                List.of("/boot", "/home", "/srv/my data"),
                SourceMounts.automounts("22 1 254:1 / / rw - ext4 /dev/vda1 rw\n"
                        + "40 22 0:40 / /srv/my\\040data" + automount
                        + "41 22 0:41 / /home" + automount
                        + "42 22 0:42 / /boot" + automount
                        + "43 22 0:43 / /efi" + automount
                        + "44 43 8:1 / /efi rw - vfat /dev/sda1 rw\n" // is mounted already
                        + "45 22 0:45 / /proc/sys/fs/binfmt_misc" + automount
                        + "46 22 0:46 / /mnt/nas" + automount
                        + "47 22 0:47 / /net rw - autofs -hosts rw,fd=7,pgrp=9,timeout=300,minproto=5,maxproto=5,indirect\n"
                        + "48 22 0:48 / /u rw - autofs auto.home rw,indirect\n"
                        + "49 22 0:49 / /odd rw - autofs\n"));
        assertEquals(List.of(), SourceMounts.automounts(""));
    }

    @Test
    public void findsPointsThatRootMayNotLookAt() {
        String mounts = """
                22 1 254:1 / / rw - ext4 /dev/vda1 rw
                23 22 0:50 / /home/anna/remote rw,nosuid - fuse.sshfs anna@x:/ rw,user_id=1000
                24 22 0:51 / /home/bob/thinclient_drives rw - fuse.xrdp-chansrv xrdp-chansrv rw
                25 22 0:52 / /home/eve/.cache/doc rw - fuse.portal portal rw
                26 22 0:53 / /srv/old\\040cloud[1] rw - fuse.rclone r: rw
                27 22 0:54 / /srv/ntfs rw - fuse /dev/x rw
                28 22 0:55 / /run/user/1000/gvfs rw - fuse.gvfsd-fuse gvfsd-fuse rw
                29 22 0:56 / /mnt/bucket rw - fuse.s3fs s3fs rw
                30 22 0:57 / /srv/nfs rw - nfs4 10.0.0.1:/x rw
                31 22 0:58 / /sys/fs/fuse/connections rw - fusectl fusectl rw
                32 22 0:59 / /tmp/.mount_AppImage rw - fuse.x x rw
                33 22 0:60 / /srv/blk rw - fuseblk /dev/sdb1 rw
                """;
        assertEquals(
                List.of(
                        "/home/anna/remote",
                        "/home/bob/thinclient_drives",
                        "/home/eve/.cache/doc",
                        "/srv/old cloud\\[1]",
                        "/srv/ntfs"),
                SourceMounts.closedPoints(mounts));
    }

    @Test
    public void leavesOutFilesThatAreSwappedTo() {
        String head = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
        assertEquals(
                List.of("/var/swap", "/swap/swapfile", "/swap file", "/x\\[1]\\*"),
                SourceMounts.swapFiles(head
                        + "/dev/dm-1                               partition\t8388604\t\t0\t\t-2\n"
                        + "/var/swap                               file\t\t102396\t\t0\t\t-3\n"
                        + "/swap/swapfile                          file\t\t8388604\t\t12\t\t-4\n"
                        + "/dev/zram0                              partition\t4194300\t\t0\t\t100\n"
                        + "/swap\\040file                            file\t\t4\t\t0\t\t-5\n"
                        + "/x[1]*                                  file\t\t4\t\t0\t\t-6\n"
                        + "relative                                file\t\t4\t\t0\t\t-7\n"
                        + "/torn file\n"));
        assertEquals(List.of(), SourceMounts.swapFiles(head));
        assertEquals(List.of(), SourceMounts.swapFiles(""));
    }

    @Test
    public void looksAtWhatIsSeenAndNotAtWhatLiesBelow() {
        String root = "22 1 254:1 / / rw - ext4 /dev/vda1 rw\n";
        assertEquals(
                "a memory file system below a disk that was mounted over it",
                List.of(),
                added(root + "29 22 254:2 / /data rw - ext4 /dev/vdb rw\n30 29 0:50 / /data/cache rw - tmpfs tmpfs rw\n"
                        + "31 29 254:3 / /data rw - ext4 /dev/vdc rw\n"));
        assertEquals(
                "and one on top of the second disk",
                List.of("/data/cache/*"),
                added(root + "29 22 254:2 / /data rw - ext4 /dev/vdb rw\n31 29 254:3 / /data rw - ext4 /dev/vdc rw\n"
                        + "32 31 0:50 / /data/cache rw - tmpfs tmpfs rw\n"));
        assertEquals(
                "an initramfs' root below the root",
                List.of("/home/*"),
                added("1 0 0:2 / / rw - rootfs rootfs rw\n22 1 254:1 / / rw - ext4 /dev/vda1 rw\n"
                        + "40 22 0:41 / /home rw - tmpfs tmpfs rw\n"));
        assertEquals(
                "a chroot that is no mount, as mountinfo shows it",
                List.of("/srv/share/*"),
                added("50 7 0:21 / /proc rw - proc proc rw\n51 7 0:5 / /dev rw - devtmpfs udev rw\n"
                        + "52 51 0:23 / /dev/pts rw - devpts devpts rw\n53 7 0:40 / /srv/share rw - nfs4 s:/ rw\n"));
    }

    /** As these systems have them: what is on disks and part of the system is copied, and nothing else. */
    @Test
    public void knowsTheMountsOfDistributions() {
        assertEquals(
                "Ubuntu 24.04 with snaps, LXD and Docker",
                List.of(
                        "/snap/core22/1122/*",
                        "/snap/lxd/28373/*",
                        "/var/lib/lxcfs/*",
                        "/var/lib/docker/overlay2/9f/merged/*",
                        "/var/snap/firefox/common/host-hunspell/*"),
                added("""
                29 1 252:1 / / rw,relatime shared:1 - ext4 /dev/mapper/ubuntu--vg-ubuntu--lv rw
                30 29 0:6 / /dev rw,nosuid shared:2 - devtmpfs udev rw
                31 30 0:27 / /dev/shm rw shared:4 - tmpfs tmpfs rw
                60 29 7:0 / /snap/core22/1122 ro,nodev shared:33 - squashfs /dev/loop0 ro
                61 29 7:1 / /snap/lxd/28373 ro,nodev shared:34 - squashfs /dev/loop1 ro
                70 29 8:2 / /boot rw shared:40 - ext4 /dev/sda2 rw
                71 70 8:1 / /boot/efi rw shared:41 - vfat /dev/sda1 rw
                80 29 0:50 / /var/lib/lxcfs rw shared:50 - fuse.lxcfs lxcfs rw
                81 34 0:25 /snapd/ns /run/snapd/ns rw - tmpfs tmpfs rw
                34 29 0:25 / /run rw shared:5 - tmpfs tmpfs rw
                90 29 0:60 / /var/lib/docker/overlay2/9f/merged rw - overlay overlay rw
                91 34 0:4 net:[4026532290] /run/docker/netns/1 rw shared:60 - nsfs nsfs rw
                92 29 252:1 /usr/share/hunspell /var/snap/firefox/common/host-hunspell ro - ext4 /dev/mapper/ubuntu--vg-ubuntu--lv rw
                """));
        assertEquals("RHEL 9 on XFS with automounted ESP and NFS homes", List.of("/home/*"), added("""
                66 1 253:0 / / rw,relatime shared:1 - xfs /dev/mapper/rhel-root rw
                67 66 0:5 / /dev rw shared:2 - devtmpfs devtmpfs rw
                68 66 8:2 / /boot rw shared:3 - xfs /dev/sda2 rw
                69 68 0:40 / /boot/efi rw shared:4 - autofs systemd-1 rw
                70 69 8:1 / /boot/efi rw shared:5 - vfat /dev/sda1 rw
                71 66 253:2 / /var/log rw shared:6 - xfs /dev/mapper/rhel-varlog rw
                72 66 0:42 / /home rw shared:7 - autofs auto.home rw
                73 72 0:43 /u1 /home/u1 rw shared:8 - nfs4 s:/home/u1 rw
                74 66 0:44 / /run/user/0 rw - tmpfs tmpfs rw
                """));
        assertEquals("Debian 13 with a tmpfs on /tmp", List.of(), added("""
                27 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw
                28 27 0:33 / /tmp rw,nosuid shared:9 - tmpfs tmpfs rw
                29 27 259:1 / /boot/efi rw shared:10 - vfat /dev/nvme0n1p1 rw
                30 27 0:35 / /run/credentials/systemd-journald.service ro - tmpfs tmpfs rw
                """));
        assertEquals("Ubuntu on ZFS", List.of("/var/lib/lxd/devlxd/*"), added("""
                30 1 0:28 / / rw - zfs rpool/ROOT/ubuntu_1 rw
                31 30 0:45 / /boot rw - zfs bpool/BOOT/ubuntu_1 rw
                32 30 0:46 / /var/lib rw - zfs rpool/ROOT/ubuntu_1/var/lib rw
                33 30 0:47 / /home/u rw - zfs rpool/USERDATA/u_1 rw
                34 32 0:48 / /var/lib/lxd/devlxd rw - tmpfs tmpfs rw
                """));
        assertEquals("openSUSE with a snapshot booted and snapper for /home", List.of("/.snapshots/*"), added("""
                60 1 0:33 /@/.snapshots/42/snapshot / ro - btrfs /dev/sda3 rw,subvol=/@/.snapshots/42/snapshot
                61 60 0:33 /@/.snapshots /.snapshots rw - btrfs /dev/sda3 rw
                62 60 0:33 /@/home /home rw - btrfs /dev/sda3 rw
                63 60 0:33 /@/usr/local /usr/local rw - btrfs /dev/sda3 rw
                """));
        assertEquals("Proxmox", List.of("/etc/pve/*"), added("""
                30 1 253:1 / / rw - ext4 /dev/mapper/pve-root rw
                31 30 0:50 / /etc/pve rw - fuse /dev/fuse rw
                """));
    }

    @Test
    public void standsForWhatIsNoText() {
        assertEquals(List.of("/srv/caf*/*"), added("1 1 0:1 / /srv/caf\ufffd\ufffd rw - nfs s:/ rw\n"));
    }

    @Test
    public void copiesContentThatIsMountedAtSeveralPlacesOnce() {
        String root = "22 1 254:1 / / rw - ext4 /dev/vda1 rw\n";
        assertEquals(
                "a bind mount",
                List.of("/export/data/*"),
                added(root + "30 22 254:1 /srv/data /export/data rw - ext4 /dev/vda1 rw\n"));
        assertEquals(
                "the root once more",
                List.of("/srv/chroot/*"),
                added(root + "30 22 254:1 / /srv/chroot rw - ext4 /dev/vda1 rw\n"));
        assertEquals(
                "a file", List.of("/etc/name/*"), added(root + "30 22 254:1 /x /etc/name rw - ext4 /dev/vda1 rw\n"));
        assertEquals(
                "a part of a second disk",
                List.of("/var/www/*"),
                added(
                        root
                                + "30 22 254:2 /www /var/www rw - xfs /dev/vdb rw\n31 22 254:2 / /data rw - xfs /dev/vdb rw\n"));
        assertEquals(
                "two parts of a second disk",
                List.of(),
                added(root
                        + "30 22 254:2 /a /srv/a rw - xfs /dev/vdb rw\n31 22 254:2 /ab /srv/b rw - xfs /dev/vdb rw\n"));
        assertEquals(
                "the same part twice",
                List.of("/srv/b/*"),
                added(root
                        + "30 22 254:2 /a /srv/a rw - xfs /dev/vdb rw\n31 22 254:2 /a /srv/b rw - xfs /dev/vdb rw\n"));
        assertEquals(
                "a bind mount at its own place",
                List.of(),
                added(root + "30 22 254:1 /srv/jail /srv/jail rw - ext4 /dev/vda1 rw\n"));
        assertEquals(
                "a bind mount of what is hidden",
                List.of("/srv/data/*"),
                added(
                        root
                                + "29 22 0:50 / /srv/data rw - tmpfs tmpfs rw\n30 22 254:1 /srv/data /export rw - ext4 /dev/vda1 rw\n"));
        assertEquals(
                "a part of a disk below /mnt, which is not copied",
                List.of(),
                added(
                        root
                                + "29 22 254:2 / /mnt/disk rw - ext4 /dev/vdb rw\n30 22 254:2 /www /srv/www rw - ext4 /dev/vdb rw\n"));
        assertEquals(
                "two disks that are mounted over each other",
                List.of(),
                added(root + "29 22 254:2 / /data rw - ext4 /dev/vdb rw\n30 29 254:3 / /data rw - ext4 /dev/vdc rw\n"));
    }

    @Test
    public void copiesSubvolumesAndNoSnapshots() {
        assertEquals("openSUSE", List.of("/.snapshots/*"), added("""
                60 1 0:33 /@/.snapshots/1/snapshot / rw - btrfs /dev/vda2 rw,subvol=/@/.snapshots/1/snapshot
                71 60 0:33 /@/.snapshots /.snapshots rw - btrfs /dev/vda2 rw
                72 60 0:33 /@/home /home rw - btrfs /dev/vda2 rw
                73 60 0:33 /@/var /var rw - btrfs /dev/vda2 rw
                74 60 0:33 /@/boot/grub2/x86_64-efi /boot/grub2/x86_64-efi rw - btrfs /dev/vda2 rw
                75 60 254:1 / /boot/efi rw - vfat /dev/vda1 rw
                """));
        assertTrue(
                "snapshots in the root's own subvolume",
                SourceMounts.excludes("").contains("/.snapshots/*"));
        assertEquals("Ubuntu, Fedora", List.of(), added("""
                60 1 0:33 /@ / rw - btrfs /dev/vda2 rw
                71 60 0:33 /@home /home rw - btrfs /dev/vda2 rw
                """));
        assertEquals("all of it at one more place", List.of("/btrfs/*"), added("""
                60 1 0:33 /@ / rw - btrfs /dev/vda2 rw
                71 60 0:33 / /btrfs rw - btrfs /dev/vda2 rw
                72 60 0:33 /@home /home rw - btrfs /dev/vda2 rw
                """));
        assertEquals("ZFS", List.of(), added("""
                60 1 0:33 / / rw - zfs rpool/ROOT/debian rw
                71 60 0:34 / /home rw - zfs rpool/home rw
                """));
        assertEquals("OSTree", List.of("/sysroot/*"), added("""
                60 1 254:4 /ostree/deploy/fedora/deploy/1 / rw - ext4 /dev/vda4 rw
                61 60 254:4 / /sysroot ro - ext4 /dev/vda4 rw
                62 60 254:4 /ostree/deploy/fedora/var /var rw - ext4 /dev/vda4 rw
                """));
    }

    @Test
    public void looksAtWhatIsOnTopOfAnAutomount() {
        String root = "22 1 254:1 / / rw - ext4 /dev/vda1 rw\n30 22 0:40 / /boot/efi rw - autofs systemd-1 rw\n";
        assertEquals(List.of("/boot/efi/*"), added(root));
        assertEquals(List.of(), added(root + "31 30 254:2 / /boot/efi rw - vfat /dev/vda2 rw\n"));
        assertEquals(List.of("/boot/efi/*"), added(root + "31 30 0:41 / /boot/efi rw - nfs4 s:/x rw\n"));
    }

    @Test
    public void theAdministratorsPatternsAreTakenAsTheyAre() {
        assertEquals(
                List.of("/srv/vm images/", "/var/lib/*.cache"),
                SourceExcludes.parse("# not these\n\n /srv/vm images/ \n/var/lib/*.cache\n"));
        for (String hostile : List.of("srv", "*", "+ /etc", "/", "/a\u0007b", "/" + "x".repeat(600))) {
            assertThrows(hostile, QrmException.class, () -> SourceExcludes.parse("/fine\n" + hostile + "\n"));
        }
        assertThrows(QrmException.class, () -> SourceExcludes.parse("/x\n".repeat(201)));
    }

    private static List<String> added(String mountinfo) {
        List<String> all = SourceMounts.excludes(mountinfo);
        return all.subList(ALWAYS, all.size());
    }
}
