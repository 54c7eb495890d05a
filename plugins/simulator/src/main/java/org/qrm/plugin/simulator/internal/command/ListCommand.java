package org.qrm.plugin.simulator.internal.command;

import java.util.List;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.qrm.plugin.simulator.internal.Simulator;
import org.qrm.plugin.simulator.internal.machine.SimulatedMachine.Status;

@Service
@Command(scope = "simulator", name = "list", description = "Shows the simulated machines, and the partitions on them")
public class ListCommand implements Action {

    private static final List<String> COLUMNS =
            List.of("Number", "MAC address", "Phase", "Fault", "Resource", "Environment", "Trouble");

    @Reference
    Simulator simulator;

    @Override
    public Object execute() {
        ShellTable table = new ShellTable().emptyTableText("No simulated machines");
        COLUMNS.forEach(table::column);
        simulator.rack().statuses().forEach(status -> table.addRow().addContent(cells(status)));
        table.print(System.out);
        return null;
    }

    private static Object[] cells(Status status) {
        return new Object[] {
            status.number() == 0 ? "" : status.number(),
            status.mac(),
            status.phase().word(),
            status.fault().word(),
            status.resource(),
            status.environment(),
            status.trouble()
        };
    }
}
