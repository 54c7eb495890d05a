package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * What {@code qrm-server run} tells a service manager that gave it a socket, as systemd does. The Java in it only sleeps; what
 * answers on the server's port is this test's.
 */
public class SupervisorIT {

    private static final int BAD_SETTING = 6;
    private static final int READY = 200;
    private static final int NOT_READY = 503;

    /** Prints the datagrams that come to a socket, which Java cannot open. */
    private static final String RECEIVER =
            "use Socket; socket(S, AF_UNIX, SOCK_DGRAM, 0) && bind(S, sockaddr_un($ARGV[0]))"
                    + " or die $!; while (defined recv(S, $said, 4096, 0)) { syswrite STDOUT, \"$said\\n\" }";

    @Rule
    public ServerProcess server = new ServerProcess();

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private final AtomicInteger status = new AtomicInteger(NOT_READY);
    private final AtomicInteger asked = new AtomicInteger();
    private Path told;
    private Process receiver;
    private HttpServer http;

    @Before
    public void listen() throws Exception {
        assumeTrue("systemd-notify is missing", Files.isExecutable(Path.of("/usr/bin/systemd-notify")));
        Path socket = folder.getRoot().toPath().resolve("notify");
        told = folder.newFile("told").toPath();
        receiver = new ProcessBuilder("perl", "-e", RECEIVER, socket.toString())
                .redirectOutput(told.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        until("the socket is there", () -> Files.exists(socket));
        server.set("NOTIFY_SOCKET", socket.toString()).set("JAVA_HOME", sleepingJava());
    }

    @After
    public void end() {
        if (receiver != null) {
            receiver.destroyForcibly();
        }
        if (http != null) {
            http.stop(0);
        }
    }

    @Test
    public void tellsThatItIsReadyWhenItIsAndNotBefore() throws Exception {
        Process process = run();
        answer();
        until("it asks again after having been answered 503 twice", () -> asked.get() > 2);
        assertEquals("", told());
        status.set(READY);
        until("it tells", () -> told().contains("READY=1"));
        assertTrue(told(), told().contains("STATUS=Ready: https://127.0.0.1:" + server.setting("QRM_HTTPS_PORT")));
        until("who told is gone", () -> processes() == 1);
        assertEquals("and left the server no dead child", 0, process.children().count());
    }

    @Test
    public void saysNothingOfAServerThatEnded() throws Exception {
        Process process = run();
        answer();
        until("it asks", () -> asked.get() > 0);
        process.destroyForcibly();
        until("nothing is left of it", () -> processes() == 0);
        assertEquals("", told());
    }

    @Test
    public void takesNobodyElsesAnswerForItsOwn() throws Exception {
        status.set(READY);
        answer();
        ServerProcess.Outcome outcome = server.run("run");
        assertEquals(outcome.output(), BAD_SETTING, outcome.status());
        String reason = "QRM_HTTP_PORT=" + server.setting("QRM_HTTP_PORT") + ": another program answers on 127.0.0.1:";
        assertTrue(outcome.output(), outcome.output().contains(reason));
        assertEquals("", told());
    }

    /** The server, with the sleeping Java as its only process but the one that waits for the answer. */
    private Process run() throws Exception {
        Process process = server.command("run").inheritIO().start();
        until("Java was started", () -> Files.exists(folder.getRoot().toPath().resolve("started")));
        return process;
    }

    private String sleepingJava() throws IOException {
        Path home = folder.newFolder("java").toPath();
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\ntouch '" + folder.getRoot() + "/started'\nexec sleep 600\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home.toString();
    }

    private void answer() throws IOException {
        http = HttpServer.create(new InetSocketAddress("127.0.0.1", server.port("QRM_HTTP_PORT")), 0);
        http.createContext("/readyz", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        http.start();
    }

    private String told() throws IOException {
        return Files.readString(told);
    }

    /** How many of this server there are. */
    private long processes() throws IOException {
        String mark = "\0QRM_DATA=" + server.data() + "\0";
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.filter(process -> environment(process).contains(mark)).count();
        }
    }

    private static String environment(Path process) {
        try {
            return "\0" + Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException goneOrNoProcess) {
            return "";
        }
    }

    private static void until(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.call()) {
            assertTrue("not within 60 s: " + what, System.nanoTime() < end);
            LockSupport.parkNanos(20_000_000);
        }
    }
}
