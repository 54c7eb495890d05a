package org.qrm.plugin.simulator.internal.command;

import org.qrm.plugin.simulator.internal.Simulator;
import org.qrm.plugin.simulator.internal.machine.SimulatedMachine;

/** The machine that a person means. */
final class Chosen {

    private Chosen() {}

    static SimulatedMachine machine(Simulator simulator, String numberOrMac) {
        return simulator
                .rack()
                .find(numberOrMac)
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no simulated machine '" + numberOrMac + "'. See simulator:list."));
    }
}
