package org.qrm.shell.internal;

import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.environment.VirtualEnvironments;
import org.qrm.api.user.Role;

/** {@code qrm:ve-placement}. */
@Service
@Needs(Role.VIEWER)
@Command(
        scope = "qrm",
        name = "ve-placement",
        description = "Shows where a virtual environment that needs this would go now, and why not elsewhere.")
public final class EnvironmentPlacement extends ShowingCommand {

    @Reference(optional = true)
    VirtualEnvironments virtualEnvironments;

    @Option(name = "--runs-on", description = "node, or partition:PLUG-IN.")
    String runsOn = EnvironmentSpec.ON_NODE;

    @Option(name = "--partitioning", description = "The plug-in that is to make its machine a host.")
    @Completion(PluginCompleter.class)
    String partitioning;

    @Option(name = "--cpus", description = "CPUs at least.")
    int cpus;

    @Option(name = "--cpu-mhz", description = "MHz of one CPU at least.")
    int cpuMhz;

    @Option(name = "--memory-mb", description = "MiB of memory at least.")
    long memoryMb;

    @Option(name = "--nics", description = "Network cards at least.")
    int nics;

    @Option(name = "--count", description = "How many machines.")
    int count = 1;

    @Override
    void run() {
        Requirements needs = new Requirements(cpus, cpuMhz, memoryMb, nics);
        PlacementShown.on(
                this, virtualEnvironments.plan(runsOn, partitioning, needs, new StartRequest(List.of(), count)));
    }
}
