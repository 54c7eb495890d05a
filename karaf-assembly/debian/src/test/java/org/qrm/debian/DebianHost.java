package org.qrm.debian;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.rules.ExternalResource;

/** A fresh Debian host as {@code test/host} makes it; it goes with the test. */
public final class DebianHost extends ExternalResource {

    /** How a command ended, and what it printed. */
    record Result(int status, String output) {}

    private static final long MINUTES = 8;

    /** Status of {@code test/host} when systemd cannot run here. */
    private static final int NO_SYSTEMD = 3;

    private final List<String> options;
    private Path directory;
    private Process host;

    /** @param options for {@code test/host} */
    DebianHost(String... options) {
        this.options = List.of(options);
    }

    @Override
    protected void before() throws Exception {
        assumeTrue("a Debian host needs namespaces: not root", "root".equals(System.getProperty("user.name")));
        assumeTrue("debootstrap is missing", Files.isExecutable(Path.of("/usr/sbin/debootstrap")));
        Path work = Files.createDirectories(Path.of(System.getProperty("work")));
        directory = Files.createTempDirectory(work, "host");
        List<String> command = new ArrayList<>(List.of(System.getProperty("host"), directory.toString()));
        command.addAll(options);
        host = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        until("the host is there", () -> {
            assumeTrue(log(), host.isAlive() || host.exitValue() != NO_SYSTEMD);
            assertTrue("it ended: " + log(), host.isAlive());
            return Files.exists(shared().resolve("ready"));
        });
    }

    @Override
    protected void after() {
        if (host != null) {
            host.destroyForcibly();
        }
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("log"));
    }

    /** What it sees as {@code /run/rack}. */
    Path shared() {
        return directory.resolve("shared");
    }

    /** A command of root, which must succeed; answers what it printed. */
    String run(String command) throws Exception {
        Result result = attempt(command);
        assertEquals(command + " printed " + result.output(), 0, result.status());
        return result.output().strip();
    }

    Result attempt(String command) throws Exception {
        Path output = Files.createTempFile(directory, "command", ".out");
        Process process = new ProcessBuilder(entered(command))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("not within " + MINUTES + " minutes: " + command);
        }
        return new Result(process.exitValue(), Files.readString(output));
    }

    private List<String> entered(String command) throws IOException {
        List<String> words = new ArrayList<>(List.of("nsenter", "--target"));
        words.add(Files.readString(directory.resolve("pid")).strip());
        words.addAll(
                List.of("--mount", "--net", "--uts", "--ipc", "--pid", "--cgroup", "--", "env", "-i", "HOME=/root"));
        words.addAll(List.of("PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"));
        words.addAll(List.of("sh", "-ec", command));
        return words;
    }

    /** Installs a package, or upgrades to it, as {@code dpkg -i} does. */
    void install(Path deb) throws Exception {
        Files.copy(deb, shared().resolve("qrm.deb"), StandardCopyOption.REPLACE_EXISTING);
        run("dpkg -i /run/rack/qrm.deb");
    }

    static void until(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
        while (!condition.call()) {
            assertTrue("not within " + MINUTES + " minutes: " + what, System.nanoTime() < end);
            LockSupport.parkNanos(100_000_000);
        }
    }
}
