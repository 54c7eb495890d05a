package org.qrm.testkit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.event.Event;
import org.qrm.api.event.EventField;
import org.qrm.api.event.EventLog;
import org.qrm.api.event.Priority;

/** An event log in memory. Lists are sorted by id alone, and are not cut into pages. */
public final class FakeEvents implements EventLog {

    private final List<Event> all = new ArrayList<>();

    /** All of them, oldest first. */
    public synchronized List<Event> all() {
        return List.copyOf(all);
    }

    @Override
    public synchronized Page<Event> list(Filter<EventField> filter, Sort<EventField> sort, PageRequest page) {
        if (sort.by() != EventField.ID) {
            throw new UnsupportedOperationException("sorted by " + sort.word());
        }
        List<Event> found = new ArrayList<>(all);
        filter.wanted().forEach((field, value) -> found.removeIf(Predicate.not(event -> lets(field, value, event))));
        if (sort.descending()) {
            Collections.reverse(found);
        }
        return new Page<>(found, null);
    }

    private static boolean lets(EventField field, Object value, Event event) {
        return switch (field) {
            case AT_LEAST -> event.priority().compareTo((Priority) value) >= 0;
            case AFTER_ID -> event.id() > (Long) value;
            case FROM -> !event.time().isBefore((Instant) value);
            case TO -> event.time().isBefore((Instant) value);
            default -> value.equals(told(event, field));
        };
    }

    private static Object told(Event event, EventField field) {
        return switch (field) {
            case SOURCE -> event.source();
            case TYPE -> event.type();
            case SUBJECT -> event.subject();
            case RESOURCE -> event.resource();
            case ACKNOWLEDGED -> event.acknowledged();
            case RESOLVED -> event.resolved();
            default -> throw new UnsupportedOperationException("narrowed by " + field.word());
        };
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
    public synchronized Event record(
            Priority priority, String source, String type, String subject, String description, Long resource) {
        Event event = new Event(
                all.size() + 1L, Instant.now(), priority, source, type, subject, description, resource, false, false);
        all.add(event);
        return event;
    }

    @Override
    public synchronized void resolve(String type, String subject) {
        all.replaceAll(event -> event.type().equals(type) && event.subject().equals(subject)
                ? with(event, event.acknowledged(), true)
                : event);
    }

    @Override
    public synchronized Event acknowledge(long id) {
        if (id < 1 || id > all.size()) {
            throw QrmException.notFound("acknowledge event", "event", String.valueOf(id));
        }
        Event seen = with(all.get((int) id - 1), true, all.get((int) id - 1).resolved());
        all.set((int) id - 1, seen);
        return seen;
    }

    private static Event with(Event event, boolean acknowledged, boolean resolved) {
        return new Event(
                event.id(),
                event.time(),
                event.priority(),
                event.source(),
                event.type(),
                event.subject(),
                event.description(),
                event.resource(),
                acknowledged,
                resolved);
    }
}
