package org.qrm.rack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A virtual rack of this test run, as {@code rack} of this folder makes it. It goes when this process goes. */
final class Rack implements AutoCloseable {

    static final String NAME = System.getProperty("rack.name", "qrm-it");
    private static final long MINUTES = 25;

    private final Path data;
    private final Path logs;
    private final Map<String, String> settings;

    /** @param options more words for {@code rack up} */
    Rack(Path work, int machines, String... options) throws IOException {
        this(work, Map.of(), machines, options);
    }

    /** @param settings variables of {@code rack} */
    Rack(Path work, Map<String, String> settings, int machines, String... options) throws IOException {
        this.settings = settings;
        data = work.resolve("data").toAbsolutePath();
        logs = Files.createDirectories(work.resolve("logs"));
        run("down");
        delete(work);
        Files.createDirectories(logs);
        List<String> up = new ArrayList<>(List.of(
                "up",
                String.valueOf(machines),
                "--owner",
                String.valueOf(ProcessHandle.current().pid())));
        up.addAll(List.of(options));
        run(up.toArray(String[]::new));
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** @param options more words for {@code rack power} */
    void power(String how, int machine, String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("power", how, String.valueOf(machine)));
        words.addAll(List.of(options));
        run(words.toArray(String[]::new));
    }

    String console(int machine) throws IOException {
        return run("console", String.valueOf(machine), "--all");
    }

    /** Runs a command on a host of the rack, which must succeed; answers what it printed. */
    String exec(String host, String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of("exec", host, "--"));
        words.addAll(List.of(command));
        return run(words.toArray(String[]::new));
    }

    /** The same, however it ends. */
    Result tryExec(String host, String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of("exec", host, "--"));
        words.addAll(List.of(command));
        return attempt(words.toArray(String[]::new));
    }

    /** The archive of a root file system, which is the last that is printed: the first time it is made. */
    Path image(String name) throws IOException {
        return Path.of(run("image", name).lines().reduce("", (before, last) -> last));
    }

    String run(String... words) throws IOException {
        Result result = attempt(words);
        assertEquals(String.join(" ", words) + " printed " + result.output(), 0, result.status());
        return result.output();
    }

    Result attempt(String... words) throws IOException {
        ProcessBuilder builder = command(words);
        List<String> command = builder.command();
        Path output = Files.createTempFile(logs, "rack", ".out");
        builder.redirectOutput(output.toFile());
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("not within " + MINUTES + " minutes: " + command);
            }
            String text = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            return new Result(process.exitValue(), text);
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            throw new AssertionError(interrupted);
        }
    }

    /** That command, not started. */
    ProcessBuilder command(String... words) {
        List<String> command = new ArrayList<>(List.of(System.getProperty("rack")));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("RACK_NAME", NAME);
        builder.environment().put("RACK_LOGS", logs.toString());
        builder.environment().putAll(settings);
        return builder;
    }

    /** Where that directory of the storage server's {@code /export} is on this machine. */
    static Path storage(String name) {
        return Path.of("/var/lib/qrm-rack", NAME, "storage/export", name);
    }

    /** Waits up to four minutes until something is so. */
    static void until(String what, Callable<Boolean> condition) throws Exception {
        until(what, 4, condition);
    }

    static void until(String what, int minutes, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes);
        while (!condition.call()) {
            assertTrue("not within " + minutes + " minutes: " + what, System.nanoTime() < end);
            LockSupport.parkNanos(100_000_000);
        }
    }

    @Override
    public void close() throws IOException {
        run("down");
        // the server had no chance to remove what its dnsmasq reads: see Launcher of the plug-in
        for (String name : List.of("tftp", "machines")) {
            Path left = Path.of("/run/qrm-dnsmasq-" + Integer.toHexString(data.hashCode()) + "-" + name);
            if (Files.exists(left)) {
                delete(left);
            }
        }
    }

    /** How a command ended, and what it printed. */
    record Result(int status, String output) {}
}
