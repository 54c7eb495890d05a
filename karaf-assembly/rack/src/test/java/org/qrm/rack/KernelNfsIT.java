package org.qrm.rack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/**
 * Filesystem images on the NFS server of the Linux kernel, which the rack's own hosts cannot run: one machine of the rack
 * becomes such a storage server, as a virtual environment with a kernel of its own, and the other one boots from it.
 */
public class KernelNfsIT {

    private static final String APPLICATION = "52:54:00:aa:00:01";
    private static final String STORE = "52:54:00:aa:00:02";
    private static final String SOURCE = "10.77.0.10";
    private static final String IMAGE = "/srv/images/application";
    /** Another address of the store: no machine of the pool is let in with one that is a storage server's. */
    private static final String SECOND = "10.77.0.50";
    /** A disk, which the rack's machines have not. */
    private static final String DISK = "[Unit]\nDescription=A disk for images\nBefore=nfs-server.service ssh.service\n"
            + "[Service]\nType=oneshot\nRemainAfterExit=yes\n"
            + "ExecStart=/bin/sh -ec 'ssh-keygen -A; mkdir -p /srv/images; mount -t tmpfs -o size=2g disk /mnt; "
            + "truncate -s 900M /mnt/disk; mkfs.ext4 -q /mnt/disk; mount -o loop /mnt/disk /srv/images; "
            + "truncate -s 6G /mnt/volumes; losetup -f /mnt/volumes; "
            + "ip addr add " + SECOND + "/24 dev $$(ip -o -4 addr show to 10.77.0.0/24 | cut -d\" \" -f2); "
            + "[ ! -e /var/lib/kept ] || losetup -f /var/lib/kept'\n"
            + "[Install]\nWantedBy=multi-user.target\n";

    private Path work;
    private Rack rack;
    private Server server;
    private KernelStore store;

    @Before
    public void bringUp() throws Exception {
        work = Path.of(System.getProperty("work"), "kernel-nfs");
        rack = new Rack(work, 2);
        server = new Server(rack, work);
        store = new KernelStore(rack, server, STORE);
        server.configureDhcp();
        server.start();
        server.installKey();
        rack.power("on", 1);
        rack.power("on", 2, "--memory", "3072");
    }

    @After
    public void takeDown() throws Exception {
        if (rack != null) {
            rack.close();
        }
    }

    @Test
    public void aMachineRunsFromAnImageOnTheKernelsServer() throws Exception {
        bootImageOfItsOwnKernel();
        imageOfTheStorageServer();
        server.await(
                "both machines are idle",
                "/resources?state=idle",
                list -> list.get("items").size() == 2);
        server.qrm(
                "ve",
                "create",
                "store",
                "--boot-image",
                "kernel-nfs",
                "--filesystem-image",
                "store",
                "--mode",
                "single");
        server.qrm("ve", "start", "store", "--resource", STORE, "--wait");
        awaitStore();

        aVolumeComesBackAfterAPowerCut();
        String address = store.address();
        server.qrm("storage-server", "create", "kernel", "--address", address, "--export-root", "/srv/images");
        String checked = server.qrm("storage-server", "check", "kernel");
        assertTrue(checked, checked.contains("kernel NFS server"));

        hasVolumes();
        imagesMayBeVolumes();
        hasAPool();
        imagesMayBeDatasets();
        filesGoBack();
        server.qrm(
                "filesystem-image",
                "create",
                "application",
                "--storage-server",
                "kernel",
                "--system",
                SOURCE,
                "--wait");
        assertEquals("closed while nobody runs from it", "", store.exports());
        assertEquals(
                "the copy forgets which machine it was",
                "0",
                store.run("stat", "-c", "%s", "/srv/images/application/etc/machine-id"));

        server.qrm("ve", "create", "application", "--filesystem-image", "application", "--mode", "single");
        server.qrm("ve", "start", "application", "--resource", APPLICATION, "--wait");
        assertEquals(
                "active", server.get("/resources/" + APPLICATION).get("state").asText());
        assertEquals(
                "open to one machine: " + store.exports(),
                1,
                store.exports().lines().count());
        assertTrue(
                store.exports(),
                store.exports()
                        .matches("/srv/images/application +"
                                + server.get("/resources/" + APPLICATION)
                                        .get("address")
                                        .asText()
                                        .replace(".", "\\.") + "\\(.*"));
        assertEquals(
                "the machine wrote who it is into the image",
                "33",
                store.run("stat", "-c", "%s", "/srv/images/application/etc/machine-id"));

        growsAndComesBackWhileItIsUsed();
        confinesWhoMayMountIt();

        server.qrm("ve", "stop", "application", "--wait");
        assertEquals(
                "idle", server.get("/resources/" + APPLICATION).get("state").asText());
        assertEquals("closed again", "", store.exports());
        assertEquals("", store.run("ls", "/etc/exports.d"));

        server.qrm("ve", "delete", "application");
        runsFromADirectoryThatIsConvertedLater();
        runsFromADataset();
        server.qrm("filesystem-image", "delete", "application", "--wait");
        assertFalse(store.run("ls", "-A", "/srv/images").contains("application"));
        server.qrm("storage-server", "delete", "kernel");
        server.qrm("ve", "stop", "store", "--wait");
        assertEquals("idle", server.get("/resources/" + STORE).get("state").asText());
    }

