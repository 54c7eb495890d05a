package org.qrm.plugin.device;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Lets in one at a time for each place, a machine or an address, and no more in all than may be. */
public final class Turns {

    private final int most;
    private final Set<Object> taken = new HashSet<>();

    /** As many at a time as there are places. */
    public Turns() {
        this(Integer.MAX_VALUE);
    }

    public Turns(int most) {
        this.most = most;
    }

    /**
     * Waits for a turn, which is to be given back to {@link #end}.
     *
     * @return whether there was one in time
     */
    public synchronized boolean begin(Object place, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (taken.size() >= most || taken.contains(place)) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return taken.add(place);
    }

    public synchronized void end(Object place) {
        taken.remove(place);
        notifyAll();
    }
}
