package org.qrm.netboot.internal;

import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Counts refused requests by address: a token bucket each. An address whose bucket is empty is answered 429 before
 * anything else is done for it. Addresses that behave cost nothing; the table is bounded.
 */
final class FailureLimit {

    private static final double NANOS_PER_SECOND = 1e9;

    private final int burst;
    private final double perSecond;
    private final int maxAddresses;
    private final LongSupplier nanoTime;
    private final ConcurrentHashMap<String, Bucket> buckets = new ConcurrentHashMap<>();

    private record Bucket(double left, long since) {}

    /**
     * @param burst refusals that an address may collect at once
     * @param perSecond refusals that it may collect in the long run
     * @param maxAddresses size of the table
     * @param nanoTime a clock like {@link System#nanoTime}
     */
    FailureLimit(int burst, double perSecond, int maxAddresses, LongSupplier nanoTime) {
        this.burst = burst;
        this.perSecond = perSecond;
        this.maxAddresses = maxAddresses;
        this.nanoTime = nanoTime;
    }

    /** Whether requests of that address are to be answered 429 now. */
    boolean exhausted(String address) {
        if (buckets.isEmpty()) {
            return false;
        }
        Bucket bucket = buckets.get(address);
        if (bucket == null) {
            return false;
        }
        double left = left(bucket, nanoTime.getAsLong());
        if (left >= burst) {
            buckets.remove(address, bucket);
        }
        return left < 1;
    }

    /** Puts a refusal on that address's account. */
    void failed(String address) {
        long now = nanoTime.getAsLong();
        if (buckets.size() >= maxAddresses && !buckets.containsKey(address)) {
            makeRoom(now);
        }
        buckets.merge(
                address, new Bucket(burst - 1, now), (old, first) -> new Bucket(Math.max(0, left(old, now) - 1), now));
    }

    private double left(Bucket bucket, long now) {
        return Math.min(burst, bucket.left + Math.max(0, now - bucket.since) / NANOS_PER_SECOND * perSecond);
    }

    /** Drops those that have recovered, or else any: an attacker with so many addresses gains nothing from the table. */
    private void makeRoom(long now) {
        buckets.values().removeIf(bucket -> left(bucket, now) >= burst);
        Iterator<String> addresses = buckets.keySet().iterator();
        while (buckets.size() >= maxAddresses && addresses.hasNext()) {
            addresses.next();
            addresses.remove();
        }
    }
}
