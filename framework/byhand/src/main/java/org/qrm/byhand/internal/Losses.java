package org.qrm.byhand.internal;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.qrm.api.event.EventLog;
import org.qrm.api.event.Priority;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What could not be kept or brought back: in the log, as an event when there is a database, and in the server's health. */
final class Losses implements HealthCheck {

    private static final Logger LOG = LoggerFactory.getLogger(Losses.class);

    private final Map<String, String> losses = new ConcurrentSkipListMap<>();
    private final Map<String, String> unrecorded = new ConcurrentSkipListMap<>();
    private ServiceTracker<EventLog, EventLog> logs;

    void open(BundleContext context) {
        logs = new ServiceTracker<>(context, EventLog.class, null) {
            @Override
            public EventLog addingService(ServiceReference<EventLog> reference) {
                EventLog log = super.addingService(reference);
                record(log);
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
        unrecorded.put(what, reason);
        record(logs.getService());
    }

    private static String reason(Throwable why) {
        return why.getMessage() == null
                ? why.toString()
                : why.getMessage().strip().replaceAll("\\.$", "");
    }

    void over(String what) {
        losses.remove(what);
        unrecorded.remove(what);
    }

    private void record(EventLog log) {
        if (log == null) {
            return;
        }
        unrecorded.forEach((what, reason) -> {
            try {
                log.record(
                        Priority.ERROR,
                        "core",
                        "by-hand.lost",
                        "by-hand/" + what,
                        "Installed by hand, and lost: " + reason,
                        null);
                unrecorded.remove(what);
            } catch (RuntimeException failed) {
                LOG.warn("No event tells of the loss of {}", what, failed);
            }
        });
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
