package org.qrm.plugin.simulator.internal.command;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.plugin.simulator.internal.Simulator;

@Service
@Command(scope = "simulator", name = "start", description = "Adds simulated machines and switches them on")
public class StartCommand implements Action {

    @Argument(name = "count", description = "how many", required = true)
    int count;

    @Option(name = "--memory", description = "MiB of memory of each; as the plug-in is configured, if it is not given")
    Long memoryMb;

    @Option(name = "--nics", description = "network cards of each, 1 to 16; as the plug-in is configured, if not given")
    Integer nics;

    @Reference
    Simulator simulator;

    @Override
    public Object execute() {
        if (count < 1 || count > 10_000) {
            throw new IllegalArgumentException("Give a number from 1 to 10000.");
        }
        simulator.add(count, memoryMb, nics);
        return null;
    }
}
