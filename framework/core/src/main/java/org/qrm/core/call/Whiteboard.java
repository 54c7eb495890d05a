package org.qrm.core.call;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The services of one kind that plug-ins have registered at the moment, the highest ranking first. Ask each time; keep
 * none of them.
 */
public final class Whiteboard<T> {

    private record Entry<T>(T service, int ranking, long serial) {}

    private final PluginCalls calls;
    private final List<Consumer<T>> arrivalWatchers = new CopyOnWriteArrayList<>();
    private final List<Consumer<T>> departureWatchers = new CopyOnWriteArrayList<>();
    private List<Entry<T>> entries = List.of();
    private long serial;

    /** @param calls is told of services that go */
    public Whiteboard(PluginCalls calls) {
        this.calls = calls;
    }

    /** The highest ranking first; among equals the one that came first. */
    public synchronized List<T> services() {
        return entries.stream().map(Entry::service).toList();
    }

    /** The first that fits. */
    public Optional<T> find(Predicate<T> wanted) {
        return services().stream().filter(wanted).findFirst();
    }

    /** A service was registered. */
    public void arrived(T service, int ranking) {
        synchronized (this) {
            Entry<T> entry = new Entry<>(service, ranking, serial++);
            entries = Stream.concat(entries.stream(), Stream.of(entry))
                    .sorted(Whiteboard.<T>order())
                    .toList();
        }
        arrivalWatchers.forEach(watcher -> watcher.accept(service));
    }

    /** Its ranking was changed. */
    public synchronized void ranked(T service, int ranking) {
        entries = entries.stream()
                .map(entry -> entry.service() == service ? new Entry<>(service, ranking, entry.serial()) : entry)
                .sorted(Whiteboard.<T>order())
                .toList();
    }

    /** A service was unregistered: what it is at work on ends. */
    public void left(T service) {
        synchronized (this) {
            entries =
                    entries.stream().filter(entry -> entry.service() != service).toList();
        }
        calls.gone(service);
        departureWatchers.forEach(watcher -> watcher.accept(service));
    }

    /** Hears of services that come, and at once of those that are there. Must return at once. */
    public void watch(Consumer<T> arrival, Consumer<T> departure) {
        arrivalWatchers.add(arrival);
        departureWatchers.add(departure);
        services().forEach(arrival);
    }

    private static <T> Comparator<Entry<T>> order() {
        return Comparator.<Entry<T>>comparingInt(Entry::ranking).reversed().thenComparingLong(Entry::serial);
    }
}
