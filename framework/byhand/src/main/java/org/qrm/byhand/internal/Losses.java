package org.qrm.byhand.internal;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.event.Event;
import org.qrm.api.event.EventField;
import org.qrm.api.event.EventLog;
import org.qrm.api.event.Priority;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What could not be kept or brought back: in the log, in the server's health, and, when there is a database, as an event that is
 * resolved when the thing is back or nobody wants it any more.
 */
final class Losses implements HealthCheck {

    private static final Logger LOG = LoggerFactory.getLogger(Losses.class);
    private static final String TYPE = "by-hand.lost";
    private static final int EVENTS = 500;
    /** Of a subject, as the event log cuts it. */
    private static final int LETTERS = 120;

    private final String here;
    private final Map<String, String> losses = new ConcurrentSkipListMap<>();
    /** Problems of before that are known to be over. */
    private final Set<String> over = ConcurrentHashMap.newKeySet();

    private ServiceTracker<EventLog, EventLog> logs;
    private volatile boolean settled;

    /** @param server its address: servers that share a database install by hand each for itself */
    Losses(String server) {
        here = "by-hand/" + server + "/";
    }

    void open(BundleContext context) {
        logs = new ServiceTracker<>(context, EventLog.class, null) {
            @Override
            public EventLog addingService(ServiceReference<EventLog> reference) {
                EventLog log = super.addingService(reference);
                tell(log);
                return log;
            }
        };
        logs.open();
    }

    /** @param remedy what to do, a sentence */
    void add(String what, Throwable why, String remedy) {
        String reason = what + ": " + reason(why) + ". " + remedy;
        LOG.error("Installed by hand, and lost: {}", reason, why);
        losses.put(what, reason);
        over.remove(what);
        tell();
    }

    private static String reason(Throwable why) {
        return why.getMessage() == null
                ? why.toString()
                : why.getMessage().strip().replaceAll("\\.$", "");
    }

    /** It is back, or nobody wants it any more. */
    void over(String what) {
        boolean known = losses.remove(what) != null;
        if (known) {
            LOG.info("No longer lost: {}", what);
            over.add(what);
            tell();
        }
    }

    /** All has been tried once: what this server told of before and has not lost now is over. */
    void settle() {
        settled = true;
        tell();
    }

    private void tell() {
        EventLog log = logs == null ? null : logs.getService();
        if (log != null) {
            tell(log);
        }
    }

    /** Makes the open events those of the losses. */
    synchronized void tell(EventLog log) {
        try {
            Set<String> open = new HashSet<>();
            for (Event event : log.list(Filter.by(EventField.TYPE, TYPE), new PageRequest(EVENTS, null))
                    .items()) {
                if (!event.resolved() && event.subject().startsWith(here)) {
                    open.add(event.subject());
                }
            }
            losses.forEach((what, reason) -> {
                if (!open.remove(subject(what))) {
                    log.record(
                            Priority.ERROR,
                            "core",
                            TYPE,
                            subject(what),
                            "Installed by hand, and lost: " + reason,
                            null);
                }
            });
            Set<String> done = new HashSet<>();
            over.forEach(what -> done.add(subject(what)));
            open.stream()
                    .filter(subject -> settled || done.contains(subject))
                    .forEach(subject -> log.resolve(TYPE, subject));
            over.clear();
        } catch (RuntimeException failed) {
            LOG.warn(
                    "The event log does not tell of what was installed by hand and is lost; the next one tells",
                    failed);
        }
    }

    /** Of bounded length, and another one for each. */
    private String subject(String what) {
        String subject = here + what;
        return subject.length() <= LETTERS ? subject : here + Names.of("it", what);
    }

    @Override
    public String name() {
        return "by-hand";
    }

    @Override
    public HealthResult execute() {
        return losses.isEmpty()
                ? new HealthResult(HealthResult.Status.OK, "What was installed by hand is there.")
                : new HealthResult(HealthResult.Status.WARN, String.join(" ", losses.values()));
    }

    void close() {
        logs.close();
    }
}
