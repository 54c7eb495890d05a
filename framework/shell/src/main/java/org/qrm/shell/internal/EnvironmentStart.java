package org.qrm.shell.internal;

import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.resource.Resources;
import org.qrm.api.user.Role;

/** {@code qrm:ve-start}. */
@Service
@Needs(Role.OPERATOR)
@Command(
        scope = "qrm",
        name = "ve-start",
        description = "Starts a virtual environment on machines that fit, or on those that are named.")
public final class EnvironmentStart extends EnvironmentCommand {

    @Reference(optional = true)
    Resources resources;

    @Option(name = "--resource", description = "Take this one; can be given again.", multiValued = true)
    @Completion(ResourceCompleter.class)
    List<String> named;

    @Option(name = "--count", description = "How many machines.")
    int count = 1;

    @Option(name = "--dry-run", description = "Only show where it would go, and why not elsewhere.")
    boolean dryRun;

    @Override
    void run() throws InterruptedException {
        List<Long> ids = named == null
                ? List.of()
                : named.stream()
                        .map(text -> ResourceCommand.find(resources, text).id())
                        .distinct()
                        .toList();
        StartRequest request = new StartRequest(ids, count);
        if (dryRun) {
            PlacementShown.on(this, virtualEnvironments.plan(name, request));
        } else {
            work(virtualEnvironments.start(name, request));
        }
    }
}
