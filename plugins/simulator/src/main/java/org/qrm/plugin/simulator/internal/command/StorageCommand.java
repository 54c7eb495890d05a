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
import org.qrm.plugin.simulator.internal.SimulatedStorage;

@Service
@Command(
        scope = "simulator",
        name = "storage",
        description = "Shows who may mount what on simulated storage; breaks or repairs a call of it")
public class StorageCommand implements Action {

    @Argument(index = 0, name = "call", description = "probe, create, size, list, remove or access")
    @Completion(
            value = StringsCompleter.class,
            values = {"probe", "create", "size", "list", "remove", "access", "snapshot"})
    String call;

    @Argument(index = 1, name = "reason", description = "why that call fails from now on; without it, it works again")
    String reason;

    @Option(name = "--delay", description = "milliseconds that every call takes from now on")
    Long delay;

    @Reference
    SimulatedStorage storage;

    @Override
    public Object execute() {
        if (delay != null) {
            storage.delay(Duration.ofMillis(delay));
        }
        if (call != null) {
            storage.fail(call, reason);
        }
        if (call == null && delay == null) {
            storage.access().forEach((place, clients) -> System.out.println(place + " " + clients));
        }
        return null;
    }
}