    private void awaitStore() throws Exception {
        Rack.until(
                "the store serves",
                10,
                () -> server.ssh(store.address(), 22, "systemctl", "is-active", "nfs-server", "ssh")
                                .status()
                        == 0);
    }

    /** On a disk that is kept, unlike the others: a file in the root file system of the store, which it has by NFS itself. */
    private void aVolumeComesBackAfterAPowerCut() throws Exception {
        store.run("truncate", "-s", "1200M", "/var/lib/kept");
        store.run("sh", "-c", "'vgcreate kept $(losetup -f --show /var/lib/kept)'");
        store.run("mkdir", "/var/lib/images");
        server.qrm("storage-server", "create", "kept", "--address", SECOND, "--export-root", "/var/lib/images");
        newImagesAre("lvm:kept", "kept", "images in volume group kept");
        server.qrm("filesystem-image", "create", "kept", "--storage-server", "kept", "--empty", "--wait");
        store.run("sh", "-c", "'echo mine >/var/lib/images/kept/file; sync'");
        rack.power("cycle", 2);
        awaitStore();
        Rack.until(
                "the volume is mounted",
                () -> store.run("stat", "-c", "%m", "/var/lib/images/kept").equals("/var/lib/images/kept"));
        assertEquals("mine", store.run("cat", "/var/lib/images/kept/file"));
        server.qrm("filesystem-image", "delete", "kept", "--wait");
        assertEquals("", store.run("lvs", "--noheadings", "kept"));
        server.qrm("storage-server", "delete", "kept");
        server.configureImages("file");
    }

    private void hasVolumes() throws Exception {
        store.run("sh", "-c", "'vgcreate vg $(losetup -nO NAME -j /mnt/volumes)'");
        store.run("lvcreate", "-y", "--type", "thin-pool", "-L", "1G", "-n", "thin", "vg");
        newImagesAre("lvm:nosuch", "there is no volume group nosuch");
        newImagesAre("lvm:vg/nosuch", "there is no thin pool nosuch");
    }

