package org.qrm.console.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.qrm.api.Name;
import org.qrm.api.console.ConsoleExtension;
import org.qrm.api.console.ConsolePart;
import org.qrm.api.event.EventLog;
import org.qrm.api.event.Priority;
import org.qrm.api.plugin.Plugin;
import org.qrm.api.plugin.Plugins;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What plug-ins that are registered add to the console: the parts, and the files that stand beside their modules. Of two
 * extensions for one plug-in the first to come is shown.
 */
@Component(service = Extensions.class)
public final class Extensions {

    /** Below the console's root; then the plug-in's id, a slash and the file's name. */
    static final String FOLDER = "plugins/";

    private static final Logger LOG = LoggerFactory.getLogger(Extensions.class);
    private static final Pattern PLUGIN = Pattern.compile("[a-z][a-z0-9-]{0,31}");
    private static final Pattern MODULE = Pattern.compile("([a-z0-9-]+/)+[a-z-]+\\.js");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String REFUSED = "plugin.refused";

    private final List<Extension> extensions = new CopyOnWriteArrayList<>();
    /** Those of which nothing can be shown, with their bundles' names. */
    private final Map<ServiceReference<ConsoleExtension>, String> refused = new ConcurrentHashMap<>();

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Plugins plugins;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile EventLog events;

    /** A plug-in's parts, and the folder that its modules are in. */
    private record Extension(
            String plugin, ServiceReference<ConsoleExtension> reference, List<Part> parts, WebFiles files) {

        String bundle() {
            return String.valueOf(reference.getBundle().getSymbolicName());
        }
    }

    /**
     * A part as browsers are told of it.
     *
     * @param plugin the plug-in's id
     * @param place where it goes: menu, page, resource-tab, environment-tab
     * @param title what it is called there
     * @param module address of its module, below the console's root; another one after the bundle was updated
     */
    record Part(String plugin, String place, String title, String module) {}

    @Reference(
            service = ConsoleExtension.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void add(ServiceReference<ConsoleExtension> reference, ConsoleExtension extension) {
        try {
            Extension read = read(reference, extension);
            if (read != null) {
                tellOfAnother(read.plugin(), reference.getBundle());
                extensions.add(read);
            }
        } catch (Throwable broken) { // whatever a plug-in throws, the others' parts are shown
            tellOfNone(reference, broken);
        }
    }

    /** Null when it has no part. */
    private static Extension read(ServiceReference<ConsoleExtension> reference, ConsoleExtension extension) {
        Bundle bundle = reference.getBundle();
        String plugin = extension.plugin();
        if (plugin == null || !PLUGIN.matcher(plugin).matches()) {
            throw new IllegalArgumentException("plugin() answered no id of a plug-in");
        }
        List<Part> parts = new ArrayList<>();
        String folder = null;
        for (ConsolePart part : Objects.requireNonNull(extension.parts(), "parts() answered nothing")) {
            String module = part.module();
            String in = module.substring(0, module.lastIndexOf('/') + 1);
            if (!MODULE.matcher(module).matches() || folder != null && !folder.equals(in)) {
                throw new IllegalArgumentException("the module " + Name.printable(module)
                        + " is not in the folder of the others, or its path is not of small letters");
            }
            folder = in;
            String address = FOLDER + plugin + '/' + module.substring(in.length()) + "?v=" + bundle.getLastModified();
            String place = part.place().name().toLowerCase(Locale.ROOT).replace('_', '-');
            parts.add(new Part(plugin, place, part.title(), address));
        }
        String root = folder;
        return root == null
                ? null
                : new Extension(plugin, reference, parts, new WebFiles(name -> bundle.getEntry(root + name)));
    }

    private void tellOfNone(ServiceReference<ConsoleExtension> reference, Throwable broken) {
        EventLog log = events;
        String bundle = String.valueOf(reference.getBundle().getSymbolicName());
        LOG.warn("What bundle {} adds to the web console cannot be shown", bundle, broken);
        if (log != null) {
            refused.put(reference, bundle);
            log.record(
                    Priority.ERROR,
                    "console",
                    REFUSED,
                    subject(bundle),
                    "What bundle " + bundle + " adds to the web console is not shown: "
                            + Name.printable(String.valueOf(broken.getMessage()))
                            + ". Update it; this is a fault of it.",
                    null);
        }
    }

    private void tellOfAnother(String plugin, Bundle second) {
        EventLog log = events;
        extensions.stream()
                .filter(first -> first.plugin().equals(plugin) && log != null)
                .findFirst()
                .ifPresent(first -> log.record(
                        Priority.ERROR,
                        "console",
                        REFUSED,
                        subject(plugin),
                        "What bundle " + second.getSymbolicName() + " adds to the web console for plug-in " + plugin
                                + " is not shown: bundle " + first.bundle() + " came first.",
                        null));
    }

    /** @param whose a plug-in, or a bundle that does not say of which */
    private static String subject(String whose) {
        return "plugin-service/console of " + whose;
    }

    /** Those that are shown now. */
    private Map<String, Extension> shown() {
        Map<String, Extension> shown = new TreeMap<>();
        extensions.stream().filter(this::acts).forEach(each -> shown.putIfAbsent(each.plugin(), each));
        return shown;
    }

    private boolean acts(Extension extension) {
        Plugins known = plugins;
        Map<String, Object> service = new HashMap<>();
        service.put(
                Constants.SERVICE_BUNDLEID, extension.reference().getBundle().getBundleId());
        service.put(Plugin.OWNER, extension.reference().getProperty(Plugin.OWNER));
        return known != null && known.acts(service);
    }

    void remove(ServiceReference<ConsoleExtension> reference) {
        EventLog log = events;
        String bundle = refused.remove(reference);
        if (bundle != null && log != null) {
            log.resolve(REFUSED, subject(bundle));
        }
        extensions.stream()
                .filter(extension -> extension.reference().equals(reference))
                .forEach(gone -> {
                    extensions.remove(gone);
                    if (log != null) {
                        log.resolve(REFUSED, subject(gone.plugin()));
                    }
                });
    }

    /** All parts as JSON, by plug-in. */
    WebFiles.WebFile parts() {
        List<Part> all = shown().values().stream()
                .flatMap(extension -> extension.parts().stream())
                .toList();
        try {
            return WebFiles.WebFile.of("application/json", JSON.writeValueAsBytes(all));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param path the plug-in's id, a slash and the file's name */
    Optional<WebFiles.WebFile> find(String path) {
        int slash = path.indexOf('/');
        Extension extension = slash < 0 ? null : shown().get(path.substring(0, slash));
        return extension == null ? Optional.empty() : extension.files().find(path.substring(slash + 1));
    }
}
