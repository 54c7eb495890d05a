package org.qrm.plugin.dnsmasq.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running dnsmasq: passes its output on to the log and keeps the end of it, for the reason when it fails. */
final class Child {

    private static final Logger LOG = LoggerFactory.getLogger(Child.class);
    private static final int KEPT_LINES = 3;
    private static final int LONGEST_LINE = 500;
    private static final long SECONDS_TO_EXIT = 5;

    private final Process process;
    private final Thread reader;
    private final Deque<String> lastLines = new ArrayDeque<>();

    Child(Process process) {
        this.process = process;
        this.reader = new Thread(this::readOutput, "qrm-dnsmasq-output");
        reader.setDaemon(true);
        reader.start();
    }

    CompletableFuture<?> onExit() {
        return process.onExit();
    }

    boolean alive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Why it ended, in its own words. Call it after it has ended. */
    String lastWords() throws InterruptedException {
        reader.join(TimeUnit.SECONDS.toMillis(SECONDS_TO_EXIT));
        String status = "it ended with status " + process.exitValue();
        synchronized (lastLines) {
            return lastLines.isEmpty() ? status : status + ", saying: " + String.join(" / ", lastLines);
        }
    }

    /** Has it read its files again (SIGHUP). */
    void reread() throws IOException {
        new ProcessBuilder("sh", "-c", "kill -HUP \"$0\"", Long.toString(pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Ends it, first by asking; returns when it is gone. */
    void stop() {
        process.destroy();
        boolean gone = false;
        try {
            gone = process.waitFor(SECONDS_TO_EXIT, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!gone) {
            process.destroyForcibly().onExit().join();
        }
    }

    private void readOutput() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                take(printable(line));
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("Output of dnsmasq ended", e);
        }
    }

    private void take(String line) {
        // a line for each packet is for those who look for a fault; the rest is rare
        if (line.startsWith("dnsmasq-dhcp[") && line.contains(": DHCP") && line.contains("(")
                || line.startsWith("dnsmasq-tftp[")) {
            LOG.debug("{}", line);
        } else {
            LOG.info("{}", line);
        }
        synchronized (lastLines) {
            lastLines.addLast(line);
            if (lastLines.size() > KEPT_LINES) {
                lastLines.removeFirst();
            }
        }
    }

    /** Names that machines send appear in the output. */
    private static String printable(String line) {
        String cut = line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "…" : line;
        return cut.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
    }
}
