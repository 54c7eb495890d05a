package org.qrm.api.metric;

import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Counts nothing. */
final class NoMetrics implements Metrics {

    @Override
    public Family<Counter> counter(String name, String help, String... labels) {
        return values -> more -> {};
    }

    @Override
    public Family<Timing> latency(String name, String help, String... labels) {
        return values -> nanos -> {};
    }

    @Override
    public Family<Timing> duration(String name, String help, String... labels) {
        return latency(name, help, labels);
    }

    @Override
    public void gauge(String name, String help, DoubleSupplier now) {}

    @Override
    public void gauges(String name, String help, String label, Supplier<? extends Map<String, ? extends Number>> now) {}

    @Override
    public void counted(String name, String help, LongSupplier soFar) {}
}
