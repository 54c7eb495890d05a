package org.qrm.plugin.device;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Lets in one at a time for each machine. */
public final class Turns {

    private final Set<Long> taken = new HashSet<>();

    /**
     * Waits for a turn, which is to be given back to {@link #end}.
     *
     * @return whether there was one in time
     */
    public synchronized boolean begin(long machine, Instant end) throws InterruptedException {
        while (!taken.add(machine)) {
            long left = Duration.between(Instant.now(), end).toMillis();
            if (left <= 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.timedWait(this, left);
        }
        return true;
    }

    public synchronized void end(long machine) {
        taken.remove(machine);
        notifyAll();
    }
}
