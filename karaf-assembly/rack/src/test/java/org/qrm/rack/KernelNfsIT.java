package org.qrm.rack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

        server.qrm("ve", "stop", "application", "--wait");
        assertEquals(
                "idle", server.get("/resources/" + APPLICATION).get("state").asText());
        assertEquals("closed again", "", exports());
        assertEquals("", onStore("ls", "/etc/exports.d"));

        server.qrm("ve", "delete", "application");
        server.qrm("filesystem-image", "delete", "application", "--wait");
        assertFalse(onStore("ls", "-A", "/srv/images").contains("application"));
        server.qrm("storage-server", "delete", "kernel");
        server.qrm("ve", "stop", "store", "--wait");
        assertEquals("idle", server.get("/resources/" + STORE).get("state").asText());
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
