package org.qrm.plugin.xen.internal;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.qrm.api.console.ConsoleExtension;
import org.qrm.api.console.ConsolePart;

/** What Xen hosts and partitions show of themselves in the web console. */
@Component
public final class XenConsole implements ConsoleExtension {

    @Override
    public String plugin() {
        return XenPlugin.ID;
    }

    @Override
    public List<ConsolePart> parts() {
        return List.of(
                new ConsolePart(ConsolePart.Place.RESOURCE_TAB, "Partitions", "web/partitions.js"),
                new ConsolePart(ConsolePart.Place.RESOURCE_TAB, "Console", "web/console.js"));
    }
}
