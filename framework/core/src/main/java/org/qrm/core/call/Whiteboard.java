package org.qrm.core.call;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.qrm.api.QrmException;
import org.qrm.core.call.Admission.Admitted;

/**
 * The services of one kind that plug-ins have registered at the moment, the highest ranking first. Ask each time; keep
 * none of them.
 */
public final class Whiteboard<T> {

    private static final Comparator<Entry<?>> ORDER = Comparator.<Entry<?>>comparingInt(entry -> entry.ranking)
            .reversed()
            .thenComparingLong(entry -> entry.serial);

    /** Hears of services that may not be used. Must return at once. */
    public interface Refusals {

        /** Nobody, for tests. */
        Refusals UNHEARD = new Refusals() {
            @Override
            public void refused(Object service, String why) {}

            @Override
            public void over(Object service) {}
        };

        /** It is left out. */
        void refused(Object service, String why);

        /** It went, or took the place of the one that was there before it. */
        void over(Object service);
    }

    private static final class Entry<T> {
        final T original;
        final Admitted<T> admitted;
        final long serial;
        int ranking;

        Entry(T original, Admitted<T> admitted, long serial, int ranking) {
            this.original = original;
            this.admitted = admitted;
            this.serial = serial;
            this.ranking = ranking;
        }
    }

    private final PluginCalls calls;
    private final Admission<T> admission;
    private final Refusals refusals;
    private final List<Consumer<T>> arrivalWatchers = new CopyOnWriteArrayList<>();
    private final List<Consumer<T>> departureWatchers = new CopyOnWriteArrayList<>();
    private final List<Entry<T>> entries = new ArrayList<>();
    private final List<Entry<T>> aside = new ArrayList<>();
    private volatile List<T> services = List.of();
    private long serial;

    /** Of services that are taken as they are. */
    public Whiteboard(PluginCalls calls) {
        this(calls, Admission.any(), Refusals.UNHEARD);
    }

    /**
     * @param calls is told of services that go
     * @param admission asks a service that arrives who it is
     * @param refusals hears of those that are left out
     */
    public Whiteboard(PluginCalls calls, Admission<T> admission, Refusals refusals) {
        this.calls = calls;
        this.admission = admission;
        this.refusals = refusals;
    }

    /** The highest ranking first; among equals the one that came first. */
    public List<T> services() {
        return services;
    }

    /** The first that fits. */
    public Optional<T> find(Predicate<T> wanted) {
        return services.stream().filter(wanted).findFirst();
    }

    /** A service was registered; may take as long as it takes to say who it is. */
    public void arrived(T service, int ranking) {
        Admitted<T> admitted;
        try {
            admitted = admission.admit(service);
        } catch (QrmException useless) {
            refusals.refused(service, useless.problem().reason());
            return;
        } catch (RuntimeException | LinkageError broken) {
            refusals.refused(service, broken.toString());
            return;
        }
        String taken = put(service, admitted, ranking);
        if (taken != null) {
            refusals.refused(service, taken);
        } else {
            arrivalWatchers.forEach(watcher -> watcher.accept(admitted.service()));
        }
    }

    /** Why it has to wait, or null. */
    private synchronized String put(T service, Admitted<T> admitted, int ranking) {
        Entry<T> entry = new Entry<>(service, admitted, serial++, ranking);
        Optional<Entry<T>> first = holder(admitted.key());
        if (first.isPresent()) {
            aside.add(entry);
            return admitted.key() + " is " + name(first.get().original) + " already, which came first";
        }
        entries.add(entry);
        sort();
        return null;
    }

    private static String name(Object service) {
        Bundle bundle = FrameworkUtil.getBundle(service.getClass());
        return service.getClass().getName() + (bundle == null ? "" : " of bundle " + bundle.getSymbolicName());
    }

    private Optional<Entry<T>> holder(String key) {
        return entries.stream()
                .filter(entry -> key != null && key.equals(entry.admitted.key()))
                .findFirst();
    }

    /** Its ranking was changed. */
    public synchronized void ranked(T service, int ranking) {
        entries.stream().filter(entry -> entry.original == service).forEach(entry -> entry.ranking = ranking);
        sort();
    }

    private void sort() {
        entries.sort(ORDER);
        services = entries.stream().map(entry -> entry.admitted.service()).toList();
    }

    /** A service was unregistered: what it is at work on ends, and one that had to wait for its place has it. */
    public void left(T service) {
        Entry<T> gone;
        Entry<T> next;
        synchronized (this) {
            aside.removeIf(entry -> entry.original == service);
            gone = entries.stream()
                    .filter(entry -> entry.original == service)
                    .findFirst()
                    .orElse(null);
            entries.remove(gone);
            next = gone == null ? null : promoted(gone.admitted.key());
            sort();
        }
        calls.gone(service);
        refusals.over(service);
        if (gone != null) {
            calls.gone(gone.admitted.service());
            departureWatchers.forEach(watcher -> watcher.accept(gone.admitted.service()));
        }
        if (next != null) {
            refusals.over(next.original);
            arrivalWatchers.forEach(watcher -> watcher.accept(next.admitted.service()));
        }
    }

    private Entry<T> promoted(String key) {
        Entry<T> next = aside.stream()
                .filter(entry -> entry.admitted.key().equals(key))
                .findFirst()
                .orElse(null);
        if (next != null) {
            aside.remove(next);
            entries.add(next);
        }
        return next;
    }

    /** Hears of services that come, and at once of those that are there. Must return at once. */
    public void watch(Consumer<T> arrival, Consumer<T> departure) {
        arrivalWatchers.add(arrival);
        departureWatchers.add(departure);
        services.forEach(arrival);
    }
}
