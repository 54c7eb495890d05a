package org.qrm.core.node;

import java.util.HashMap;
import java.util.Map;
import org.qrm.api.Name;
import org.qrm.api.event.Priority;
import org.qrm.api.metric.Metrics;
import org.qrm.core.store.Database;

/**
 * Puts what was refused on record, so that nobody can wash the event log out with it: of each sort thirty senders an hour are named, and
 * each has three events in it at most: the first refusal at once, then the number of those within a minute, and of the rest.
 */
final class Refusals {

    private static final int NAMED = 30;
    private static final int MINUTES = 60;
    private static final String OTHERS = "many others";
    private static final String REQUEST = "request.refused";

    private final Database database;
    private final Map<Sender, Count> counts = new HashMap<>();
    private volatile NodeFigures figures = new NodeFigures(Metrics.NONE);
    private int minutes;

    Refusals(Database database) {
        this.database = database;
    }

    void measure(NodeFigures measured) {
        figures = measured;
    }

    /**
     * What was refused to whom.
     *
     * @param type of the event
     * @param from address that it came from
     * @param subject what it is about, or empty
     * @param resource the machine that it is about, or null
     */
    record Refused(String type, String from, String subject, Long resource) {}

    private record Sender(String type, String from) {}

    /** Refusals of this hour, and those of them that are on record. */
    private static final class Count {
        int all;
        int told;
    }

    void add(String from, String what) {
        String sender = Name.printable(from);
        add(new Refused(REQUEST, sender, "", null), "Refused a request of " + sender + ": " + Name.printable(what));
    }

    void add(Refused refused, String description) {
        figures.refused(refused.type());
        if (isFirst(new Sender(refused.type(), refused.from()))) {
            record(refused, description);
        }
    }

    private boolean isFirst(Sender sender) {
        synchronized (counts) {
            boolean named = counts.containsKey(sender) || named(sender.type()) < NAMED;
            Count count =
                    counts.computeIfAbsent(named ? sender : new Sender(sender.type(), OTHERS), any -> new Count());
            boolean first = named && count.all == 0;
            count.all++;
            count.told += first ? 1 : 0;
            return first;
        }
    }

    private long named(String type) {
        return counts.keySet().stream()
                .filter(sender -> sender.type().equals(type) && !sender.from().equals(OTHERS))
                .count();
    }

    /** To be called every minute. */
    void flush() {
        Map<Sender, Integer> more = new HashMap<>();
        boolean hour;
        synchronized (counts) {
            minutes = (minutes + 1) % MINUTES;
            hour = minutes == 0;
            counts.forEach((sender, count) -> {
                if (count.all > count.told && (hour || count.told <= 1)) {
                    more.put(sender, count.all - count.told);
                    count.told = count.all;
                }
            });
            if (hour) {
                counts.clear();
            }
        }
        more.forEach((sender, number) -> record(
                new Refused(sender.type(), sender.from(), "", null),
                "Refused " + number + " more requests of " + sender.from() + " within "
                        + (hour ? "an hour" : "a minute")));
    }

    private void record(Refused refused, String description) {
        database.change(change -> {
            change.event(Priority.ALARM, refused.type(), refused.subject(), description, refused.resource());
            return null;
        });
    }
}
