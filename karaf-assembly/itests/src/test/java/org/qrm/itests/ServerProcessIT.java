package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.sshd.common.SshException;
import org.junit.Rule;
import org.junit.Test;

/** {@code bin/qrm-server} and the settings, as an administrator meets them. */
public class ServerProcessIT {

    private static final int RUNNING = 0;
    private static final int BAD_SETTING = 6;
    private static final int NOT_RUNNING = 3;
    private static final String QUICK_COMPILER = "-XX:TieredStopAtLevel=1";

    /**
     * Felix' Configuration Admin says so now and then when File Install registers itself while its first configuration
     * is being stored; it delivers the configuration right after.
     */
    private static final String TOLD_TWICE = "Ignoring new configuration pid=org.apache.felix.fileinstall~deploy";

    /** Felix' Event Admin says so when its first configuration meets an event of Karaf's; nothing of QRM listens to these. */
    private static final String TOLD_AT_WORK = "EventAdmin: Event Task Processing Interrupted";

    @Rule
    public ServerProcess server = new ServerProcess();

    @Test
    public void startsOfflineAndAnswersOnAllPorts() throws Exception {
        assertEquals(NOT_RUNNING, server.run("status").status());
        server.set("QRM_JAVA_OPTS", QUICK_COMPILER).start();
        assertEquals(RUNNING, server.run("status").status());
        assertEquals(200, server.get("http", "/healthz").statusCode());
        assertEquals(200, server.get("http", "/readyz").statusCode());
        assertEquals(
                "by the authority in ca.pem",
                200,
                server.get("https", "/readyz").statusCode());
        assertEquals(
                "no password over plain HTTP",
                403,
                server.get("http", "/api/v1/resources").statusCode());
        String password = "words of my own";
        assertEquals(0, server.qrm(password + "\n", "user", "password", "admin").status());
        String bundles = console("admin", password, "bundle:list -t 0 --no-format");
        assertTrue(bundles, bundles.contains("QRM :: Bootstrap"));
        assertEverythingIsActive(bundles);
        assertNothingWentWrong();
        assertThrows("Karaf's own user", SshException.class, () -> console("karaf", "karaf", "bundle:list"));
        assertThrows("wrong password", SshException.class, () -> console("admin", "wrong", "bundle:list"));
        assertEquals("nothing is written into the distribution", Set.of(), UnpackedDistribution.added());
        assertEquals(0, server.run("stop").status());
        assertEquals(NOT_RUNNING, server.run("status").status());
        assertNothingWentWrong();
        assertSecretsAreTheOwners();
        server.start();
        assertTrue(
                "the classes of the run before are used again",
                mapped().contains(keptClasses().toString()));
        assertNothingWentWrong();
        assertEquals(0, server.run("stop").status());
        makeHoleInKeptClasses();
        server.start();
        assertFalse(
                "classes with a hole in them are not used",
                mapped().contains(keptClasses().toString()));
    }

    @Test
    public void keepsTheChosenAdministratorAndComesBackAfterKill() throws Exception {
        server.set("QRM_ADMIN_USER", "qrm").set("QRM_ADMIN_PASSWORD", "chosen at first start");
        String said = server.run("start").output();
        assertTrue(said, said.contains(" qrm@127.0.0.1"));
        long first = server.pid();
        console("qrm", "chosen at first start", "bundle:list");
        byte[] authority = Files.readAllBytes(server.data().resolve("tls/ca.pem"));
        Process reader = follow();
        ProcessHandle process = ProcessHandle.of(first).orElseThrow();
        process.destroyForcibly();
        process.onExit().get();
        Files.write(keptClasses(), new byte[4096]); // as if it had been killed when it wrote them
        server.set("QRM_ADMIN_PASSWORD", "another, which is too late")
                .set("QRM_ADMIN_USER", "too-late")
                .set("QRM_JAVA_OPTS", QUICK_COMPILER)
                .start();
        assertNotEquals(first, server.pid());
        console("qrm", "chosen at first start", "bundle:list");
        theConsoleEndsWithTheStatusOfTheCommandLine();
        whoFollowsEventsIsToldAndGoesOn(reader);
        assertEquals(new String(authority), Files.readString(server.data().resolve("tls/ca.pem")));
        assertFalse(Files.exists(server.data().resolve("initial-password")));
    }

