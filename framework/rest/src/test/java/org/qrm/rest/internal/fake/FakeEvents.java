package org.qrm.rest.internal.fake;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.event.Alert;
import org.qrm.api.event.Event;
import org.qrm.api.event.EventField;
import org.qrm.api.event.EventLog;
import org.qrm.api.event.Priority;

/** Events in a list; tells one listener. */
public final class FakeEvents implements EventLog {

    public Filter<EventField> lastFilter;
    public String lastNote;
    public Sort<EventField> lastSort;

    private final List<Event> all = new ArrayList<>();
    private volatile Consumer<Event> listener = event -> {};

    public void tell(Consumer<Event> newListener) {
        listener = newListener;
    }

    public Event happen(String description) {
        return record(Priority.WARNING, "core", "resource.state", "resource/1", description, 1L);
    }

    @Override
    public synchronized Page<Event> list(Filter<EventField> filter, Sort<EventField> sort, PageRequest page) {
        lastFilter = filter;
        lastSort = sort;
        List<Event> found = new ArrayList<>(all);
        found.removeIf(event -> filter.get(EventField.AT_LEAST) instanceof Priority least
                && event.priority().compareTo(least) < 0);
        found.removeIf(event -> Pages.isOther(filter, EventField.ACKNOWLEDGED, event.acknowledged()));
        Collections.reverse(found);
        return Pages.cut(found, page);
    }

    @Override
    public synchronized List<Event> after(long id, int limit) {
        return all.stream().filter(event -> event.id() > id).limit(limit).toList();
    }

    @Override
    public synchronized long newest() {
        return all.size();
    }

    @Override
    public void resolve(String type, String subject) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Event record(
            Priority priority, String source, String type, String subject, String description, Long resource) {
        Event event;
        synchronized (this) {
            Instant now = Instant.parse("2026-01-02T03:04:05Z");
            event = new Event(
                    all.size() + 1, now, priority, source, type, subject, description, resource, false, false);
            all.add(event);
        }
        listener.accept(event);
        return event;
    }

    @Override
    public synchronized Event acknowledge(long id) {
        if (id < 1 || id > all.size()) {
            throw QrmException.notFound("acknowledge event", "event", Long.toString(id));
        }
        Event old = all.get((int) id - 1);
        Event seen = new Event(
                id,
                old.time(),
                old.priority(),
                old.source(),
                old.type(),
                old.subject(),
                old.description(),
                old.resource(),
                true,
                old.resolved());
        all.set((int) id - 1, seen);
        return seen;
    }

    @Override
    public synchronized List<Alert> alerts() {
        return all.stream()
                .filter(FakeEvents::isOpen)
                .map(event ->
                        new Alert(event.type(), event.priority(), 1, 1, event.time(), event, List.of(event.subject())))
                .toList();
    }

    @Override
    public synchronized long acknowledge(String type, long upTo, String by, String note) {
        lastNote = by + ": " + note;
        List<Event> open = all.stream()
                .filter(event -> isOpen(event) && event.type().equals(type) && event.id() <= upTo)
                .toList();
        open.forEach(event -> acknowledge(event.id()));
        return open.size();
    }

    private static boolean isOpen(Event event) {
        return !event.resolved() && !event.acknowledged() && event.priority().compareTo(Priority.WARNING) >= 0;
    }
}
