package org.qrm.metrics.internal;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.qrm.api.metric.Family;

/**
 * A metric with one figure for each combination of its labels' values; their number has a bound, whatever comes as a value.
 *
 * @param <S> a figure
 * @param <M> how others see it
 */
abstract class Labelled<M, S extends M> extends Metric implements Family<M> {

    static final int MOST = 1_000;
    static final String OTHER = "other";
    private static final int LONGEST_VALUE = 100;

    private final Map<List<String>, S> figures = new ConcurrentHashMap<>();
    private volatile S others;

    Labelled(String name, String help, List<String> labels) {
        super(name, help, labels);
    }

    abstract S fresh();

    abstract void write(Exposition text, List<String> values, S figure);

    @Override
    public final S with(String... values) {
        if (values.length != labels().size()) {
            throw new IllegalArgumentException(
                    name() + " has the labels " + labels() + "; the values are " + Arrays.toString(values));
        }
        S known = figures.get(Arrays.asList(values));
        return known == null ? find(values) : known;
    }

    private synchronized S find(String... values) {
        List<String> key = Arrays.stream(values).map(Labelled::bounded).toList();
        S known = figures.get(key);
        if (known == null && figures.size() < MOST) {
            known = fresh();
            figures.put(key, known);
        }
        return known == null ? others() : known;
    }

    private S others() {
        if (others == null) {
            // somebody may have called one so
            others = figures.computeIfAbsent(Collections.nCopies(labels().size(), OTHER), any -> fresh());
        }
        return others;
    }

    private static String bounded(String value) {
        String text = String.valueOf(value == null ? "" : value);
        return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE);
    }

    @Override
    final void write(Exposition text) {
        text.head(this);
        figures.entrySet().stream()
                .sorted(Map.Entry.comparingByKey((one, other) -> one.toString().compareTo(other.toString())))
                .forEach(each -> write(text, each.getKey(), each.getValue()));
    }
}