    /** Somebody who watches what happens, and goes on watching while the server is away. */
    private Process follow() throws Exception {
        ProcessBuilder follow = new ProcessBuilder(
                UnpackedDistribution.home().resolve("bin/qrm").toString(), "event", "list", "--follow");
        follow.environment().put("QRM_URL", "https://127.0.0.1:" + server.port("QRM_HTTPS_PORT"));
        follow.environment().put("QRM_USER", "qrm");
        follow.environment().put("QRM_PASSWORD", "chosen at first start");
        follow.environment()
                .put("QRM_CACERT", server.data().resolve("tls/ca.pem").toString());
        Process reader = follow.redirectErrorStream(true)
                .redirectOutput(server.data().resolve("followed").toFile())
                .start();
        awaitFollowed(reader, "DESCRIPTION");
        return reader;
    }

    private void whoFollowsEventsIsToldAndGoesOn(Process reader) throws IOException {
        awaitFollowed(reader, "The stream of events broke: ");
        awaitFollowed(reader, "The stream of events is there again.");
        assertConsole(0, "qrm:plugin-register --wait xen", "");
        awaitFollowed(reader, "plugin/xen");
        assertTrue("Ctrl-C", reader.isAlive());
        reader.destroy();
        reader.onExit().join();
        assertFalse(
                "no colours where nobody looks",
                Files.readString(server.data().resolve("followed")).contains("\u001b"));
    }

    private void awaitFollowed(Process reader, String text) throws IOException {
        Path said = server.data().resolve("followed");
        Instant end = Instant.now().plusSeconds(120);
        while (!Files.readString(said).contains(text)) {
            if (Instant.now().isAfter(end) || !reader.isAlive()) {
                reader.destroyForcibly();
                throw new AssertionError("qrm event list --follow did not say " + text + ": " + Files.readString(said));
            }
            LockSupport.parkNanos(100_000_000);
        }
    }

    private void theConsoleEndsWithTheStatusOfTheCommandLine() throws IOException {
        assertConsole(0, "qrm:server-show", "version");
        assertConsole(2, "qrm:resource-list -o xml", "See qrm:resource-list --help.");
        assertConsole(3, "qrm:plugin-show nothing", "there is no such plug-in");
        assertConsole(
                4, "qrm:plugin-install xen", "Cannot install plug-in \"xen\": it is available. Register it first.");
        assertConsole(1, "qrm:no-such-command", "no-such-command");
    }

    private void assertConsole(int status, String command, String said) throws IOException {
        ServerProcess.Outcome outcome =
                SshConsole.outcome(server.port("QRM_SSH_PORT"), "qrm", "chosen at first start", command);
        assertEquals(command + ": " + outcome.output(), status, outcome.status());
        assertTrue(command + ": " + outcome.output(), outcome.output().contains(said));
    }

    @Test
    public void refusesASecondServerOnTheSameData() throws Exception {
        // a flight recording disturbs nothing
        server.set("QRM_JAVA_OPTS", QUICK_COMPILER + " -Xshare:auto -Xlog:disable -XX:StartFlightRecording")
                .start();
        ServerProcess.Outcome second = server.run("run");
        assertEquals(BAD_SETTING, second.status());
        assertTrue(second.output(), second.output().contains("a server is running already with the data in"));
        assertTrue(second.output(), second.output().contains("pid " + server.pid()));
        server.set("QRM_SSH_PORT", "80800");
        ServerProcess.Outcome restart = server.run("restart");
        assertEquals(restart.output(), BAD_SETTING, restart.status());
        assertEquals("it goes on", RUNNING, server.run("status").status());
    }

