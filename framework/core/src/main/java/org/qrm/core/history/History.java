package org.qrm.core.history;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.qrm.api.resource.HistorySpan;
import org.qrm.api.resource.LoadSample;

/** What this server has heard of each machine in the last hour, minute by minute: 0.8 KiB a machine. */
public final class History {

    private static final int MINUTES = HistorySpan.HOUR.steps();
    private static final double KIB = 1024;
    private static final int SWEEP = 1024;

    private final Map<Long, Minutes> machines = new ConcurrentHashMap<>();

    /**
     * What a machine reports.
     *
     * @param bound whether it is bound to a virtual environment
     * @param load its one-minute load average
     * @param memoryUsedMb MiB that are not available to programs
     * @param received bytes that came in by its cards since it started, or -1 if it does not tell
     * @param sent the same that went out
     */
    public record Heard(boolean bound, double load, long memoryUsedMb, long received, long sent) {}

    /** Hears of a machine. */
    public void add(long resource, long millis, Heard heard) {
        Minutes minutes = machines.get(resource);
        if (minutes == null) {
            if (machines.size() % SWEEP == SWEEP - 1) {
                machines.values().removeIf(each -> each.isOver(millis / Minute.MILLIS));
            }
            minutes = machines.computeIfAbsent(resource, id -> new Minutes());
        }
        minutes.add(millis, heard);
    }

    /** The load in the minutes of the last hour in which there were reports, in their order. */
    public List<LoadSample> load(long resource, long millis) {
        long now = millis / Minute.MILLIS;
        return minutes(resource, now - MINUTES, now).stream()
                .map(each -> new LoadSample(
                        Instant.ofEpochMilli(each.number() * Minute.MILLIS), each.values()[Series.LOAD.ordinal()]))
                .toList();
    }

    /** The minutes behind one, up to another one, in which there were reports. */
    List<Minute> minutes(long resource, long after, long until) {
        Minutes minutes = machines.get(resource);
        return minutes == null ? List.of() : minutes.between(after, until);
    }

    /** All machines that were heard of in the last hours. */
    List<Long> machines() {
        return machines.keySet().stream().sorted().toList();
    }

    /** Those of one more machine, added to sums. */
    static void sumUp(Map<Long, double[]> sums, List<Minute> minutes) {
        for (Minute minute : minutes) {
            sums.merge(minute.number(), minute.values(), History::sum);
        }
    }

    private static double[] sum(double[] some, double[] more) {
        double[] sum = new double[Series.NUMBER];
        Arrays.setAll(sum, i -> Double.isNaN(some[i]) ? more[i] : Double.isNaN(more[i]) ? some[i] : some[i] + more[i]);
        return sum;
    }

    static List<Minute> minutes(Map<Long, double[]> sums) {
        return new TreeMap<>(sums)
                .entrySet().stream()
                        .map(each -> new Minute(each.getKey(), each.getValue()))
                        .toList();
    }

    /** A ring: minute m is at m modulo its size. */
    private static final class Minutes {
        private final char[] codes = new char[MINUTES * Series.NUMBER];
        private long heard;
        private long latest;
        private final double[] sums = new double[Series.NUMBER];
        private final int[] counts = new int[Series.NUMBER];
        private long counted;
        private long received = -1;
        private long sent = -1;

        synchronized void add(long millis, Heard report) {
            double seconds = (millis - counted) / 1000.0;
            double in = rate(received, report.received(), seconds);
            double out = rate(sent, report.sent(), seconds);
            counted = millis;
            received = report.received();
            sent = report.sent();
            long minute = millis / Minute.MILLIS;
            if (minute < latest) {
                return;
            }
            if (minute > latest) {
                long gone = Math.min(minute - latest, MINUTES);
                heard = gone == MINUTES ? 0 : heard & ~gone(minute, gone);
                latest = minute;
                Arrays.fill(sums, 0);
                Arrays.fill(counts, 0);
            }
            put(minute, new double[] {1, report.bound() ? 1 : 0, report.load(), report.memoryUsedMb(), in, out});
        }

        private void put(long minute, double[] values) {
            int at = (int) (minute % MINUTES);
            for (Series series : Series.values()) {
                int i = series.ordinal();
                if (!Double.isNaN(values[i])) {
                    sums[i] += values[i];
                    counts[i]++;
                }
                codes[at * Series.NUMBER + i] = series.encode(counts[i] == 0 ? Double.NaN : sums[i] / counts[i]);
            }
            heard |= 1L << at;
        }

        /** KiB a second; not known at the first report of a boot, after which it counts anew. */
        private static double rate(long before, long now, double seconds) {
            return before < 0 || now < before || seconds <= 0 ? Double.NaN : (now - before) / KIB / seconds;
        }

        /** The places of the last so many minutes up to one. */
        private static long gone(long minute, long many) {
            long places = 0;
            for (long m = minute; m > minute - many; m--) {
                places |= 1L << (m % MINUTES);
            }
            return places;
        }

        synchronized List<Minute> between(long after, long until) {
            List<Minute> minutes = new ArrayList<>();
            for (long minute = Math.max(after, latest - MINUTES) + 1; minute <= Math.min(latest, until); minute++) {
                int at = (int) (minute % MINUTES);
                if ((heard & 1L << at) != 0) {
                    double[] values = new double[Series.NUMBER];
                    for (Series series : Series.values()) {
                        int i = series.ordinal();
                        values[i] = series.decode(codes[at * Series.NUMBER + i]);
                    }
                    minutes.add(new Minute(minute, values));
                }
            }
            return minutes;
        }

        synchronized boolean isOver(long minute) {
            return latest < minute - MINUTES;
        }
    }
}
