package org.qrm.plugin.ipmi.internal;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Lets in a bounded number at a time, and one for each place. */
final class Turns {

    private final int most;
    private final Set<String> taken = new HashSet<>();

    Turns(int most) {
        this.most = most;
    }

    /**
     * Waits for a turn, which is to be given back to {@link #end}.
     *
     * @return whether there was one in time
     */
    synchronized boolean begin(String place, Duration limit) throws InterruptedException {
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

    synchronized void end(String place) {
        taken.remove(place);
        notifyAll();
    }
}
