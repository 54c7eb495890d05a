package org.qrm.core.pluginfile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;
import org.qrm.api.Name;
import org.qrm.api.plugin.Plugin;

/**
 * Which components of a bundle are not at work, as Declarative Services says it. One that waits for its configuration is none of
 * them, unless it is the plug-in itself: nobody can configure that before it is there.
 */
public final class Components {

    private static final int LONGEST = 300;
    private static final String CAUSE = "Caused by: ";

    private final ServiceComponentRuntime runtime;

    public Components(ServiceComponentRuntime runtime) {
        this.runtime = runtime;
    }

    /** In the order in which they are declared. */
    public List<Fault> faults(Bundle bundle) {
        List<Fault> faults = new ArrayList<>();
        Collection<ComponentDescriptionDTO> components = runtime.getComponentDescriptionDTOs(bundle);
        if (components.isEmpty() && bundle.getHeaders("").get("Service-Component") != null) {
            faults.add(new Fault(
                    "its components",
                    "Declarative Services has not taken them up; the log says why. Where one of the same name, of an earlier file,"
                            + " has not returned yet, a restart of the server helps",
                    false));
        }
        for (ComponentDescriptionDTO component : components) {
            if (runtime.isComponentEnabled(component)) {
                Collection<ComponentConfigurationDTO> made = runtime.getComponentConfigurationDTOs(component);
                if (made.isEmpty()) {
                    add(faults, component, awaitsConfiguration(component), false);
                }
                made.forEach(each -> add(
                        faults,
                        component,
                        why(component, each),
                        each.state == ComponentConfigurationDTO.FAILED_ACTIVATION));
            }
        }
        return faults;
    }

    private static void add(List<Fault> faults, ComponentDescriptionDTO component, String why, boolean lasting) {
        if (!why.isEmpty()) {
            faults.add(new Fault("component " + component.name, why, lasting));
        }
    }

    /** Empty when it is at work, or will be when somebody needs it. */
    private static String why(ComponentDescriptionDTO component, ComponentConfigurationDTO made) {
        return switch (made.state) {
            case ComponentConfigurationDTO.FAILED_ACTIVATION -> "its activation failed: " + sentence(made.failure);
            case ComponentConfigurationDTO.UNSATISFIED_REFERENCE ->
                Arrays.stream(made.unsatisfiedReferences)
                        .map(each -> lacks(component, each))
                        .collect(Collectors.joining(", "));
            case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION -> awaitsConfiguration(component);
            case ComponentConfigurationDTO.SATISFIED ->
                component.immediate ? "its constructor or its activation has not returned" : "";
            default -> "";
        };
    }

    private static String lacks(ComponentDescriptionDTO component, UnsatisfiedReferenceDTO reference) {
        String type = Arrays.stream(component.references)
                .filter(each -> each.name.equals(reference.name))
                .map(each -> each.interfaceName)
                .findFirst()
                .orElse("?");
        String target = reference.target == null || reference.target.isEmpty() ? "" : " with " + reference.target;
        return "its reference " + reference.name + " finds no " + type + target;
    }

    private static String awaitsConfiguration(ComponentDescriptionDTO component) {
        boolean plugin = Arrays.asList(component.serviceInterfaces).contains(Plugin.class.getName());
        return plugin ? "it waits for the configuration " + String.join(", ", component.configurationPid) : "";
    }

    /** The exception, or the innermost one that it was made of, without its trace. */
    private static String sentence(String trace) {
        List<String> lines = trace == null ? List.of() : trace.lines().toList();
        String said = lines.stream()
                .filter(line -> line.startsWith(CAUSE))
                .reduce((before, line) -> line)
                .map(line -> line.substring(CAUSE.length()))
                .orElse(lines.isEmpty() ? "the server's log says why" : lines.get(0));
        int[] shown = said.codePoints().filter(Name::isShown).limit(LONGEST).toArray();
        return new String(shown, 0, shown.length);
    }

    /** As a list for people; empty for none. A component that does not come up is told once, by its own words. */
    static String text(List<Fault> faults) {
        return faults.stream()
                .filter(each -> faults.stream()
                        .noneMatch(other -> other != each && other.what().equals("component " + each.what())))
                .map(Fault::toString)
                .collect(Collectors.joining("; "));
    }
}
