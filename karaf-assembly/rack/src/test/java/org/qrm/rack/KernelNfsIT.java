package org.qrm.rack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
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
    /** A disk, which the rack's machines have not. */
    private static final String DISK = "[Unit]\nDescription=A disk for images\nBefore=nfs-server.service ssh.service\n"
            + "[Service]\nType=oneshot\nRemainAfterExit=yes\n"
            + "ExecStart=/bin/sh -ec 'ssh-keygen -A; mkdir -p /srv/images; mount -t tmpfs -o size=1g disk /mnt; "
            + "truncate -s 900M /mnt/disk; mkfs.ext4 -q /mnt/disk; mount -o loop /mnt/disk /srv/images'\n"
            + "[Install]\nWantedBy=multi-user.target\n";

    private Path work;
    private Rack rack;
    private Server server;

    @Before
    public void bringUp() throws Exception {
        work = Path.of(System.getProperty("work"), "kernel-nfs");
        rack = new Rack(work, 2);
        server = new Server(rack, work);
        server.configureDhcp();
        server.start();
        server.installKey();
        rack.power("on", 1);
        rack.power("on", 2, "--memory", "1536");
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
        Rack.until(
                "the store serves",
                () -> server.ssh(address(STORE), 22, "systemctl", "is-active", "nfs-server", "ssh")
                                .status()
                        == 0);

        String address = address(STORE);
        server.qrm("storage-server", "create", "kernel", "--address", address, "--export-root", "/srv/images");
        String checked = server.qrm("storage-server", "check", "kernel");
        assertTrue(checked, checked.contains("kernel NFS server"));

        server.qrm(
                "filesystem-image",
                "create",
                "application",
                "--storage-server",
                "kernel",
                "--system",
                SOURCE,
                "--wait");
        assertEquals("closed while nobody runs from it", "", exports());
        assertEquals(
                "the copy forgets which machine it was",
                "0",
                onStore("stat", "-c", "%s", "/srv/images/application/etc/machine-id"));

        server.qrm("ve", "create", "application", "--filesystem-image", "application", "--mode", "single");
        server.qrm("ve", "start", "application", "--resource", APPLICATION, "--wait");
        assertEquals(
                "active", server.get("/resources/" + APPLICATION).get("state").asText());
        assertEquals("open to one machine: " + exports(), 1, exports().lines().count());
        assertTrue(
                exports(),
                exports()
                        .matches("/srv/images/application +"
                                + address(APPLICATION).replace(".", "\\.") + "\\(.*"));
        assertEquals(
                "the machine wrote who it is into the image",
                "33",
                onStore("stat", "-c", "%s", "/srv/images/application/etc/machine-id"));

        growsAndComesBackWhileItIsUsed();
        confinesWhoMayMountIt();

        server.qrm("ve", "stop", "application", "--wait");
        assertEquals(
                "idle", server.get("/resources/" + APPLICATION).get("state").asText());
        assertEquals("closed again", "", exports());
        assertEquals("", onStore("ls", "/etc/exports.d"));

        server.qrm("ve", "delete", "application");
        runsFromADirectoryThatIsConvertedLater();
        server.qrm("filesystem-image", "delete", "application", "--wait");
        assertFalse(onStore("ls", "-A", "/srv/images").contains("application"));
        server.qrm("storage-server", "delete", "kernel");
        server.qrm("ve", "stop", "store", "--wait");
        assertEquals("idle", server.get("/resources/" + STORE).get("state").asText());
    }

    private void growsAndComesBackWhileItIsUsed() throws Exception {
        assertEquals(IMAGE, onStore("stat", "-c", "%m", IMAGE));
        assertTrue(exports(), exports().contains("mountpoint") || exports().contains(",mp"));
        long before = Long.parseLong(onStore("stat", "-f", "-c", "%b", IMAGE));
        server.qrm("nfs", "grow", "--image", "application", "--gib", "1", "--wait");
        long after = Long.parseLong(onStore("stat", "-f", "-c", "%b", IMAGE));
        assertTrue(before + " blocks became " + after, after > before);
        onStore("systemctl", "stop", "nfs-server");
        onStore("umount", IMAGE);
        assertEquals("/srv/images", onStore("stat", "-c", "%m", IMAGE));
        onStore("systemctl", "start", "nfs-server");
        assertEquals("mounted before the server starts", IMAGE, onStore("stat", "-c", "%m", IMAGE));
        assertTrue(exports(), exports().contains(IMAGE));
    }

    /** As root on a machine whom the image is open to, with handles that the server has not given out. */
    private void confinesWhoMayMountIt() throws Exception {
        onStore("sh", "-c", "'echo the secret >/srv/images/secret'");
        long secret = inode("/srv/images/secret");
        onStore("mkdir", "/srv/images/beside");
        onStore("touch", "/srv/images/beside/file");
        onStore("exportfs", "-o", "rw,no_root_squash,no_subtree_check", "10.77.0.1:/srv/images/beside");
        String beside = attack("lookup", attack("mount", "/srv/images/beside"), "file");
        assertEquals(
                "whoever may mount a directory reads all of its file system",
                "the secret",
                attack("read", forged(beside, inode("/srv/images/beside/file"), secret)));
        onStore("exportfs", "-o", "rw,no_root_squash,subtree_check", "10.77.0.1:/srv/images/beside");
        beside = attack("lookup", attack("mount", "/srv/images/beside"), "file");
        String checked = attack("read", forged(beside, inode("/srv/images/beside/file"), secret));
        assertTrue("with subtree_check: " + checked, checked.startsWith("status "));
        onStore("exportfs", "-u", "10.77.0.1:/srv/images/beside");

        onStore("exportfs", "-o", "rw,no_root_squash,no_subtree_check,mountpoint", "10.77.0.1:" + IMAGE);
        String file = attack("lookup", attack("mount", IMAGE), "etc", "hostname");
        assertFalse(attack("read", file).startsWith("status "));
        long own = inode(IMAGE + "/etc/hostname");
        String other = attack("read", forged(file, own, secret));
        assertFalse("the number of a file elsewhere: " + other, other.contains("the secret"));
        assertEquals("status 2", attack("lookup", handle(file, own, 2, 0), "beside"));
        onStore("exportfs", "-u", "10.77.0.1:" + IMAGE);
        onStore("rm", "-r", "/srv/images/beside", "/srv/images/secret");
    }

    private String attack(String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java", System.getProperty("nfs.attack"), address(STORE)));
        all.addAll(List.of(words));
        return rack.tryExec("server", all.toArray(String[]::new)).output().strip();
    }

    private String forged(String handle, long inode, long other) throws Exception {
        String generation = onStore("sh", "-c", "'lsattr -v $(find /srv/images -xdev -inum " + other + ")'");
        return handle(handle, inode, other, Long.parseLong(generation.split(" ")[0]));
    }

    /** Of ext4: number and generation of a file stand beside each other. */
    private static String handle(String handle, long inode, long other, long generation) {
        int at = handle.lastIndexOf(hex(inode));
        if (at == handle.length() - 8) { // subtree_check: the directory's number is the last
            at = handle.indexOf(hex(inode));
        }
        assertTrue(handle + " has the number " + inode, at > 0);
        return handle.substring(0, at) + hex(other) + hex(generation) + handle.substring(at + 16);
    }

    private static String hex(long number) {
        return String.format("%08x", Integer.reverseBytes((int) number));
    }

    private long inode(String path) throws Exception {
        return Long.parseLong(onStore("stat", "-c", "%i", path));
    }

    /** As images of release 0.1 are; on what machines boot from, subtree_check is no hindrance. */
    private void runsFromADirectoryThatIsConvertedLater() throws Exception {
        onStore("cp", "-a", IMAGE, "/srv/images/plain");
        server.qrm("filesystem-image", "create", "plain", "--storage-server", "kernel", "--existing", "--wait");
        assertTrue(server.qrm("storage-server", "check", "kernel").contains("trust each other"));
        server.qrm("ve", "create", "plain", "--filesystem-image", "plain", "--mode", "single");
        server.qrm("ve", "start", "plain", "--resource", APPLICATION, "--wait");
        // what is not switched off is not told
        assertTrue(
                exports(), exports().contains("/srv/images/plain") && !exports().contains("no_subtree_check"));
        assertTrue(
                server.refused("nfs", "confine", "--image", "plain", "--wait").contains("Stop the virtual"));
        server.qrm("ve", "stop", "plain", "--wait");
        server.qrm("nfs", "confine", "--image", "plain", "--wait");
        assertEquals("/srv/images/plain", onStore("stat", "-c", "%m", "/srv/images/plain"));
        assertFalse(server.qrm("storage-server", "check", "kernel").contains("trust each other"));
        server.qrm("ve", "delete", "plain");
        server.qrm("filesystem-image", "delete", "plain", "--wait");
        assertFalse(onStore("ls", "-A", "/srv/images").contains("plain"));
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
    }

    private String address(String mac) throws Exception {
        return server.get("/resources/" + mac).get("address").asText();
    }

    private String exports() throws Exception {
        return onStore("exportfs", "-s");
    }

    private String onStore(String... command) throws Exception {
        Rack.Result result = server.ssh(address(STORE), 22, command);
        assertEquals(String.join(" ", command) + " printed " + result.output(), 0, result.status());
        return result.output().strip();
    }
}
