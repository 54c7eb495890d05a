package org.qrm.console.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.qrm.api.console.ConsoleExtension;
import org.qrm.api.console.ConsolePart;

/** What plug-ins add to the console, as they come and go: the parts, and the files that stand beside their modules. */
@Component(service = Extensions.class)
public final class Extensions {

    /** Below the console's root; then the plug-in's id, a slash and the file's name. */
    static final String FOLDER = "plugins/";

    private static final Pattern MODULE = Pattern.compile("([a-z0-9-]+/)+[a-z-]+\\.js");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Extension> extensions = new ConcurrentSkipListMap<>();

    /** A plug-in's parts, and the folder that its modules are in. */
    private record Extension(ServiceReference<ConsoleExtension> reference, List<Part> parts, WebFiles files) {}

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
            extensions.put(plugin, new Extension(reference, parts, new WebFiles(name -> bundle.getEntry(root + name))));
        }
    }

    void remove(ServiceReference<ConsoleExtension> reference) {
        extensions.values().removeIf(extension -> extension.reference().equals(reference));
    }

    /** All parts as JSON, by plug-in. */
    WebFiles.WebFile parts() {
        List<Part> all = extensions.values().stream()
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
        Extension extension = slash < 0 ? null : extensions.get(path.substring(0, slash));
        return extension == null ? Optional.empty() : extension.files().find(path.substring(slash + 1));
    }
}
