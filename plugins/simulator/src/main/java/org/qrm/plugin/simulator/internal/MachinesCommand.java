package org.qrm.plugin.simulator.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.command.CommandAnswer;
import org.qrm.api.command.CommandCall;
import org.qrm.api.command.CommandDescription;
import org.qrm.api.command.CommandField;
import org.qrm.api.command.PluginCommand;
import org.qrm.plugin.simulator.internal.machine.SimulatedMachine.Status;

/** {@code qrm simulator machines}: what the simulator itself knows of its machines. */
@Component
public class MachinesCommand implements PluginCommand {

    private final Simulator simulator;

    @Activate
    public MachinesCommand(@Reference Simulator simulator) {
        this.simulator = simulator;
    }

    @Override
    public String plugin() {
        return SimulatorPlugin.ID;
    }

    @Override
    public CommandDescription description() {
        return CommandDescription.reads("machines", "Shows the simulated machines, and the partitions on them.")
                .takes(CommandField.text("mac", "only the one that boots from this card")
                        .optional())
                .answersListOf(
                        CommandField.text("mac", "the card it boots from"),
                        CommandField.text("phase", "what it does"),
                        CommandField.text("fault", "what is broken"),
                        CommandField.text("trouble", "what went wrong last, or empty"));
    }

    @Override
    public CommandAnswer run(CommandCall call) {
        List<Map<String, Object>> machines = simulator.rack().statuses().stream()
                .filter(status ->
                        !call.has("mac") || status.mac().equals(call.text("mac").toLowerCase(java.util.Locale.ROOT)))
                .limit(1000)
                .map(MachinesCommand::fields)
                .toList();
        return CommandAnswer.list(machines);
    }

    private static Map<String, Object> fields(Status status) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("mac", status.mac());
        fields.put("phase", status.phase().word());
        fields.put("fault", status.fault().word());
        fields.put("trouble", status.trouble());
        return fields;
    }
}
