package org.qrm.core.node;

import java.util.HashMap;
import java.util.Map;
import org.qrm.api.Name;
import org.qrm.api.event.Priority;
import org.qrm.core.store.Database;

/**
 * Puts refused requests on record: the first of a sender at once, further ones within a minute as one event with their
 * number. At most 1000 senders are told apart at a time.
 */
final class Refusals {

    private static final int MOST_SENDERS = 1000;

    private final Database database;
    private final Map<String, Integer> counts = new HashMap<>();

    Refusals(Database database) {
        this.database = database;
    }

    void add(String from, String what) {
        String sender = Name.printable(from);
        if (count(sender) == 1) {
            record("Refused a request of " + sender + ": " + Name.printable(what));
        }
    }

    /** To be called every minute. */
    void flush() {
        Map<String, Integer> past;
        synchronized (counts) {
            past = new HashMap<>(counts);
            counts.clear();
        }
        past.forEach((sender, number) -> {
            if (number > 1) {
                record("Refused " + (number - 1) + " more requests of " + sender + " within a minute");
            }
        });
    }

    private int count(String sender) {
        synchronized (counts) {
            String key = counts.size() < MOST_SENDERS || counts.containsKey(sender) ? sender : "many others";
            return counts.merge(key, 1, Integer::sum);
        }
    }

    private void record(String description) {
        database.change(change -> {
            change.event(Priority.ALARM, "request.refused", "", description, null);
            return null;
        });
    }
}
