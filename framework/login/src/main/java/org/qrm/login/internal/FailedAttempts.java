package org.qrm.login.internal;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts failed logins and says how long to wait. After a few free ones each failure doubles the wait, up to five
 * minutes; an hour without a failure forgets. Bounded: the entry that was touched longest ago makes room.
 */
final class FailedAttempts {

    private static final int MOST = 10_000;
    private static final long LONGEST_WAIT = 300_000;
    private static final long FORGOTTEN_AFTER = 3_600_000;

    private final int free;
    private final InstantSource clock;
    private final Map<String, Entry> entries = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Entry> eldest) {
            return size() > MOST;
        }
    };

    private record Entry(int failures, long last, long lockedUntil) {}

    /** @param free failures that cost no wait */
    FailedAttempts(int free, InstantSource clock) {
        this.free = free;
        this.clock = clock;
    }

    /** Seconds until the next attempt is looked at, 0 for now. */
    synchronized long wait(String who) {
        Entry entry = entries.get(who);
        return entry == null ? 0 : Math.max(0, (entry.lockedUntil - clock.millis() + 999) / 1000);
    }

    /** How many wait for their next attempt to be looked at. */
    synchronized int locked() {
        long now = clock.millis();
        return (int) entries.values().stream()
                .filter(entry -> entry.lockedUntil > now)
                .count();
    }

    /** @return whether this failure is the one that locks out for the first time */
    synchronized boolean failed(String who) {
        long now = clock.millis();
        Entry before = entries.get(who);
        int failures = before == null || now - before.last > FORGOTTEN_AFTER ? 1 : before.failures + 1;
        int doublings = Math.min(failures - free - 1, 20);
        long wait = doublings < 0 ? 0 : Math.min(LONGEST_WAIT, 1000L << doublings);
        entries.put(who, new Entry(failures, now, now + wait));
        return failures == free + 1;
    }

    synchronized void succeeded(String who) {
        entries.remove(who);
    }
}
