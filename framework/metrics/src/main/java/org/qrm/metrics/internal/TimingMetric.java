package org.qrm.metrics.internal;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.qrm.api.metric.Timing;

/** How long things take: a histogram. */
final class TimingMetric extends Labelled<Timing, TimingMetric.Histogram> {

    private static final double SECOND = 1e9;

    private final Scale scale;

    /** Upper bounds of the buckets in seconds, as they are written. */
    enum Scale {
        CALLS(
                "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5",
                "10.0", "60.0"),
        WORK("0.1", "0.5", "1.0", "2.5", "5.0", "10.0", "30.0", "60.0", "120.0", "300.0", "600.0", "900.0", "3600.0");

        private final String[] words;
        private final long[] nanos;

        Scale(String... words) {
            this.words = words;
            this.nanos = Arrays.stream(words)
                    .mapToLong(word -> Math.round(Double.parseDouble(word) * SECOND))
                    .toArray();
        }
    }

    TimingMetric(String name, String help, List<String> labels, Scale scale) {
        super(name, help, labels);
        this.scale = scale;
    }

    @Override
    boolean isLike(Metric other) {
        return super.isLike(other) && scale == ((TimingMetric) other).scale;
    }

    /** One histogram. */
    static final class Histogram implements Timing {
        private final Scale scale;
        private final LongAdder[] buckets;
        private final LongAdder sum = new LongAdder();

        Histogram(Scale scale) {
            this.scale = scale;
            this.buckets = new LongAdder[scale.nanos.length + 1];
            Arrays.setAll(buckets, any -> new LongAdder());
        }

        @Override
        public void add(long nanos) {
            long took = Math.max(0, nanos);
            int at = Arrays.binarySearch(scale.nanos, took);
            buckets[at < 0 ? -at - 1 : at].increment();
            sum.add(took);
        }
    }

    @Override
    String type() {
        return "histogram";
    }

    @Override
    String suffix() {
        return "_seconds";
    }

    @Override
    Histogram fresh() {
        return new Histogram(scale);
    }

    @Override
    void write(Exposition text, List<String> values, Histogram figure) {
        long count = 0;
        for (int i = 0; i < figure.buckets.length; i++) {
            count += figure.buckets[i].sum();
            text.bucket(this, values, i < scale.words.length ? scale.words[i] : "+Inf", count);
        }
        text.sample(this, "_sum", values, figure.sum.sum() / SECOND);
        text.sample(this, "_count", values, count);
    }
}
