package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.api.Sort;
import org.qrm.api.environment.EnvironmentField;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.VirtualEnvironments;
import org.qrm.api.user.Role;

/** {@code qrm:ve-list}. */
@Service
@Needs(Role.VIEWER)
@Command(scope = "qrm", name = "ve-list", description = "Lists virtual environments.")
public final class EnvironmentList extends ShowingCommand {

    @Reference(optional = true)
    VirtualEnvironments virtualEnvironments;

    @Option(name = "--state", description = "Only in this state.")
    @Completion(
            value = StringsCompleter.class,
            values = {"inactive", "starting", "active", "stopping", "error"})
    String state;

    @Option(name = "--sort", description = "By this field; with - in front, the greatest first.")
    @Completion(
            value = StringsCompleter.class,
            values = {"name", "state", "-name", "-state"})
    String sort = "name";

    @Override
    void run() {
        Sort<EnvironmentField> order = Sort.parse(EnvironmentField.class, sort);
        EnvironmentState wanted = constant(EnvironmentState.class, "--state", state);
        list(
                all(page -> virtualEnvironments.list(wanted, order, page), View::of),
                "name",
                "state",
                "mode",
                "bootImage",
                "filesystemImage",
                "runsOn",
                "partitioning",
                "resources",
                "reason");
    }
}
