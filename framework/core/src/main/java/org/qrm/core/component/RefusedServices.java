package org.qrm.core.component;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.qrm.api.event.Priority;
import org.qrm.core.call.Admission;
import org.qrm.core.call.Whiteboard;
import org.qrm.core.store.Database;
import org.qrm.core.store.EventRows;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the event log of services of plug-ins that may not be used, until they go. */
final class RefusedServices implements Whiteboard.Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(RefusedServices.class);
    private static final String TYPE = "plugin.refused";

    private final Database database;
    private final Map<String, String> refused = new ConcurrentHashMap<>();

    RefusedServices(Database database) {
        this.database = database;
    }

    @Override
    public void refused(Object service, String why) {
        Bundle bundle = FrameworkUtil.getBundle(typeOf(service));
        tell(bundle == null ? "" : bundle.getSymbolicName(), typeOf(service).getName(), why);
    }

    /**
     * Of a service whose object is not to be had.
     *
     * @param what its class, or the name of its component
     */
    void tell(String bundle, String what, String why) {
        String subject = subject(what);
        String text = what + " of bundle " + bundle + " is not used: " + why;
        if (why.equals(refused.put(subject, why))) {
            return;
        }
        LOG.error("{}", text);
        quietly(() -> database.change(change -> {
            change.event(Priority.ERROR, TYPE, subject, text, null);
            return null;
        }));
    }

    @Override
    public void over(Object service) {
        if (!refused.isEmpty()) {
            over(typeOf(service).getName());
        }
    }

    private static Class<?> typeOf(Object service) {
        return (service instanceof Admission.Guarded guarded ? guarded.original() : service).getClass();
    }

    void over(String what) {
        String subject = subject(what);
        if (refused.remove(subject) != null) {
            quietly(() -> database.change(change -> {
                EventRows.resolve(change.handle(), TYPE, subject);
                return null;
            }));
        }
    }

    private static String subject(String what) {
        return "plugin-service/" + what;
    }

    private static void quietly(Runnable telling) {
        try {
            telling.run();
        } catch (RuntimeException failed) {
            LOG.warn("The event log could not be told", failed);
        }
    }
}
