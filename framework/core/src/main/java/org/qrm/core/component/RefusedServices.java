package org.qrm.core.component;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.qrm.api.event.Priority;
import org.qrm.api.plugin.Plugin;
import org.qrm.core.call.Admission;
import org.qrm.core.call.Whiteboard;
import org.qrm.core.plugin.ActingPlugins;
import org.qrm.core.pluginfile.Fault;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;
import org.qrm.core.store.EventRows;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the event log of services of plug-ins that may not be used, until they go. */
final class RefusedServices implements Whiteboard.Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(RefusedServices.class);
    private static final String TYPE = "plugin.refused";
    private static final String WAITS = "plugin.waits";

    private final Database database;
    private final Map<String, Refusal> refused = new ConcurrentHashMap<>();

    /** @param lasting whether it will not come up by itself */
    private record Refusal(long bundle, String what, String why, boolean lasting) {}

    RefusedServices(Database database) {
        this.database = database;
    }

    @Override
    public void refused(Object service, String why) {
        Bundle bundle = FrameworkUtil.getBundle(typeOf(service));
        tell(bundle, new Refusal(idOf(bundle), typeOf(service).getName(), why, true));
    }

    private static long idOf(Bundle bundle) {
        return bundle == null ? -1 : bundle.getBundleId();
    }

    /** Of a service whose object is not to be had; one that has gone meanwhile is nobody's trouble any more. */
    void tell(ServiceReference<?> reference, String why) {
        tell(reference, why, true);
    }

    /** Of a service that may still come. */
    void late(ServiceReference<?> reference, String why) {
        tell(reference, why, false);
    }

    private void tell(ServiceReference<?> reference, String why, boolean lasting) {
        Bundle bundle = reference.getBundle();
        if (bundle != null) {
            tell(bundle, new Refusal(bundle.getBundleId(), what(reference), why, lasting));
        }
    }

    /** What of a bundle is not used at the moment, and why. */
    List<Fault> faults(Bundle bundle) {
        return refused.values().stream()
                .filter(each -> each.bundle == bundle.getBundleId())
                .map(each -> new Fault(each.what, each.why, each.lasting))
                .toList();
    }

    /**
     * A service waits for somebody to register its plug-in.
     *
     * @param owners the plug-ins that it may belong to, none of them registered; none when it belongs to nobody
     */
    void waits(ServiceReference<?> reference, List<String> owners) {
        if (owners.isEmpty()) {
            tell(
                    reference,
                    "it belongs to no plug-in. Its bundle has to bring a plug-in, or the service to name one in its property "
                            + Plugin.OWNER + ".");
        } else if (!ActingPlugins.isOfArchive(reference.getBundle())) {
            owners.forEach(id -> quietly(() -> database.change(change -> waits(change, id))));
        }
    }

    /** Said once, also across restarts; the server's own plug-ins wait without a word. */
    private static Void waits(Change change, String plugin) {
        if (!EventRows.isOpen(change.handle(), WAITS, lane(plugin))) {
            change.event(
                    Priority.INFO,
                    WAITS,
                    lane(plugin),
                    "Plug-in " + plugin
                            + " is not registered: what it brings is not used until it is (qrm plugin register "
                            + plugin + ").",
                    null);
        }
        return null;
    }

    /** A service begins to act. */
    void acts(ServiceReference<?> reference, List<String> owners) {
        over(reference);
        owners.forEach(this::waitsNoMore);
    }

    private void waitsNoMore(String plugin) {
        quietly(() -> {
            if (database.read(handle -> EventRows.isOpen(handle, WAITS, lane(plugin)))) {
                database.change(change -> {
                    EventRows.resolve(change.handle(), WAITS, lane(plugin));
                    return null;
                });
            }
        });
    }

    private static String lane(String plugin) {
        return "plugin/" + plugin;
    }

    /** It is not there any more, so there is nothing to be told of it. */
    void gone(ServiceReference<?> reference) {
        over(reference);
    }

    void over(ServiceReference<?> reference) {
        over(what(reference));
    }

    private static String what(ServiceReference<?> reference) {
        String type = ((String[]) reference.getProperty(Constants.OBJECTCLASS))[0];
        Object component = reference.getProperty("component.name");
        return component == null ? type + " " + reference.getProperty(Constants.SERVICE_ID) : component.toString();
    }

    private void tell(Bundle bundle, Refusal refusal) {
        String subject = subject(refusal.what);
        String text = refusal.what + " of bundle " + (bundle == null ? "" : bundle.getSymbolicName()) + " is not used: "
                + refusal.why;
        if (refusal.equals(refused.put(subject, refusal))) {
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

    private void over(String what) {
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