    /** In a volume group and in a thin pool. */
    private void imagesMayBeVolumes() throws Exception {
        newImagesAre("lvm:vg", "images in volume group vg");
        createEmpty("thick");
        newImagesAre("lvm:vg/thin", "images in thin pool vg/thin");
        createEmpty("fine");
        String thick = volume("qrm-thick");
        assertEquals(
                "linear qrm",
                store.run("lvs", "--noheadings", "-o", "segtype,lv_tags", "vg/" + thick)
                        .replaceAll(" +", " "));
        assertEquals(
                "thin qrm",
                store.run("lvs", "--noheadings", "-o", "segtype,lv_tags", "vg/" + volume("qrm-fine"))
                        .replaceAll(" +", " "));
        store.run("sh", "-c", "'echo the secret >/srv/images/secret'");
        String fine = store.confinesTo("/srv/images/fine", "file");
        store.confinesTo("/srv/images/thick", "file");
        String refused = store.attack("read", fine);
        assertTrue("the whole handle of another volume: " + refused, refused.startsWith("status "));
        store.run("rm", "/srv/images/secret");
        for (String name : List.of("thick", "fine")) {
            goesBack(name);
            comesBack("/srv/images/" + name, volume("qrm-" + name));
            server.qrm("nfs", "grow", "--image", name, "--gib", "2", "--wait");
            assertEquals(
                    "2.00g",
                    store.run("lvs", "--noheadings", "-o", "lv_size", "vg/" + volume("qrm-" + name))
                            .strip());
            assertTrue(Long.parseLong(store.run("stat", "-f", "-c", "%b", "/srv/images/" + name)) > 400_000);
        }
        String checked = server.qrm("storage-server", "check", "kernel");
        assertTrue(checked, checked.contains("may still grow by"));
        assertTrue(server.refused("qrm", "nfs", "grow", "--image", "thick", "--gib", "40", "--wait")
                .contains("MiB are free in volume group vg"));
        for (String name : List.of("thick", "fine")) {
            server.qrm("filesystem-image", "delete", name, "--wait");
        }
        assertEquals("thin", store.run("lvs", "--noheadings", "-o", "lv_name", "vg"));
        assertEquals("", store.run("sh", "-c", "'ls /etc/systemd/system | grep -e thick -e fine || true'"));
        leavesVolumesOfOthersAlone(thick);
    }

    private void leavesVolumesOfOthersAlone(String name) throws Exception {
        store.run("lvcreate", "-y", "-L", "64M", "-n", name, "vg");
        store.run("mkfs.ext4", "-q", "/dev/vg/" + name);
        String before = store.run("sha256sum", "/dev/vg/" + name);
        newImagesAre("lvm:vg", "images in volume group vg");
        String refused = server.refused(
                "qrm", "filesystem-image", "create", "thick", "--storage-server", "kernel", "--empty", "--wait");
        assertTrue(refused, refused.contains("there is a volume vg/" + name + " already"));
        server.qrm("filesystem-image", "delete", "thick", "--wait");
        assertEquals(before, store.run("sha256sum", "/dev/vg/" + name));
        store.run("lvremove", "-y", "vg/" + name);
        newImagesAreFiles();
    }

    private void hasAPool() throws Exception {
        store.run("modprobe", "zfs", "zfs_arc_max=268435456");
        store.run("truncate", "-s", "2G", "/mnt/pool");
        store.run("zpool", "create", "-O", "mountpoint=none", "tank", "/mnt/pool");
        newImagesAre("zfs:tank/nosuch", "there is no ZFS dataset tank/nosuch");
    }

    private void imagesMayBeDatasets() throws Exception {
        newImagesAre("zfs:tank", "images in ZFS dataset tank");
        createEmpty("one");
        createEmpty("two");
        store.run("sh", "-c", "'echo the secret >/srv/images/two/file'");
        store.confinesDatasets("/srv/images/one", "/srv/images/two", dataset("two"));
        goesBack("one");
        server.qrm("nfs", "grow", "--image", "one", "--gib", "3", "--wait");
        assertEquals("3G", store.run("zfs", "get", "-H", "-o", "value", "refquota", dataset("one")));
        String checked = server.qrm("storage-server", "check", "kernel");
        assertTrue(checked, checked.contains("may still grow by"));

        store.run("zfs", "snapshot", dataset("one") + "@mine");
        String refused = server.refused("qrm", "filesystem-image", "delete", "one", "--wait");
        assertTrue(refused, refused.contains("has snapshots"));
        store.run("zfs", "destroy", dataset("one") + "@mine");
        for (String name : List.of("one", "two")) {
            server.qrm("filesystem-image", "delete", name, "--wait");
        }
        assertEquals("tank", store.run("zfs", "list", "-H", "-o", "name"));
        assertEquals("", store.run("sh", "-c", "'ls /etc/systemd/system | grep -e images-one -e images-two || true'"));
        newImagesAreFiles();
    }

