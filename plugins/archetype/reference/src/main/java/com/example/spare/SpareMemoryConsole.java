package com.example.spare;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.qrm.api.console.ConsoleExtension;
import org.qrm.api.console.ConsolePart;

/** Adds a page to the menu of the web console. */
@Component
public final class SpareMemoryConsole implements ConsoleExtension {

    @Override
    public String plugin() {
        return SpareMemoryPlugin.ID;
    }

    @Override
    public List<ConsolePart> parts() {
        return List.of(new ConsolePart(ConsolePart.Place.MENU, "Spare memory", "web/page.js"));
    }
}
