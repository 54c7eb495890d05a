package org.qrm.plugin.dnsmasq.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** {@link PluginInNamespace} in a process of its own, as a test drives it. */
final class RunningPlugin {

    private static final int PATIENCE_SECONDS = 90;

    private final Process process;
    private final PrintStream input;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    RunningPlugin(String namespace, Path home, String address) throws IOException {
        process = Network.start(
                namespace,
                // as qrm-server starts it
                "sh",
                "-c",
                "umask 077; exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                PluginInNamespace.class.getName(),
                home.toString(),
                home.resolve("data").toString(),
                address);
        input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read);
        reader.setDaemon(true);
        reader.start();
    }

    RunningPlugin configure(String pairs) {
        input.println(pairs);
        return this;
    }

    /** Waits for a line with this text; returns it. */
    String await(String text) throws InterruptedException {
        StringBuilder passed = new StringBuilder();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            String line = lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new AssertionError("No line with \"" + text + "\" came; these did:\n" + passed);
            }
            if (line.contains(text)) {
                return line;
            }
            passed.append(line).append('\n');
        }
    }

    String health() throws InterruptedException {
        input.println("health");
        return await("health ");
    }

    /** The process of dnsmasq, which must run. */
    ProcessHandle dnsmasq() throws InterruptedException {
        String health = health();
        long pid = Long.parseLong(health.substring(health.lastIndexOf("pid ") + 4));
        return ProcessHandle.of(pid).orElseThrow();
    }

    /** Like {@code kill -9} or a crash. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ends it as a server ends its bundles. */
    void close() throws InterruptedException {
        input.close();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            kill();
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            output.lines().forEach(lines::add);
        } catch (IOException | java.io.UncheckedIOException e) {
            lines.add("(output ended: " + e.getMessage() + ")");
        }
    }
}
