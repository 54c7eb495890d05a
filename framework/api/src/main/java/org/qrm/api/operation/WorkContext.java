package org.qrm.api.operation;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.osgi.annotation.versioning.ProviderType;

/** What a step of an operation, or a plug-in called by one, reports to and obeys. */
@ProviderType
public interface WorkContext {

    /** When this call must be over. */
    Instant deadline();

    /**
     * Says how far the call is. Cheap; may be called often.
     *
     * @param fraction 0..1 of this call
     * @param doing what it is doing, for people
     */
    void progress(double fraction, String doing);

    /** Adds a line to the operation's log: for people, no secrets, at most 1000 characters of it are kept. */
    void log(String line);

    /**
     * To be called wherever the work can stop.
     *
     * @throws CancelledException when somebody asked for an end, or the deadline has passed
     */
    void checkpoint();

    /**
     * Waits.
     *
     * @param time none when it is negative
     * @throws CancelledException when the server ends the call meanwhile
     */
    default void pause(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted");
        }
    }
}