    private String dataset(String image) throws Exception {
        return store.run("findmnt", "-n", "-o", "SOURCE", "-t", "zfs", "/srv/images/" + image);
    }

    private void runsFromADataset() throws Exception {
        newImagesAre("zfs:tank", "images in ZFS dataset tank");
        server.qrm("filesystem-image", "create", "pooled", "--storage-server", "kernel", "--system", SOURCE, "--wait");
        String dataset = dataset("pooled");
        assertTrue(dataset, dataset.startsWith("tank/qrm-pooled-"));
        server.qrm("ve", "create", "pooled", "--filesystem-image", "pooled", "--mode", "single");
        server.qrm("ve", "start", "pooled", "--resource", APPLICATION, "--wait");
        server.qrm("nfs", "grow", "--image", "pooled", "--gib", "4", "--wait");
        assertEquals("4G", store.run("zfs", "get", "-H", "-o", "value", "refquota", dataset));
        store.run("systemctl", "stop", "nfs-server");
        store.run("umount", "/srv/images/pooled");
        store.run("zpool", "export", "tank");
        store.run("zpool", "import", "-d", "/mnt", "tank");
        store.run("systemctl", "start", "nfs-server");
        assertEquals("mounted before the server starts", dataset, dataset("pooled"));
        assertTrue(store.exports(), store.exports().contains("/srv/images/pooled"));
        server.qrm("ve", "stop", "pooled", "--wait");
        server.qrm("ve", "delete", "pooled");
        server.qrm("filesystem-image", "delete", "pooled", "--wait");
        assertEquals("tank", store.run("zfs", "list", "-H", "-o", "name"));
        newImagesAreFiles();
    }

    /** Returns when the server has taken the setting. */
    private void newImagesAre(String volumes, String told) throws Exception {
        newImagesAre(volumes, "kernel", told);
    }

    private void newImagesAre(String volumes, String on, String told) throws Exception {
        server.configureImages(volumes);
        Rack.until(
                "new images are " + volumes,
                () -> server.tryRun("qrm", "storage-server", "check", on).contains(told));
    }

    private void newImagesAreFiles() throws Exception {
        server.configureImages("file");
        Rack.until(
                "new images are files",
                () -> !server.qrm("storage-server", "check", "kernel").contains("images in"));
    }

    private void filesGoBack() throws Exception {
        createEmpty("plain");
        goesBack("plain");
        server.qrm("filesystem-image", "delete", "plain", "--wait");
    }

    /** An image whose file says "mine", to what was kept of it: as often as one likes, and nothing is left. */
    private void goesBack(String image) throws Exception {
        String file = "/srv/images/" + image + "/file";
        String before = kept();
        server.qrm("image-snapshot", "create", image, "before", "--wait");
        for (String written : List.of("his", "hers")) {
            store.run("sh", "-c", "'echo " + written + " >" + file + "; touch " + file + "." + written + "'");
            server.qrm("image-snapshot", "restore", image, "before", "--wait");
            assertEquals(image, "mine", store.run("cat", file));
            assertEquals(image, "file", store.run("sh", "-c", "'cd /srv/images/" + image + "; ls file*'"));
        }
        String refused = server.refused("qrm", "filesystem-image", "delete", image, "--wait");
        assertTrue(refused, refused.contains("has snapshots"));
        server.qrm("image-snapshot", "delete", image, "before", "--wait");
        assertEquals(image, before, kept());
    }

    private String kept() throws Exception {
        return store.run(
                "sh",
                "-c",
                "'lvs --noheadings -o lv_name; zfs list -H -o name -t all 2>&1; ls -A /srv/images/.qrm/disks; true'");
    }

    private void createEmpty(String name) throws Exception {
        server.qrm("filesystem-image", "create", name, "--storage-server", "kernel", "--empty", "--wait");
        assertEquals("/srv/images/" + name, store.run("stat", "-c", "%m", "/srv/images/" + name));
        store.run("sh", "-c", "'echo mine >/srv/images/" + name + "/file'");
    }