    @Test
    public void saysWhatIsWrongWithASetting() throws Exception {
        assertRefused("QRM_HTTP_PORT", "80800", "QRM_HTTP_PORT=80800 is no port");
        assertRefused("QRM_HTTPS_PORT", server.setting("QRM_HTTP_PORT"), "give each its own port");
        assertRefused("QRM_ADDRESS", "host.example", "is no IPv4 address");
        assertRefused("QRM_ADDRESS", "0.0.0.0", "does not tell machines where the server is");
        assertRefused("QRM_ADDRESS", "192.0.2.1", "no network card of this host has this address");
        assertRefused("QRM_ADMIN_USER", "Qrm", "QRM_ADMIN_USER=Qrm is no name of a user");
        assertRefused("QRM_DATA", "/proc/qrm", "cannot create QRM_DATA=/proc/qrm");
        assertRefused("JAVA_HOME", "/nonexistent", "JAVA_HOME=/nonexistent has no bin/java");
        assertRefused("JAVA_HOME", javaThatSaysItIs("11.0.2"), "is Java 11; QRM needs Java 17");
        assertRefused("JAVA_HOME", javaThatSaysItIs("24"), "is Java 24; the server needs Java 17 to 23");
        assertRefused("JAVA_HOME", javaThatSaysItIs("25.0.3"), "is Java 25; the server needs Java 17 to 23");
    }

    /** Nothing is started with it. */
    private String javaThatSaysItIs(String version) throws IOException {
        Path home = Files.createDirectories(server.data().resolveSibling("java-" + version));
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nexit 99\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        return home.toString();
    }

    @Test
    public void saysWhichPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            server.set("QRM_SSH_PORT", Integer.toString(taken.getLocalPort()));
            ServerProcess.Outcome start = server.run("start");
            assertNotEquals(0, start.status());
            assertTrue(start.output(), start.output().contains("QRM_SSH_PORT=" + taken.getLocalPort()));
        }
    }

    private Path keptClasses() {
        return server.data().resolve("karaf/classes.jsa");
    }

    /** As a power failure does. */
    private void makeHoleInKeptClasses() throws IOException {
        assertTrue(keptClasses().toFile().setWritable(true));
        try (FileChannel file = FileChannel.open(keptClasses(), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(65536), file.size() / 2);
        }
    }

    private String mapped() throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(server.pid()), "maps"));
    }

    private void assertRefused(String name, String value, String reason) throws IOException, InterruptedException {
        String before = server.setting(name);
        server.set(name, value);
        ServerProcess.Outcome outcome = server.run("run");
        assertEquals(outcome.output(), BAD_SETTING, outcome.status());
        assertTrue(outcome.output(), outcome.output().contains(reason));
        server.set(name, before == null ? "" : before);
    }

    private String console(String user, String password, String command) throws IOException {
        return SshConsole.run(server.port("QRM_SSH_PORT"), user, password, command);
    }

    private static void assertEverythingIsActive(String bundles) {
        for (String line : bundles.split("\n")) {
            boolean fragment = line.contains("Hosts:");
            assertTrue(line, line.contains("Active") || fragment || !line.matches("\\s*\\d+.*"));
        }
    }

    private void assertNothingWentWrong() throws IOException {
        try (Stream<String> log = Files.lines(server.data().resolve("log/qrm.log"))) {
            assertEquals(
                    "", log.filter(line -> line.contains("| ERROR |")).reduce("", (all, line) -> all + line + "\n"));
        }
        assertEquals(
                List.of(),
                Files.readAllLines(server.data().resolve("log/console.log")).stream()
                        .filter(line -> !line.contains(TOLD_TWICE) && !line.contains(TOLD_AT_WORK))
                        .toList());
    }

    private void assertSecretsAreTheOwners() throws IOException {
        try (Stream<Path> files = Files.walk(server.data())) {
            for (Path file : files.filter(each -> !Files.isSymbolicLink(each)).toList()) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                assertTrue(mode + " " + file, mode.endsWith("------"));
            }
        }
    }
}
