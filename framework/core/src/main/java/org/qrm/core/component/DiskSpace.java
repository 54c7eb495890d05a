package org.qrm.core.component;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;
import org.qrm.api.metric.Metrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether there is room for what the server keeps, told before there is none. */
final class DiskSpace implements HealthCheck {

    private static final Logger LOG = LoggerFactory.getLogger(DiskSpace.class);

    private static final long MIB = 1024 * 1024;

    /** Always too little: a log, a backup or a boot image more, and it is full. */
    private static final long LEAST = 512 * MIB;

    /** Never too little, however large the file system is. */
    private static final long PLENTY = 10 * 1024 * MIB;

    private static final int LEAST_PERCENT = 5;

    private final Path data;
    private final BiConsumer<Boolean, String> changed;
    private boolean told;

    /** @param changed hears when it has become little, and when there is room again */
    DiskSpace(Path data, BiConsumer<Boolean, String> changed) {
        this.data = data;
        this.changed = changed;
    }

    /** Whether so little is left of a file system, in octets, that somebody has to make room. */
    static boolean isLittle(long left, long all) {
        return left < LEAST || left < PLENTY && left < all / 100 * LEAST_PERCENT;
    }

    void measure(Metrics metrics) {
        metrics.gauge(
                "qrm_data_directory_free_bytes",
                "Room that is left in the file system of QRM_DATA.",
                () -> octets(FileStore::getUsableSpace));
        metrics.gauge(
                "qrm_data_directory_size_bytes",
                "Size of the file system of QRM_DATA.",
                () -> octets(FileStore::getTotalSpace));
    }

    @FunctionalInterface
    private interface Question {
        long ask(FileStore store) throws IOException;
    }

    private double octets(Question question) {
        try {
            return question.ask(Files.getFileStore(data));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** To be called now and then. */
    synchronized void look() {
        HealthResult now = execute();
        boolean little = now.status() != HealthResult.Status.OK;
        if (little != told) {
            told = little;
            changed.accept(little, now.message());
        }
    }

    @Override
    public String name() {
        return "disk";
    }

    @Override
    public HealthResult execute() {
        try {
            FileStore store = Files.getFileStore(data);
            long left = store.getUsableSpace();
            String room = left / MIB + " MiB of " + store.getTotalSpace() / MIB + " MiB are left where " + data + " is";
            return isLittle(left, store.getTotalSpace())
                    ? new HealthResult(
                            HealthResult.Status.WARN,
                            room + ". Make room: old backups, boot images that nobody uses, the audit log"
                                    + " (qrm audit prune); when it is full, changes fail")
                    : new HealthResult(HealthResult.Status.OK, room);
        } catch (IOException e) {
            LOG.debug("Cannot look", e);
            return new HealthResult(HealthResult.Status.OK, "The room where " + data + " is cannot be told.");
        }
    }
}
