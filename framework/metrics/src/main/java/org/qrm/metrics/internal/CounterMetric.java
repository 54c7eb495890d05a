package org.qrm.metrics.internal;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.qrm.api.metric.Counter;

/** What happens, counted. */
final class CounterMetric extends Labelled<Counter, CounterMetric.Sum> {

    static final String SUFFIX = "_total";

    CounterMetric(String name, String help, List<String> labels) {
        super(name, help, labels);
    }

    /** One counter. */
    static final class Sum implements Counter {
        private final LongAdder sum = new LongAdder();

        @Override
        public void add(long more) {
            if (more > 0) {
                sum.add(more);
            }
        }
    }

    @Override
    String type() {
        return "counter";
    }

    @Override
    String suffix() {
        return SUFFIX;
    }

    @Override
    Sum fresh() {
        return new Sum();
    }

    @Override
    void write(Exposition text, List<String> values, Sum figure) {
        text.sample(this, "", values, figure.sum.sum());
    }
}
