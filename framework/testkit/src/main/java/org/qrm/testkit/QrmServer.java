package org.qrm.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/**
 * A server for tests, from the unpacked archive: a JUnit 4 rule, as a rule of a class. It begins without data, on free ports, and ends with
 * the tests whatever happens. What a test does there is what an administrator types.
 *
 * <pre>{@code
 * @ClassRule
 * public static final QrmServer SERVER = new QrmServer(Path.of("/opt/qrm-0.2.0"));
 *
 * @BeforeClass
 * public static void prepare() {
 *     SERVER.addPlugin(Path.of("target/org.example.meter-1.0-SNAPSHOT.jar"), "meter", "threshold=5");
 *     SERVER.addMachines(2);
 * }
 * }</pre>
 *
 * It works on Linux, and needs what the server needs: Java 17 and bash.
 */
public final class QrmServer extends ExternalResource {

    /** For a command, and for what is awaited. */
    private static final long SECONDS = 180;

    private static final int SHOWN = 4_000;

    private final Path home;
    private final TemporaryFolder folder = new TemporaryFolder();
    private final Map<String, String> settings = new HashMap<>();

    /** @param home the unpacked archive, {@code qrm-VERSION} */
    public QrmServer(Path home) {
        this.home = home;
    }

    /** Sets what {@code qrm-server} reads from its environment, as {@code QRM_SILENCE_SECONDS}; before the tests begin. */
    public QrmServer with(String setting, String value) {
        settings.put(setting, value);
        return this;
    }

    /** The server's data: its {@code log/qrm.log} tells what happened. */
    public Path data() {
        return folder.getRoot().toPath().resolve("data");
    }

    /** Where REST answers to what trusts {@link #authority()}, {@code https://127.0.0.1:PORT/api/v1}. */
    public String rest() {
        return "https://127.0.0.1:" + settings.get("QRM_HTTPS_PORT") + "/api/v1";
    }

    /** The certificate of its authority, PEM. */
    public Path authority() {
        return data().resolve("tls/ca.pem");
    }

    /** Of the administrator, who is called {@code admin}. */
    public String password() {
        return settings.get("QRM_ADMIN_PASSWORD");
    }

    /**
     * Adds a plug-in, and has it do its work: registered, configured, installed, run.
     *
     * @param jar its file
     * @param answers what its wizard is to be told, {@code question=answer} each; none where it has no wizard
     */
    public void addPlugin(Path jar, String id, String... answers) {
        qrm("plugin", "add-file", jar.toString(), "--as", id + ".jar", "--sha256", digest(jar));
        qrm("plugin", "register", id, "--wait");
        if (answers.length > 0) {
            List<String> words = new ArrayList<>(List.of("plugin", "configure", id));
            words.addAll(List.of(answers));
            qrm(words.toArray(String[]::new));
        }
        qrm("plugin", "install", id, "--wait");
        qrm("plugin", "run-once", id, "--wait");
    }

    /** The server takes what somebody vouches for. */
    private static String digest(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /**
     * Adds the plug-in {@code simulator} with so many machines, and waits until all are idle. They can be switched on and off, and be hosts; its
     * storage type {@code simulated} makes images that they start from. Once in a server.
     */
    public void addMachines(int count) {
        addPlugin(simulator(), "simulator", "machines=" + count);
        await("resource", list -> list.lines().count() >= count, "resource", "list", "--state", "idle", "-o", "name");
    }

    private Path simulator() {
        try (Stream<Path> files = Files.walk(home.resolve("system/org/qrm/org.qrm.plugin.simulator"))) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(home + " has no plug-in simulator"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What {@code bin/qrm} prints, asked by the administrator; it is an error of the test when it fails. */
    public String qrm(String... words) {
        Outcome outcome = run("bin/qrm", words);
        if (outcome.status() != 0) {
            throw new AssertionError("qrm " + String.join(" ", words) + " ended with " + outcome);
        }
        return outcome.printed();
    }

    /** What {@code bin/qrm} says against that; it is an error of the test when it does not fail. */
    public String refused(String... words) {
        Outcome outcome = run("bin/qrm", words);
        if (outcome.status() == 0) {
            throw new AssertionError("qrm " + String.join(" ", words) + " was done: " + outcome.printed());
        }
        return outcome.said();
    }

    /**
     * Asks again and again, for three minutes at most.
     *
     * @param what for the message when it does not come to be
     * @return what was printed when it was as wanted
     */
    public String await(String what, Predicate<String> wanted, String... words) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        Outcome last;
        do {
            last = run("bin/qrm", words);
            if (last.status() == 0 && wanted.test(last.printed())) {
                return last.printed();
            }
        } while (System.nanoTime() < end);
        throw new AssertionError(
                what + " is not so after " + SECONDS + " s: qrm " + String.join(" ", words) + ": " + last);
    }

    // ---- its life

    @Override
    protected void before() throws Throwable {
        folder.create();
        settings.put("QRM_DATA", data().toString());
        settings.putIfAbsent("QRM_ADMIN_PASSWORD", UUID.randomUUID().toString());
        settings.putIfAbsent("QRM_START_SECONDS", Long.toString(SECONDS));
        settings.putIfAbsent("QRM_STOP_SECONDS", "10");
        List<Integer> ports = freePorts(3);
        settings.put("QRM_HTTP_PORT", ports.get(0).toString());
        settings.put("QRM_HTTPS_PORT", ports.get(1).toString());
        settings.put("QRM_SSH_PORT", ports.get(2).toString());
        Outcome outcome = run("bin/qrm-server", "start");
        if (outcome.status() != 0) {
            String log = lastOfItsLog();
            after();
            throw new AssertionError("qrm-server start ended with " + outcome + '\n' + log);
        }
    }

    private String lastOfItsLog() throws IOException {
        Path log = data().resolve("log/qrm.log");
        String all = Files.exists(log) ? Files.readString(log) : "";
        return all.substring(Math.max(0, all.length() - SHOWN));
    }

    @Override
    protected void after() {
        try {
            run("bin/qrm-server", "stop");
        } finally {
            folder.delete();
        }
    }

    /** All at a time, so that each is another one. */
    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    /** What became of a command. */
    private record Outcome(int status, String printed, String said) {
        @Override
        public String toString() {
            return "status " + status + ": " + said + printed;
        }
    }

    private Outcome run(String program, String... words) {
        try {
            List<String> line = new ArrayList<>(List.of(home.resolve(program).toString()));
            line.addAll(List.of(words));
            File printed = folder.newFile();
            File said = folder.newFile();
            ProcessBuilder builder = new ProcessBuilder(line)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(printed)
                    .redirectError(said);
            builder.environment().keySet().removeIf(name -> name.startsWith("QRM_"));
            builder.environment().putAll(settings);
            builder.environment().put("QRM_URL", "https://127.0.0.1:" + settings.get("QRM_HTTPS_PORT"));
            builder.environment().put("QRM_USER", "admin");
            builder.environment().put("QRM_PASSWORD", password());
            builder.environment().put("QRM_CACERT", authority().toString());
            Process process = builder.start();
            if (!process.waitFor(SECONDS + 60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(program + " " + String.join(" ", words) + " does not end");
            }
            Outcome outcome = new Outcome(
                    process.exitValue(), Files.readString(printed.toPath()), Files.readString(said.toPath()));
            Files.delete(printed.toPath());
            Files.delete(said.toPath());
            return outcome;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("the test was interrupted", e);
        }
    }
}
