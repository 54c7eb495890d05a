package org.qrm.core.store;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** The way to the database. While it does not answer, one at a time waits for it; all others are told at once. */
final class Reach {

    private final AtomicBoolean waiting = new AtomicBoolean();
    private volatile RuntimeException away;

    /**
     * Opens a connection.
     *
     * @param opening waits for one as long as the pool has it wait
     * @param allBusy whether those that there are are in use, so that the wait says nothing of the database
     */
    Handle open(Supplier<Handle> opening, Supplier<Boolean> allBusy) {
        RuntimeException known = away;
        if (known == null) {
            return opened(opening, allBusy);
        }
        if (!waiting.compareAndSet(false, true)) {
            throw new LostException(known);
        }
        try {
            return opened(opening, allBusy);
        } finally {
            waiting.set(false);
        }
    }

    private Handle opened(Supplier<Handle> opening, Supplier<Boolean> allBusy) {
        try {
            Handle handle = opening.get();
            away = null;
            return handle;
        } catch (RuntimeException failed) {
            if (Database.isLost(failed) && !allBusy.get()) {
                away = failed;
            }
            throw failed;
        }
    }
}
