package org.qrm.plugin.simulator.internal.command;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.plugin.simulator.internal.Simulator;
import org.qrm.plugin.simulator.internal.machine.Fault;

@Service
@Command(scope = "simulator", name = "fault", description = "Breaks or repairs a simulated machine")
public class FaultCommand implements Action {

    @Argument(index = 0, name = "machine", description = "number or MAC address", required = true)
    @Completion(MachineCompleter.class)
    String machine;

    @Argument(
            index = 1,
            name = "fault",
            description = "none, silent, never-boots, mount-error, slow or reuse-token",
            required = true)
    @Completion(FaultCompleter.class)
    String fault;

    @Reference
    Simulator simulator;

    @Override
    public Object execute() {
        Chosen.machine(simulator, machine).fault(chosenFault());
        return null;
    }

    private Fault chosenFault() {
        try {
            return Fault.ofWord(fault);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "There is no fault '" + fault
                            + "'. Use none, silent, never-boots, mount-error, slow or reuse-token.",
                    e);
        }
    }
}
