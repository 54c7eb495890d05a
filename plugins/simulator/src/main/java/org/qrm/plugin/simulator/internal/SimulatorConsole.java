package org.qrm.plugin.simulator.internal;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.qrm.api.console.ConsoleExtension;
import org.qrm.api.console.ConsolePart;

/** The partitions of simulated hosts in the web console. */
@Component
public final class SimulatorConsole implements ConsoleExtension {

    @Override
    public String plugin() {
        return SimulatorPlugin.ID;
    }

    @Override
    public List<ConsolePart> parts() {
        return List.of(new ConsolePart(ConsolePart.Place.RESOURCE_TAB, "Partitions", "web/partitions.js"));
    }
}
