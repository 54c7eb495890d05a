package org.qrm.metrics.internal;

import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.metric.Metrics;
import org.qrm.api.metric.MetricsText;

/** All metrics by name, and whose they are. */
@Component(service = {Registry.class, MetricsText.class})
public final class Registry implements MetricsText {

    /** More than the server's own and those of a dozen plug-ins. */
    static final int MOST = 1_000;

    private static final String ATTEMPTED = "declare metric";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");
    private static final int LONGEST_NAME = 100;
    private static final int MOST_LABELS = 8;
    private static final int LONGEST_HELP = 300;

    private final NavigableMap<String, Declared> metrics = new ConcurrentSkipListMap<>();
    private final Asking asking = new Asking();

    /** @param owner the bundle that it goes with */
    private record Declared(Object owner, Metric metric) {}

    @Activate
    public Registry() {
        JavaMachine.declare(this);
    }

    @Deactivate
    void stop() {
        asking.close();
    }

    /** For what is no bundle. */
    public Metrics of(String owner) {
        return new BundleMetrics(this, owner);
    }

    /**
     * Declares a metric, or finds the one that is declared so already.
     *
     * @param before what is to become of an earlier one of that name and the same kind: itself, or another in its place
     */
    synchronized <M extends Metric> M declare(Object owner, M wanted, Function<M, M> before) {
        check(wanted);
        Declared known = metrics.get(wanted.name());
        M metric = known == null ? wanted : before.apply(same(owner, known, wanted));
        if (known == null && metrics.size() >= MOST) {
            throw refused(Problem.Kind.TOO_LARGE, wanted.name(), "there are " + MOST + " already", "Use labels.");
        }
        metrics.put(wanted.name(), new Declared(owner, metric));
        return metric;
    }

    @SuppressWarnings("unchecked")
    private static <M extends Metric> M same(Object owner, Declared known, M wanted) {
        if (!known.owner().equals(owner)) {
            throw refused(Problem.Kind.CONFLICT, wanted.name(), "it is of " + known.owner(), "Choose another name.");
        }
        if (!known.metric().isLike(wanted)) {
            throw refused(
                    Problem.Kind.CONFLICT,
                    wanted.name(),
                    "it is declared with another type, help or other labels",
                    "Declare it everywhere in the same way.");
        }
        return (M) known.metric();
    }

    private static void check(Metric metric) {
        String name = metric.name();
        if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
            throw invalid(name, "it is no name: lower-case letters, digits and single underscores, at most 100");
        }
        if (metric.help().isBlank()
                || metric.help().length() > LONGEST_HELP
                || metric.help().indexOf('\n') >= 0) {
            throw invalid(name, "its help is no sentence of at most 300 characters");
        }
        if (metric.suffix().isEmpty() ? name.endsWith("_total") : !name.endsWith(metric.suffix())) {
            throw invalid(
                    name, "a " + metric.type() + " ends with " + metric.suffix() + ", and only a counter with _total");
        }
        List<String> labels = metric.labels();
        boolean good = labels.size() <= MOST_LABELS
                && labels.stream().allMatch(label -> NAME.matcher(label).matches() && !label.equals("le"))
                && labels.stream().distinct().count() == labels.size();
        if (!good) {
            throw invalid(name, "its labels " + labels + " are none: different names, at most 8, and not le");
        }
    }

    static QrmException invalid(String name, String reason) {
        return refused(Problem.Kind.INVALID, name, reason, "Correct the plug-in that declares it.");
    }

    private static QrmException refused(Problem.Kind kind, String name, String reason, String remedy) {
        return new QrmException(new Problem(kind, ATTEMPTED, name, reason, remedy));
    }

    /** The bundle is gone, and what it declared. */
    synchronized void forget(Object owner) {
        metrics.values().removeIf(each -> each.owner().equals(owner));
    }

    @Override
    public String text(boolean openMetrics) {
        Collection<Metric> all = metrics.values().stream().map(Declared::metric).toList();
        Exposition text = new Exposition(openMetrics);
        // what is asked for one is not there for another until it is written
        synchronized (asking) {
            asking.ask(all);
            all.forEach(metric -> metric.write(text));
        }
        return text.end();
    }
}
