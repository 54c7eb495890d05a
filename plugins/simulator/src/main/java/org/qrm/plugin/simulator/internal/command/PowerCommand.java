package org.qrm.plugin.simulator.internal.command;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.plugin.simulator.internal.Simulator;
import org.qrm.plugin.simulator.internal.machine.SimulatedMachine;

@Service
@Command(scope = "simulator", name = "power", description = "Pushes the button of a simulated machine")
public class PowerCommand implements Action {

    @Argument(index = 0, name = "machine", description = "number or MAC address", required = true)
    @Completion(MachineCompleter.class)
    String machine;

    @Argument(index = 1, name = "button", description = "on, off or cycle", required = true)
    @Completion(
            value = StringsCompleter.class,
            values = {"on", "off", "cycle"})
    String button;

    @Reference
    Simulator simulator;

    @Override
    public Object execute() {
        SimulatedMachine chosen = Chosen.machine(simulator, machine);
        switch (button) {
            case "on" -> chosen.powerOn();
            case "off" -> chosen.powerOff();
            case "cycle" -> chosen.powerCycle();
            default -> throw new IllegalArgumentException("There is no button '" + button + "'. Use on, off or cycle.");
        }
        return null;
    }
}
