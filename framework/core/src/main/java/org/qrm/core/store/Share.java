package org.qrm.core.store;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** So many do something at a time, so many more wait for that and so long, and all others are told to come later. */
final class Share {

    private final Semaphore turns;
    private final int mostWaiting;
    private final Duration patience;

    Share(int most, int mostWaiting, Duration patience) {
        this.turns = new Semaphore(most, true);
        this.mostWaiting = mostWaiting;
        this.patience = patience;
    }

    /** @throws LostException when it is nobody's turn in time */
    <T> T use(Supplier<T> work) {
        try {
            if (turns.getQueueLength() >= mostWaiting
                    || !turns.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw LostException.busy("as many of those who are not known yet use it as may at a time", null);
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
            throw LostException.busy("the wait for it was interrupted", over);
        }
        try {
            return work.get();
        } finally {
            turns.release();
        }
    }
}
