package org.qrm.plugin.nfs.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
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
                added("1 1 0:1 / /a\\040b rw - fuse x rw\n2 1 0:2 / /x*y[1]\\134 rw - fuse x rw\n"));
    }

    @Test
    public void copiesARootThatIsInMemory() {
        assertEquals(List.of(), added("1 1 0:1 / / rw - overlay overlay rw\n"));
    }

    @Test
    public void survivesNonsense() {
        assertEquals(List.of(), added("\n - \na b c\n - ext4\n1 2 3 4 - x\n"));
        assertEquals(
                500,
                added("1 1 0:1 / /m%d rw - fuse x rw\n"
                                .repeat(600)
                                .lines()
                                .reduce(
                                        new StringBuilder(),
                                        (text, line) -> text.append(line.replace("%d", "" + text.length()))
                                                .append('\n'),
                                        StringBuilder::append)
                                .toString())
                        .size());
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
                List.of("/mnt/disk/*"),
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
