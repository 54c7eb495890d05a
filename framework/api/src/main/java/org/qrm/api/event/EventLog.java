package org.qrm.api.event;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.Sort;

/** The event log. Old events are forgotten after 30 days, or beyond 100,000. */
@ProviderType
public interface EventLog {

    /** Newest first. */
    default Page<Event> list(Filter<EventField> filter, PageRequest page) {
        return list(filter, Sort.from(EventField.ID), page);
    }

    /** In that order; a page goes on where the one before has ended in the same order. */
    Page<Event> list(Filter<EventField> filter, Sort<EventField> sort, PageRequest page);

    /** How many it lets through, counted up to so many. An implementation counts where it stores them. */
    default long count(Filter<EventField> filter, int most) {
        return Page.all(page -> list(filter, page)).stream().limit(most).count();
    }

    /** The events after an id, oldest first, at most {@code limit} (1..1000). For listeners that catch up. */
    List<Event> after(long id, int limit);

    /** The id of the newest event, 0 when there is none. */
    long newest();

    /** Stores an event; durable when it returns. Time and id are given here. */
    Event record(Priority priority, String source, String type, String subject, String description, Long resource);

    /** The problem on that subject is over: its events of that type count as resolved. */
    void resolve(String type, String subject);

    /** @throws org.qrm.api.QrmException NOT_FOUND */
    Event acknowledge(long id);

    /** What is wrong at present, by type: the worst first, of these the newest. */
    default List<Alert> alerts() {
        return List.of();
    }

    /**
     * Marks as seen what an {@link Alert} consists of; an event {@code alert.acknowledged} tells who did, and the note.
     *
     * @param upTo number of the last event that somebody has seen; what came after it stays
     * @param by who has seen them
     * @param note what others should know; may be empty
     * @return how many events that were
     */
    default long acknowledge(String type, long upTo, String by, String note) {
        throw new UnsupportedOperationException();
    }
}
