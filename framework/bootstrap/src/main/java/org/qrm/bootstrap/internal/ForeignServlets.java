package org.qrm.bootstrap.internal;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.hooks.service.EventListenerHook;
import org.osgi.framework.hooks.service.FindHook;
import org.osgi.framework.hooks.service.ListenerHook.ListenerInfo;
import org.qrm.api.event.EventLog;
import org.qrm.api.event.Priority;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps bundles that are no part of the server off its ports: nobody would be asked who he is there. The web server does not see
 * what they offer it, of whatever kind, and they do not see the web server. An event names each that tries.
 */
final class ForeignServlets implements FindHook, EventListenerHook, AutoCloseable {

    static final String TYPE = "bundle.http-refused";

    private static final Logger LOG = LoggerFactory.getLogger(ForeignServlets.class);
    private static final int PERIOD_SECONDS = 2;
    /** Of one bundle, in its event. */
    private static final int MOST_NAMED = 5;

    private static final String WEB_SERVER = "org.ops4j.pax.web";
    private static final List<String> SERVICES = List.of("org.osgi.service.http.HttpService", WEB_SERVER);
    private static final List<String> OFFERS = List.of(
            "javax.servlet.",
            "jakarta.servlet.",
            "javax.websocket.",
            "java.util.EventListener",
            "org.osgi.service.http.",
            "org.osgi.service.servlet.",
            "org.eclipse.jetty.",
            WEB_SERVER);
    private static final List<String> MARKS = List.of("osgi.http.whiteboard.", "osgi.jaxrs.");

    private static final List<String> SERVER = List.of("mvn:org.apache.karaf.", "mvn:org.ops4j.pax.");
    private static final Pattern OWN = Pattern.compile("org\\.qrm\\.[a-z]+");

    private final Supplier<EventLog> events;
    /** What each bundle offers the web server, by the bundle. */
    private final Map<Bundle, Set<ServiceReference<?>>> refused = new ConcurrentHashMap<>();

    private final Set<String> told = new HashSet<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "qrm-foreign-servlets");
        thread.setDaemon(true);
        return thread;
    });

    /** @param events gives null while there is no event log */
    ForeignServlets(Supplier<EventLog> events) {
        this.events = events;
    }

    void begin(BundleContext context) {
        context.registerService(new String[] {FindHook.class.getName(), EventListenerHook.class.getName()}, this, null);
        timer.scheduleWithFixedDelay(this::tell, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void find(
            BundleContext context,
            String name,
            String filter,
            boolean all,
            Collection<ServiceReference<?>> references) {
        Bundle seeker = context.getBundle();
        if (isWebServer(seeker)) {
            references.removeIf(ForeignServlets::isForeignOffer);
        } else if (isForeign(seeker)) {
            references.removeIf(ForeignServlets::isWebService);
        }
    }

    @Override
    public void event(ServiceEvent event, Map<BundleContext, Collection<ListenerInfo>> listeners) {
        ServiceReference<?> reference = event.getServiceReference();
        if (isForeignOffer(reference)) {
            listeners.keySet().removeIf(context -> isWebServer(context.getBundle()));
            note(reference, event.getType() != ServiceEvent.UNREGISTERING);
        } else if (isWebService(reference)) {
            listeners.keySet().removeIf(context -> isForeign(context.getBundle()));
        }
    }

    private void note(ServiceReference<?> reference, boolean there) {
        Bundle bundle = reference.getBundle();
        if (bundle != null) {
            refused.compute(bundle, (key, before) -> {
                Set<ServiceReference<?>> now = before == null ? ConcurrentHashMap.newKeySet() : before;
                if (there) {
                    now.add(reference);
                } else {
                    now.remove(reference);
                }
                return now.isEmpty() ? null : now;
            });
        }
    }

    private static boolean isForeignOffer(ServiceReference<?> reference) {
        return isForeign(reference.getBundle()) && isOffer(reference);
    }

    private static boolean isOffer(ServiceReference<?> reference) {
        return isOf(reference, OFFERS)
                || Arrays.stream(reference.getPropertyKeys())
                        .anyMatch(key -> MARKS.stream().anyMatch(key::startsWith));
    }

    private static boolean isWebService(ServiceReference<?> reference) {
        return isWebServer(reference.getBundle()) && isOf(reference, SERVICES);
    }

    private static boolean isOf(ServiceReference<?> reference, List<String> types) {
        return Arrays.stream((String[]) reference.getProperty(Constants.OBJECTCLASS))
                .anyMatch(type -> types.stream().anyMatch(type::startsWith));
    }

    private static boolean isWebServer(Bundle bundle) {
        return bundle != null && String.valueOf(bundle.getSymbolicName()).startsWith(WEB_SERVER);
    }

    /** Whether it is no part of the server; its plug-ins are none, either. */
    static boolean isForeign(Bundle bundle) {
        if (bundle == null || bundle.getBundleId() == 0 || SERVER.stream().anyMatch(bundle.getLocation()::startsWith)) {
            return false;
        }
        return !bundle.getLocation().startsWith("mvn:org.qrm/")
                || !OWN.matcher(String.valueOf(bundle.getSymbolicName())).matches();
    }

    private void tell() {
        try {
            EventLog log = events.get();
            if (log != null) {
                tell(log);
            }
        } catch (RuntimeException failed) {
            LOG.debug("Told later", failed);
        }
    }

    private void tell(EventLog log) {
        Set<String> now = new HashSet<>();
        refused.forEach((bundle, offers) -> {
            String subject = "bundle/" + bundle.getSymbolicName();
            now.add(subject);
            if (!told.contains(subject)) {
                // one of the run before may be open
                log.resolve(TYPE, subject);
                log.record(Priority.ERROR, "server", TYPE, subject, text(bundle, offers), null);
                told.add(subject);
            }
        });
        told.stream().filter(subject -> !now.contains(subject)).toList().forEach(subject -> {
            log.resolve(TYPE, subject);
            told.remove(subject);
        });
    }

    private static String text(Bundle bundle, Set<ServiceReference<?>> offers) {
        String named = offers.stream()
                .map(ForeignServlets::describe)
                .sorted()
                .limit(MOST_NAMED)
                .collect(Collectors.joining(", "));
        return "Bundle " + bundle.getSymbolicName() + " (" + bundle.getLocation()
                + ") wants to answer on the server's ports, where nobody would be asked to log in, and does not: "
                + named
                + (offers.size() > MOST_NAMED ? ", and " + (offers.size() - MOST_NAMED) + " more" : "")
                + ". A plug-in shows pages by ConsoleExtension and answers by PluginCommand.";
    }

    private static String describe(ServiceReference<?> reference) {
        String type = ((String[]) reference.getProperty(Constants.OBJECTCLASS))[0];
        String where = Arrays.stream(reference.getPropertyKeys())
                .filter(key -> MARKS.stream().anyMatch(key::startsWith))
                .filter(key -> key.endsWith(".pattern") || key.endsWith(".name"))
                .sorted()
                .map(key -> text(reference.getProperty(key)))
                .collect(Collectors.joining(" "));
        Object component = reference.getProperty("component.name");
        return type + (component == null ? "" : " " + component) + (where.isEmpty() ? "" : " at " + where);
    }

    private static String text(Object property) {
        return property instanceof Object[] many ? Arrays.toString(many) : String.valueOf(property);
    }

    @Override
    public void close() {
        // no interrupt: the embedded database closes the connection of an interrupted thread
        timer.shutdown();
    }
}
