package org.qrm.api.console;

import java.util.Objects;

/**
 * One part of the web console.
 *
 * @param place where it goes
 * @param title what it is called there
 * @param module path of an ES module in the plug-in's bundle, which exports {@code render(element, context)}
 */
public record ConsolePart(Place place, String title, String module) {

    /** Where a part goes. */
    public enum Place {
        MENU,
        PAGE,
        RESOURCE_TAB,
        ENVIRONMENT_TAB
    }

    public ConsolePart {
        Objects.requireNonNull(place);
        Objects.requireNonNull(title);
        Objects.requireNonNull(module);
    }
}
