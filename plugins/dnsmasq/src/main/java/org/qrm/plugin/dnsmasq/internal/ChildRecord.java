package org.qrm.plugin.dnsmasq.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers in a file which process is the child, so that one that outlived its server is ended before another starts.
 * A process is told apart by pid and start time: pids are used again.
 */
final class ChildRecord {

    private static final Logger LOG = LoggerFactory.getLogger(ChildRecord.class);
    // proc(5): field 22 of stat, counted after the command's closing parenthesis, which stands before field 3
    private static final int START_TIME_AFTER_COMMAND = 22 - 3;

    private final Path file;

    ChildRecord(Path file) {
        this.file = file;
    }

    void write(long pid) throws IOException {
        Files.writeString(file, pid + " " + startTime(pid).orElse("gone") + "\n");
    }

    void clear() throws IOException {
        Files.deleteIfExists(file);
    }

    /** Ends the recorded process if it still runs. */
    void endStale() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        String[] recorded = Files.readString(file).trim().split(" ");
        if (recorded.length == 2 && recorded[0].matches("[1-9][0-9]{0,9}")) {
            long pid = Long.parseLong(recorded[0]);
            if (startTime(pid).filter(recorded[1]::equals).isPresent()) {
                LOG.warn("Ending dnsmasq (pid {}), left over from a server that was killed", pid);
                ProcessHandle.of(pid).ifPresent(ChildRecord::end);
            }
        }
        clear();
    }

    private static void end(ProcessHandle handle) {
        handle.destroyForcibly();
        try {
            handle.onExit().get(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("dnsmasq (pid {}) does not end", handle.pid(), e);
        }
    }

    /** In clock ticks since the kernel started; empty when there is no such process. */
    private static Optional<String> startTime(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return Optional.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[START_TIME_AFTER_COMMAND]);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