    private String volume(String beginning) throws Exception {
        return store.run("lvs", "--noheadings", "-o", "lv_name", "@qrm")
                .lines()
                .map(String::strip)
                .filter(each -> each.startsWith(beginning + "-"))
                .findFirst()
                .orElseThrow();
    }

    /** As after a restart of the storage server that has activated nothing. */
    private void comesBack(String image, String volume) throws Exception {
        store.run("systemctl", "stop", "nfs-server");
        store.run("umount", image);
        store.run("lvchange", "-an", "vg/" + volume);
        store.run("systemctl", "start", "nfs-server");
        assertEquals("mounted before the server starts", image, store.run("stat", "-c", "%m", image));
    }

    private void growsAndComesBackWhileItIsUsed() throws Exception {
        assertEquals(IMAGE, store.run("stat", "-c", "%m", IMAGE));
        assertTrue(
                store.exports(),
                store.exports().contains("mountpoint") || store.exports().contains(",mp"));
        long before = Long.parseLong(store.run("stat", "-f", "-c", "%b", IMAGE));
        server.qrm("nfs", "grow", "--image", "application", "--gib", "1", "--wait");
        long after = Long.parseLong(store.run("stat", "-f", "-c", "%b", IMAGE));
        assertTrue(before + " blocks became " + after, after > before);
        store.run("systemctl", "stop", "nfs-server");
        store.run("umount", IMAGE);
        assertEquals("/srv/images", store.run("stat", "-c", "%m", IMAGE));
        store.run("systemctl", "start", "nfs-server");
        assertEquals("mounted before the server starts", IMAGE, store.run("stat", "-c", "%m", IMAGE));
        assertTrue(store.exports(), store.exports().contains(IMAGE));
    }

    /** As root on a machine whom the image is open to, with handles that the server has not given out. */
    private void confinesWhoMayMountIt() throws Exception {
        store.run("sh", "-c", "'echo the secret >/srv/images/secret'");
        long secret = store.inode("/srv/images/secret");
        store.run("mkdir", "/srv/images/beside");
        store.run("touch", "/srv/images/beside/file");
        store.run("exportfs", "-o", "rw,no_root_squash,no_subtree_check", "10.77.0.1:/srv/images/beside");
        String beside = store.attack("lookup", store.attack("mount", "/srv/images/beside"), "file");
        assertEquals(
                "whoever may mount a directory reads all of its file system",
                "the secret",
                store.attack("read", store.forged(beside, store.inode("/srv/images/beside/file"), secret)));
        store.run("exportfs", "-o", "rw,no_root_squash,subtree_check", "10.77.0.1:/srv/images/beside");
        beside = store.attack("lookup", store.attack("mount", "/srv/images/beside"), "file");
        String checked = store.attack("read", store.forged(beside, store.inode("/srv/images/beside/file"), secret));
        assertTrue("with subtree_check: " + checked, checked.startsWith("status "));
        String open = store.attack("lookup", store.attack("mount", "/srv/images/beside"), "file");
        assertEquals("written", store.attack("write", open, "before"));
        store.run("exportfs", "-u", "10.77.0.1:/srv/images/beside");
        String late = store.attack("write", open, "after!");
        assertTrue("whom it is closed to writes no more: " + late, late.startsWith("status "));
        assertTrue(store.run("cat", "/srv/images/beside/file").startsWith("before"));

        store.confinesTo(IMAGE, "etc", "hostname");
        store.run("rm", "-r", "/srv/images/beside", "/srv/images/secret");
    }

