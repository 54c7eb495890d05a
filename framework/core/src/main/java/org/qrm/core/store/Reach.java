package org.qrm.core.store;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the database. So many use it at a time, and all others wait for their turn, the first who came first. When somebody gets no
 * connection in time it is looked whether the database takes one at all. If not it is away, and all are told so at once until one thread, which
 * looks for it, finds it again.
 */
final class Reach implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Reach.class);
    private static final long LOOK_AGAIN_MILLIS = 1000;

    private final Semaphore turns;
    private final Duration patience;
    private final Supplier<Handle> pool;
    private final Runnable besides;
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "qrm-database");
        thread.setDaemon(true);
        return thread;
    });
    private volatile RuntimeException away;
    private Future<?> look;
    private boolean lookingAgain;

    /**
     * @param most connections that are used at a time
     * @param patience how long one is waited for while others have them all
     * @param pool gives one, and throws what {@link Database#isLost} knows when the database does not give it one in time
     * @param besides makes a connection that is none of these, and ends it; throws when the database does not answer
     */
    Reach(int most, Duration patience, Supplier<Handle> pool, Runnable besides) {
        this.turns = new Semaphore(most, true);
        this.patience = patience;
        this.pool = pool;
        this.besides = besides;
    }

    /** A connection in somebody's hands. */
    record Connected(Handle handle, Semaphore turns) implements AutoCloseable {
        @Override
        public void close() {
            try {
                handle.close();
            } finally {
                turns.release();
            }
        }
    }

    /** @throws LostException when there is none, with the reason */
    Connected open() {
        refuseWhileAway();
        awaitTurn();
        Handle handle = null;
        try {
            // it may have gone while others had their turns
            refuseWhileAway();
            handle = fromPool();
            return new Connected(handle, turns);
        } finally {
            if (handle == null) {
                turns.release();
            }
        }
    }

    private void refuseWhileAway() {
        RuntimeException known = away;
        if (known != null) {
            throw LostException.away(known);
        }
    }

    private Handle fromPool() {
        try {
            return pool.get();
        } catch (RuntimeException failed) {
            throw Database.isLost(failed) ? whyNone(failed) : failed;
        }
    }

    private void awaitTurn() {
        try {
            if (!turns.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw whyNone(null);
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while others used the database", over);
        }
    }

    /**
     * Those who have all connections may wait for a database that is away, or for one that is slow; so may the pool.
     *
     * @param failed how the pool failed, or null when it was nobody's turn
     */
    private LostException whyNone(RuntimeException failed) {
        if (failed != null && Database.isFull(failed)) {
            return LostException.busy("it takes no more connections: others have them", failed);
        }
        awaitLook();
        RuntimeException known = away;
        if (known != null) {
            return LostException.away(known);
        }
        return LostException.busy(
                failed == null
                        ? "it answers, but for " + patience.toSeconds() + " s others used all connections to it"
                        : "it answers, but is slow to take connections",
                failed);
    }

    private void awaitLook() {
        try {
            Future<?> now = lookNow();
            if (now != null) {
                now.get();
            }
        } catch (ExecutionException | CancellationException failed) {
            LOG.debug("Could not look for the database", failed);
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    /** A connection was lost while it was used: the database may be away, or have ended that one alone. */
    void doubt() {
        if (away == null) {
            lookNow();
        }
    }

    /** The look that is under way or begins; null when there was none, and nobody looks any more. */
    private synchronized Future<?> lookNow() {
        if (look == null || look.isDone()) {
            try {
                look = looking.submit(this::look);
            } catch (RejectedExecutionException closed) {
                LOG.debug("Nobody looks any more", closed);
            }
        }
        return look;
    }

    private void look() {
        // a look that ends in an error of this program has seen nothing, and another one follows
        RuntimeException seen = away;
        try {
            besides.run();
            if (away != null && turns.tryAcquire()) {
                openOnce();
            }
            seen = null;
        } catch (RuntimeException failed) {
            // who is told to come later was told so by a database that is there
            seen = Database.isFull(failed) ? null : failed;
        } finally {
            became(seen);
        }
    }

    /** Before anybody is sent to the pool again: it pauses after failures. */
    private void openOnce() {
        try {
            pool.get().close();
        } finally {
            turns.release();
        }
    }

    /** @param failed why it does not answer, or null */
    private synchronized void became(RuntimeException failed) {
        if (away == null && failed != null) {
            LOG.warn("The database is away: {}", failed.toString());
        } else if (away != null && failed == null) {
            LOG.info("The database answers again");
        }
        away = failed;
        if (failed != null && !lookingAgain && !looking.isShutdown()) {
            lookingAgain = true;
            looking.schedule(this::lookAgain, LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void lookAgain() {
        synchronized (this) {
            lookingAgain = false;
        }
        look();
    }

    /** How many wait for their turn. */
    int waiting() {
        return turns.getQueueLength();
    }

    @Override
    public void close() {
        // whoever waits for a look that does not begin any more
        looking.shutdownNow().forEach(left -> ((Future<?>) left).cancel(false));
    }
}
