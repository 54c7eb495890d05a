package org.qrm.rack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** The Debian package on a machine that booted: a server of its own, in a virtual environment of the rack's server. */
public class DebianPackageIT {

    /** The machine is emulated: a server that is up in seconds elsewhere took seven minutes on a busy host. */
    private static final int START_MINUTES = 20;

    private static final String MACHINE = "52:54:00:aa:00:01";
    private static final String KEYS = "[Unit]\nDescription=Host keys\nBefore=ssh.service\n"
            + "[Service]\nType=oneshot\nExecStart=/usr/bin/ssh-keygen -A\n[Install]\nWantedBy=multi-user.target\n";

    private Rack rack;
    private Server server;

    @Before
    public void bringUp() throws Exception {
        Path work = Path.of(System.getProperty("work"), "debian");
        rack = new Rack(work, 1);
        server = new Server(rack, work);
        server.configureDhcp();
        server.start();
        server.installKey();
        rack.power("on", 1, "--memory", "2048", "--cpus", "2");
    }

    @After
    public void takeDown() throws Exception {
        if (rack != null) {
            rack.close();
        }
    }

    @Test
    public void theServiceStartsAndComesBackAndStaysStoppedOverAnUpgrade() throws Exception {
        host();
        try {
            startsAndComesBackAndStaysStoppedOverAnUpgrade();
        } catch (AssertionError failed) {
            System.out.println(attempt("journalctl", "-u", "qrm", "-n", "200", "--no-pager")
                    .output());
            throw failed;
        }
    }

    private void startsAndComesBackAndStaysStoppedOverAnUpgrade() throws Exception {
        long began = System.nanoTime();
        on("dpkg", "-i", "/root/qrm.deb");
        System.out.printf("installed and started in %d s%n", (System.nanoTime() - began) / 1_000_000_000);
        assertEquals("active", on("systemctl", "is-active", "qrm"));
        untilReady();
        System.out.println(on("systemd-analyze", "security", "--no-pager", "qrm.service"));

        String killed = pid();
        on("kill", "-9", killed);
        Rack.until(
                "another is ready",
                START_MINUTES,
                () -> on("systemctl", "show", "-p", "ActiveState,MainPID", "qrm")
                        .matches("(?s)MainPID=(?!0\n|" + killed + "\n)\\d+\nActiveState=active"));
        untilReady();
        assertNotEquals(killed, pid());

        on("systemctl", "stop", "qrm");
        on("dpkg", "-i", "/root/qrm.deb");
        assertEquals("inactive", on("systemctl", "show", "-p", "ActiveState", "--value", "qrm"));
        on("dpkg", "--purge", "qrm");
        assertEquals("", on("find", "/etc", "/var", "/usr", "-name", "qrm", "-not", "-path", "*/dpkg/*"));
    }

    /** The machine runs Debian with what the package depends on, and lets the server's key in. */
    private void host() throws Exception {
        server.createStorageServer();
        Files.copy(rack.image("package-host"), Rack.storage("host.tar"), StandardCopyOption.REPLACE_EXISTING);
        server.qrm(
                "filesystem-image",
                "create",
                "host",
                "--storage-server",
                "NFS-server",
                "--archive",
                "/export/host.tar",
                "--wait");
        Files.delete(Rack.storage("host.tar"));
        Path root = Rack.storage("host");
        Path ssh = Files.createDirectories(root.resolve("root/.ssh"));
        Files.copy(server.publicKey(), ssh.resolve("authorized_keys"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(Path.of(System.getProperty("debianPackage")), root.resolve("root/qrm.deb"));
        Files.writeString(root.resolve("etc/systemd/system/keys.service"), KEYS);
        Path wants = Files.createDirectories(root.resolve("etc/systemd/system/multi-user.target.wants"));
        Files.createSymbolicLink(wants.resolve("keys.service"), Path.of("/etc/systemd/system/keys.service"));
        server.qrm("ve", "create", "host", "--filesystem-image", "host", "--mode", "single");
        server.await(
                "the machine is idle",
                "/resources?state=idle",
                list -> list.get("items").size() == 1);
        server.qrm("ve", "start", "host", "--resource", MACHINE, "--wait");
        Rack.until("the host lets one in", () -> attempt("true").status() == 0);
    }

    private void untilReady() throws Exception {
        Rack.until(
                "it answers that it is ready",
                START_MINUTES,
                () -> attempt("qrm-server", "status").output().contains("running and ready"));
    }

    private String pid() throws Exception {
        return on("systemctl", "show", "-p", "MainPID", "--value", "qrm");
    }

    private String on(String... command) throws Exception {
        Rack.Result result = attempt(command);
        assertEquals(String.join(" ", command) + " printed " + result.output(), 0, result.status());
        return result.output().strip();
    }

    private Rack.Result attempt(String... command) throws Exception {
        return server.ssh(server.get("/resources/" + MACHINE).get("address").asText(), 22, command);
    }
}
