package org.qrm.core.node;

import java.util.HashMap;
import java.util.Map;
import org.qrm.api.Name;
import org.qrm.api.event.Priority;
import org.qrm.core.store.Database;

/**
 * Puts what was refused on record: the first of a sort and a sender at once, further ones within a minute as one event with
 * their number. At most 1000 senders are told apart at a time.
 */
final class Refusals {

    private static final int MOST_SENDERS = 1000;
    private static final String REQUEST = "request.refused";

    private final Database database;
    private final Map<Sender, Integer> counts = new HashMap<>();

    Refusals(Database database) {
        this.database = database;
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

    void add(String from, String what) {
        String sender = Name.printable(from);
        add(new Refused(REQUEST, sender, "", null), "Refused a request of " + sender + ": " + Name.printable(what));
    }

    void add(Refused refused, String description) {
        if (count(new Sender(refused.type(), refused.from())) == 1) {
            record(refused, description);
        }
    }

    /** To be called every minute. */
    void flush() {
        Map<Sender, Integer> past;
        synchronized (counts) {
            past = new HashMap<>(counts);
            counts.clear();
        }
        past.forEach((sender, number) -> {
            if (number > 1) {
                record(
                        new Refused(sender.type(), sender.from(), "", null),
                        "Refused " + (number - 1) + " more requests of " + sender.from() + " within a minute");
            }
        });
    }

    private int count(Sender sender) {
        synchronized (counts) {
            boolean room = counts.size() < MOST_SENDERS || counts.containsKey(sender);
            return counts.merge(room ? sender : new Sender(sender.type(), "many others"), 1, Integer::sum);
        }
    }

    private void record(Refused refused, String description) {
        database.change(change -> {
            change.event(Priority.ALARM, refused.type(), refused.subject(), description, refused.resource());
            return null;
        });
    }
}
