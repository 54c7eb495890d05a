package org.qrm.core.resource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.qrm.api.resource.LoadSample;

/**
 * The load of each machine in the last hour, minute by minute: what this server has heard since it was started. It is no
 * truth worth a database: 200 bytes a machine, gone with the server.
 */
public final class LoadHistory {

    static final int MINUTES = 60;
    private static final long MILLIS = 60_000;
    private static final int SWEEP = 1024;

    private final Map<Long, Minutes> machines = new ConcurrentHashMap<>();

    /** Hears of a load. */
    public void add(long resource, long millis, double load) {
        Minutes minutes = machines.get(resource);
        if (minutes == null) {
            if (machines.size() % SWEEP == SWEEP - 1) {
                machines.values().removeIf(it -> it.isOver(millis / MILLIS));
            }
            minutes = machines.computeIfAbsent(resource, id -> new Minutes());
        }
        minutes.add(millis / MILLIS, load);
    }

    /** The minutes of the last hour in which there were reports, in their order. */
    public List<LoadSample> of(long resource, long millis) {
        Minutes minutes = machines.get(resource);
        return minutes == null ? List.of() : minutes.since(millis / MILLIS - MINUTES);
    }

    /** A ring: minute m is at m modulo its size. Loads are in hundredths, as unsigned shorts. */
    private static final class Minutes {
        private final short[] means = new short[MINUTES];
        private long heard;
        private long latest;
        private double sum;
        private int count;

        synchronized void add(long minute, double load) {
            if (minute < latest) {
                return;
            }
            if (minute > latest) {
                long gone = Math.min(minute - latest, MINUTES);
                heard = gone == MINUTES ? 0 : heard & ~gone(minute, gone);
                latest = minute;
                sum = 0;
                count = 0;
            }
            sum += load;
            count++;
            int at = (int) (minute % MINUTES);
            means[at] = (short) Math.min(0xffff, Math.max(0, Math.round(sum / count * 100)));
            heard |= 1L << at;
        }

        /** The places of the last so many minutes up to one. */
        private static long gone(long minute, long many) {
            long places = 0;
            for (long m = minute; m > minute - many; m--) {
                places |= 1L << (m % MINUTES);
            }
            return places;
        }

        synchronized List<LoadSample> since(long after) {
            List<LoadSample> samples = new ArrayList<>(MINUTES);
            for (long minute = Math.max(after, latest - MINUTES) + 1; minute <= latest; minute++) {
                int at = (int) (minute % MINUTES);
                if ((heard & 1L << at) != 0) {
                    samples.add(new LoadSample(
                            Instant.ofEpochMilli(minute * MILLIS), Short.toUnsignedInt(means[at]) / 100.0));
                }
            }
            return samples;
        }

        synchronized boolean isOver(long minute) {
            return latest < minute - MINUTES;
        }
    }
}
