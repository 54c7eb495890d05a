package org.qrm.console.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
import org.qrm.api.console.ConsoleExtension;
import org.qrm.api.console.ConsolePart;
import org.qrm.api.event.EventLog;
import org.qrm.api.event.Priority;
import org.qrm.api.plugin.Plugin;
import org.qrm.api.plugin.Plugins;

/**
 * What plug-ins that are registered add to the console: the parts, and the files that stand beside their modules. Of two
 * extensions for one plug-in the first to come is shown.
 */
@Component(service = Extensions.class)
public final class Extensions {

    /** Below the console's root; then the plug-in's id, a slash and the file's name. */
    static final String FOLDER = "plugins/";

    private static final Pattern MODULE = Pattern.compile("([a-z0-9-]+/)+[a-z-]+\\.js");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String SECOND = "plugin.refused";

    private final List<Extension> extensions = new CopyOnWriteArrayList<>();

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
        Bundle bundle = reference.getBundle();
        String plugin = extension.plugin();
        List<Part> parts = new ArrayList<>();
        String folder = null;
        for (ConsolePart part : extension.parts()) {
            String module = part.module();
            String in = module.substring(0, module.lastIndexOf('/') + 1);
            if (!MODULE.matcher(module).matches() || folder != null && !folder.equals(in)) {
                throw new IllegalArgumentException("plug-in " + plugin + ": the module " + module
                        + " is not in the folder of the others, or its path is not of small letters");
            }
            folder = in;
            String address = FOLDER + plugin + '/' + module.substring(in.length()) + "?v=" + bundle.getLastModified();
            String place = part.place().name().toLowerCase(Locale.ROOT).replace('_', '-');
            parts.add(new Part(plugin, place, part.title(), address));
        }
        if (folder != null) {
            String root = folder;
            tellOfAnother(plugin, bundle);
            extensions.add(new Extension(plugin, reference, parts, new WebFiles(name -> bundle.getEntry(root + name))));
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
                        SECOND,
                        subject(plugin),
                        "What bundle " + second.getSymbolicName() + " adds to the web console for plug-in " + plugin
                                + " is not shown: bundle " + first.bundle() + " came first.",
                        null));
    }

    private static String subject(String plugin) {
        return "plugin-service/console of " + plugin;
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
        extensions.stream()
                .filter(extension -> extension.reference().equals(reference))
                .forEach(gone -> {
                    extensions.remove(gone);
                    if (log != null) {
                        log.resolve(SECOND, subject(gone.plugin()));
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
