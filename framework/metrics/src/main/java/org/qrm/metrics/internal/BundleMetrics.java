package org.qrm.metrics.internal;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import org.qrm.api.metric.Counter;
import org.qrm.api.metric.Family;
import org.qrm.api.metric.Metrics;
import org.qrm.api.metric.Timing;
import org.qrm.metrics.internal.TimingMetric.Scale;

/** What one bundle declares; it goes with it. */
@Component(service = Metrics.class, scope = ServiceScope.BUNDLE)
public final class BundleMetrics implements Metrics {

    private static final String PREFIX = "qrm_";

    private final Registry registry;
    private final Object owner;
    private final Semaphore share = Asking.share();

    @Activate
    public BundleMetrics(ComponentContext context, @Reference Registry registry) {
        this(registry, context.getUsingBundle().getSymbolicName());
    }

    /** @param owner whose they are, for messages */
    BundleMetrics(Registry registry, Object owner) {
        this.registry = registry;
        this.owner = owner;
    }

    @Deactivate
    void forget() {
        registry.forget(owner);
    }

    @Override
    public Family<Counter> counter(String name, String help, String... labels) {
        return declare(new CounterMetric(prefixed(name), help, List.of(labels)));
    }

    @Override
    public Family<Timing> latency(String name, String help, String... labels) {
        return declare(new TimingMetric(prefixed(name), help, List.of(labels), Scale.CALLS));
    }

    @Override
    public Family<Timing> duration(String name, String help, String... labels) {
        return declare(new TimingMetric(prefixed(name), help, List.of(labels), Scale.WORK));
    }

    private <M extends Labelled<?, ?>> M declare(M metric) {
        M declared = registry.declare(owner, metric, before -> before);
        if (declared.labels().isEmpty()) {
            // there from the beginning, so that its first rise is one
            declared.with();
        }
        return declared;
    }

    @Override
    public void gauge(String name, String help, DoubleSupplier now) {
        ask(new AskedMetric(share, prefixed(name), help, List.of(), false, () -> Map.of("", now.getAsDouble())));
    }

    @Override
    public void gauges(String name, String help, String label, Supplier<? extends Map<String, ? extends Number>> now) {
        ask(new AskedMetric(share, prefixed(name), help, List.of(label), false, now));
    }

    @Override
    public void counted(String name, String help, LongSupplier soFar) {
        ask(new AskedMetric(share, prefixed(name), help, List.of(), true, () -> Map.of("", soFar.getAsLong())));
    }

    /** Who declares it again answers from now on. */
    private void ask(AskedMetric metric) {
        registry.declare(owner, metric, before -> metric);
    }

    private static String prefixed(String name) {
        if (name == null || !name.startsWith(PREFIX)) {
            throw Registry.invalid(String.valueOf(name), "it does not begin with " + PREFIX);
        }
        return name;
    }
}
