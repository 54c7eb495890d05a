package org.qrm.metrics.internal;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** What is asked for when somebody looks. */
final class AskedMetric extends Metric {

    private final Semaphore share;
    private final boolean rises;
    private final Supplier<? extends Map<String, ? extends Number>> now;
    private volatile Map<String, Double> answer = Map.of();

    /**
     * @param share of the bundle that declares it, see {@link Asking#share}
     * @param labels one, or none: then the answer has one entry
     * @param rises whether it is a counter
     */
    AskedMetric(
            Semaphore share,
            String name,
            String help,
            List<String> labels,
            boolean rises,
            Supplier<? extends Map<String, ? extends Number>> now) {
        super(name, help, labels);
        this.share = share;
        this.rises = rises;
        this.now = now;
    }

    @Override
    String type() {
        return rises ? "counter" : "gauge";
    }

    @Override
    String suffix() {
        return rises ? CounterMetric.SUFFIX : "";
    }

    /** Of the bundle that declares it. */
    Semaphore share() {
        return share;
    }

    /** What was answered before counts no more. */
    void forget() {
        answer = Map.of();
    }

    void ask() {
        Map<String, ? extends Number> said = now.get();
        Map<String, Double> figures = new TreeMap<>();
        if (said != null) {
            // a number may be the plug-in's own, and is asked here, where it may throw
            said.forEach((label, number) -> {
                if (number != null) {
                    figures.put(label, number.doubleValue());
                }
            });
        }
        answer = figures;
    }

    @Override
    void write(Exposition text) {
        text.head(this);
        answer.entrySet().stream()
                .limit(Labelled.MOST)
                .forEach(each -> text.sample(
                        this, "", labels().isEmpty() ? List.of() : List.of(each.getKey()), each.getValue()));
    }
}
