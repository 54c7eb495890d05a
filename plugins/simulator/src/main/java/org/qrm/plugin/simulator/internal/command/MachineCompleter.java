package org.qrm.plugin.simulator.internal.command;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.plugin.simulator.internal.Simulator;
import org.qrm.plugin.simulator.internal.machine.SimulatedMachine;

/** Completes MAC addresses of simulated machines. */
@Service
public class MachineCompleter implements Completer {

    @Reference
    Simulator simulator;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        List<String> macs =
                simulator.rack().withPartitions().map(SimulatedMachine::mac).toList();
        return new StringsCompleter(macs).complete(session, line, candidates);
    }
}
