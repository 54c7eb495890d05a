package org.qrm.shell.internal;

import org.qrm.api.environment.Placement;

/** Where an environment would go, as commands show it. */
final class PlacementShown {

    private PlacementShown() {}

    static void on(ShowingCommand command, Placement placement) {
        if (command.json()) {
            command.item(View.of(placement));
            return;
        }
        command.list(placement.candidates().stream().map(View::of).toList(), "resource", "name", "fits", "reasons");
        command.say(placement.possible() ? "It can start, on " + placement.chosen() + "." : "It cannot start now.");
    }
}
