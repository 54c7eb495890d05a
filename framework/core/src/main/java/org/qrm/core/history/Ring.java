package org.qrm.core.history;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.qrm.api.resource.HistorySample;
import org.qrm.api.resource.HistorySpan;

/**
 * The history of one machine, or of all, in a room that does not grow: for each span as many steps as it has. A step stands at its number, since
 * 1970, modulo how many there are. Minutes come in; a longer step is the mean of the shorter ones that it is made of.
 */
final class Ring {

    private static final HistorySpan[] SPANS = HistorySpan.values();
    /** Its minutes, and in how many of them there were reports. */
    private static final int WIDTH = Series.NUMBER + 1;

    private static final int HEARD = Series.NUMBER;
    private static final Base64.Encoder ENCODER = Base64.getEncoder();

    /** What comes of two servers that both heard something in a minute. */
    enum Together {
        /** They heard the same machine. */
        MEAN,
        /** They heard different ones. */
        SUM
    }

    private final Together together;
    private final char[][] steps = new char[SPANS.length][];
    private long latest;

    /** One in which nothing was heard. */
    Ring(Together together) {
        this.together = together;
        for (HistorySpan span : SPANS) {
            steps[span.ordinal()] = new char[span.steps() * WIDTH];
        }
    }

    /** @param text of {@link #text} */
    static Ring of(Together together, long latest, String text) {
        Ring ring = new Ring(together);
        ring.latest = latest;
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
        for (char[] each : ring.steps) {
            bytes.asCharBuffer().get(each);
            bytes.position(bytes.position() + each.length * Character.BYTES);
        }
        return ring;
    }

    String text() {
        ByteBuffer bytes = ByteBuffer.allocate(
                Arrays.stream(steps).mapToInt(each -> each.length).sum() * Character.BYTES);
        for (char[] each : steps) {
            for (char code : each) {
                bytes.putChar(code);
            }
        }
        return ENCODER.encodeToString(bytes.array());
    }

    /** The last minute that is in it. */
    long latest() {
        return latest;
    }

    /** Adds minutes, of an hour at most, in their order. One that is an hour before the last says that the clock was set back: what would come later is taken out. */
    void add(List<Minute> minutes) {
        for (Minute minute : minutes) {
            if (minute.number() > latest) {
                empty(latest, minute.number());
                latest = minute.number();
            } else if (minute.number() <= latest - HistorySpan.HOUR.steps()) {
                empty(minute.number(), latest);
                latest = minute.number();
            }
            put(minute);
        }
        for (int span = 1; span < SPANS.length; span++) {
            long summedUp = -1;
            for (Minute minute : minutes) {
                long step = minute.number() / size(SPANS[span]);
                if (step != summedUp) {
                    sumUp(span, step);
                }
                summedUp = step;
            }
        }
    }

    /** Empties the steps that begin after one minute, until another one. */
    private void empty(long after, long until) {
        for (HistorySpan span : SPANS) {
            long last = until / size(span);
            for (long step = Math.max(after / size(span), last - span.steps()) + 1; step <= last; step++) {
                int at = at(span, step);
                Arrays.fill(steps[span.ordinal()], at, at + WIDTH, (char) 0);
            }
        }
    }

    private void put(Minute minute) {
        char[] minutes = steps[HistorySpan.HOUR.ordinal()];
        int at = at(HistorySpan.HOUR, minute.number());
        boolean first = minutes[at + HEARD] == 0;
        for (Series series : Series.values()) {
            double value = minute.values()[series.ordinal()];
            double before = first ? Double.NaN : series.decode(minutes[at + series.ordinal()]);
            minutes[at + series.ordinal()] = series.encode(with(before, value));
        }
        minutes[at + HEARD] = 1;
    }

    private double with(double before, double value) {
        if (Double.isNaN(before) || Double.isNaN(value)) {
            return Double.isNaN(value) ? before : value;
        }
        return together == Together.SUM ? before + value : (before + value) / 2;
    }

    /** Makes a step of those of the span before, if they are all there yet. */
    private void sumUp(int ordinal, long step) {
        HistorySpan span = SPANS[ordinal];
        HistorySpan finer = SPANS[ordinal - 1];
        long parts = size(span) / size(finer);
        if (step * parts <= latest / size(finer) - finer.steps()) {
            return;
        }
        char[] from = steps[ordinal - 1];
        double[] sums = new double[Series.NUMBER];
        int[] weights = new int[Series.NUMBER];
        int heard = 0;
        for (long part = step * parts; part < (step + 1) * parts && part <= latest / size(finer); part++) {
            int at = at(finer, part);
            heard += from[at + HEARD];
            for (Series series : Series.values()) {
                double value = series.decode(from[at + series.ordinal()]);
                if (from[at + HEARD] > 0 && !Double.isNaN(value)) {
                    sums[series.ordinal()] += value * from[at + HEARD];
                    weights[series.ordinal()] += from[at + HEARD];
                }
            }
        }
        int at = at(span, step);
        for (Series series : Series.values()) {
            int i = series.ordinal();
            steps[ordinal][at + i] = series.encode(weights[i] == 0 ? Double.NaN : sums[i] / weights[i]);
        }
        steps[ordinal][at + HEARD] = (char) heard;
    }

    /**
     * The steps of that span in which something was heard, in their order.
     *
     * @param now the minute that it is
     */
    List<HistorySample> of(HistorySpan span, long now) {
        char[] from = steps[span.ordinal()];
        List<HistorySample> samples = new ArrayList<>(span.steps());
        long last = Math.min(latest, now) / size(span);
        long first = Math.max(latest, now) / size(span) - span.steps() + 1;
        for (long step = first; step <= last; step++) {
            int at = at(span, step);
            if (from[at + HEARD] > 0) {
                double[] values = new double[Series.NUMBER];
                for (Series series : Series.values()) {
                    values[series.ordinal()] = series.decode(from[at + series.ordinal()]);
                }
                long gone = Math.max(1, Math.min(size(span), now - step * size(span)));
                samples.add(Series.sample(
                        Instant.ofEpochMilli(step * size(span) * Minute.MILLIS),
                        Math.min(1, (double) from[at + HEARD] / gone),
                        values));
            }
        }
        return samples;
    }

    private static long size(HistorySpan span) {
        return span.step().toMinutes();
    }

    private static int at(HistorySpan span, long step) {
        return (int) (step % span.steps()) * WIDTH;
    }
}
