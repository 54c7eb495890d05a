package org.qrm.core.image;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.qrm.api.image.BootImage;
import org.qrm.core.store.Database;

/** The boot images in memory, read again after a change. Of a change by another server it knows within a second. */
final class KnownBootImages {

    private static final long AGE_NANOS = 1_000_000_000L;

    private record Snapshot(Map<String, BootImage> images, long changes, long read) {}

    private final Database database;
    private final BootImage idle;
    private final AtomicLong changes = new AtomicLong();
    private volatile Snapshot snapshot = new Snapshot(Map.of(), -1, 0);

    KnownBootImages(Database database, BootImage idle) {
        this.database = database;
        this.idle = idle;
    }

    /** By name, in the order of names. */
    Map<String, BootImage> all() {
        Snapshot now = snapshot;
        return current(now) ? now.images() : readAgain();
    }

    /** What comes with the server is as it came; only what people say of it is in its row. */
    BootImage asListed(BootImage row) {
        return row.name().equals(BootImage.DEFAULT) ? idle.remarked(row.remark()) : row;
    }

    /** They have changed. */
    void forget() {
        changes.incrementAndGet();
    }

    private boolean current(Snapshot candidate) {
        return candidate.changes() == changes.get()
                && (!database.shared() || System.nanoTime() - candidate.read() < AGE_NANOS);
    }

    private synchronized Map<String, BootImage> readAgain() {
        if (current(snapshot)) {
            return snapshot.images();
        }
        long before = changes.get();
        Map<String, BootImage> images = new TreeMap<>(database.read(BootImageRows::all));
        images.computeIfPresent(BootImage.DEFAULT, (name, row) -> asListed(row));
        snapshot = new Snapshot(images, before, System.nanoTime());
        return images;
    }
}
