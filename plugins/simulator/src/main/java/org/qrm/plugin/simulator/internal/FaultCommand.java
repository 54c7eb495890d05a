package org.qrm.plugin.simulator.internal;

import java.util.Arrays;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.QrmException;
import org.qrm.api.command.CommandAnswer;
import org.qrm.api.command.CommandCall;
import org.qrm.api.command.CommandDescription;
import org.qrm.api.command.CommandField;
import org.qrm.api.command.PluginCommand;
import org.qrm.plugin.simulator.internal.machine.Fault;
import org.qrm.plugin.simulator.internal.machine.SimulatedMachine;

/** {@code qrm simulator fault}: breaks or repairs a simulated machine. */
@Component
public class FaultCommand implements PluginCommand {

    private final Simulator simulator;

    @Activate
    public FaultCommand(@Reference Simulator simulator) {
        this.simulator = simulator;
    }

    @Override
    public String plugin() {
        return SimulatorPlugin.ID;
    }

    @Override
    public CommandDescription description() {
        String[] faults = Arrays.stream(Fault.values()).map(Fault::word).toArray(String[]::new);
        return CommandDescription.changes("fault", "Breaks or repairs a simulated machine.")
                .takes(
                        CommandField.text("machine", "its number or MAC address"),
                        CommandField.choice("fault", "what is to be broken", faults));
    }

    @Override
    public CommandAnswer run(CommandCall call) {
        SimulatedMachine machine = simulator
                .rack()
                .find(call.text("machine"))
                .orElseThrow(() -> QrmException.notFound("break", "simulated machine", call.text("machine")));
        machine.fault(Fault.ofWord(call.text("fault")));
        return CommandAnswer.NOTHING;
    }
}