    /** As images of release 0.1 are; on what machines boot from, subtree_check is no hindrance. */
    private void runsFromADirectoryThatIsConvertedLater() throws Exception {
        store.run("cp", "-a", IMAGE, "/srv/images/plain");
        server.qrm("filesystem-image", "create", "plain", "--storage-server", "kernel", "--existing", "--wait");
        assertTrue(server.qrm("storage-server", "check", "kernel").contains("trust each other"));
        server.qrm("ve", "create", "plain", "--filesystem-image", "plain", "--mode", "single");
        server.qrm("ve", "start", "plain", "--resource", APPLICATION, "--wait");
        // what is not switched off is not told
        assertTrue(
                store.exports(),
                store.exports().contains("/srv/images/plain")
                        && !store.exports().contains("no_subtree_check"));
        assertTrue(server.refused("qrm", "nfs", "confine", "--image", "plain", "--wait")
                .contains("Stop the virtual"));
        server.qrm("ve", "stop", "plain", "--wait");
        newImagesAre("lvm:vg", "images in volume group vg");
        server.qrm("nfs", "confine", "--image", "plain", "--wait");
        assertEquals("/srv/images/plain", store.run("stat", "-c", "%m", "/srv/images/plain"));
        assertFalse(server.qrm("storage-server", "check", "kernel").contains("trust each other"));
        runsFromItsVolume();
        server.qrm("ve", "delete", "plain");
        server.qrm("filesystem-image", "delete", "plain", "--wait");
        assertFalse(store.run("ls", "-A", "/srv/images").contains("plain"));
        assertEquals("thin", store.run("lvs", "--noheadings", "-o", "lv_name", "vg"));
    }

    private void runsFromItsVolume() throws Exception {
        server.qrm("ve", "start", "plain", "--resource", APPLICATION, "--wait");
        server.qrm("nfs", "grow", "--image", "plain", "--gib", "3", "--wait");
        assertTrue(Long.parseLong(store.run("stat", "-f", "-c", "%b", "/srv/images/plain")) > 600_000);
        comesBack("/srv/images/plain", volume("qrm-plain"));
        assertTrue(store.exports(), store.exports().contains("/srv/images/plain"));
        server.qrm("ve", "stop", "plain", "--wait");
    }

    /** As docs/node.md says: the kernel of a root file system, with the initrd that QRM's machines need. */
    private void bootImageOfItsOwnKernel() throws Exception {
        Path root =
                Path.of(rack.run("image", "kernel-nfs", "--directory").lines().reduce("", (before, last) -> last));
        Path built = Files.createDirectories(work.resolve("boot"));
        Process build = new ProcessBuilder(
                        System.getProperty("node.build"), "--kernel", root.toString(), "--output", built.toString())
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("logs/boot-image.log").toFile())
                .start();
        build.getOutputStream().close();
        assertTrue("the boot image is built in time", build.waitFor(5, TimeUnit.MINUTES));
        assertEquals(Files.readString(work.resolve("logs/boot-image.log")), 0, build.exitValue());
        server.qrm("boot-image", "create", "kernel-nfs");
        server.qrm(
                "boot-image", "put-file", "kernel-nfs", built.resolve("vmlinuz").toString(), "--role", "kernel");
        server.qrm(
                "boot-image",
                "put-file",
                "kernel-nfs",
                built.resolve("initrd.img").toString(),
                "--role",
                "initrd");
    }

    private void imageOfTheStorageServer() throws Exception {
        server.createStorageServer();
        Path archive = rack.image("kernel-nfs");
        Files.copy(archive, Rack.storage("store.tar"));
        server.qrm(
                "filesystem-image",
                "create",
                "store",
                "--storage-server",
                "NFS-server",
                "--archive",
                "/export/store.tar",
                "--wait");
        Files.delete(Rack.storage("store.tar"));
        Path root = Rack.storage("store");
        Path ssh = Files.createDirectories(root.resolve("root/.ssh"));
        Files.copy(server.publicKey(), ssh.resolve("authorized_keys"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(root.resolve("etc/systemd/system/disk.service"), DISK);
        Path wants = Files.createDirectories(root.resolve("etc/systemd/system/multi-user.target.wants"));
        Files.createSymbolicLink(wants.resolve("disk.service"), Path.of("/etc/systemd/system/disk.service"));
        // its pool is made later, and they wait for devices until they give up
        for (String service : List.of("zfs-import-cache.service", "zfs-import-scan.service")) {
            Files.createSymbolicLink(root.resolve("etc/systemd/system").resolve(service), Path.of("/dev/null"));
        }
    }
}
