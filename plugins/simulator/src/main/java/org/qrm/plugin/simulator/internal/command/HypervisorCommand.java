package org.qrm.plugin.simulator.internal.command;

import java.time.Duration;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.plugin.simulator.internal.SimulatedPartitions;

@Service
@Command(
        scope = "simulator",
        name = "hypervisor",
        description = "Breaks or repairs a call of simulated hosts, or makes all of them slow")
public class HypervisorCommand implements Action {

    @Argument(index = 0, name = "call", description = "capacity, list, start, stop, pause, change, remove or console")
    @Completion(
            value = StringsCompleter.class,
            values = {"capacity", "list", "start", "stop", "pause", "change", "remove", "console"})
    String call;

    @Argument(index = 1, name = "reason", description = "why that call fails from now on; without it, it works again")
    String reason;

    @Option(name = "--delay", description = "milliseconds that every call takes from now on")
    Long delay;

    @Reference
    SimulatedPartitions partitions;

    @Override
    public Object execute() {
        if (call == null && delay == null) {
            throw new IllegalArgumentException("Say which call to break or repair, or --delay.");
        }
        if (delay != null) {
            partitions.delay(Duration.ofMillis(delay));
        }
        if (call != null) {
            partitions.fail(call, reason);
        }
        return null;
    }
}
