package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.api.PageRequest;
import org.qrm.api.operation.OperationState;
import org.qrm.api.operation.Operations;
import org.qrm.api.user.Role;

/** {@code qrm:operation-list}. */
@Service
@Needs(Role.VIEWER)
@Command(scope = "qrm", name = "operation-list", description = "Lists operations, newest first.")
public final class OperationList extends ShowingCommand {

    @Reference(optional = true)
    Operations operations;

    @Option(name = "--state", description = "Only in this state.")
    @Completion(
            value = StringsCompleter.class,
            values = {"queued", "running", "done", "failed", "cancelled"})
    String state;

    @Option(name = "--subject", description = "Only on this: virtual-environment/web1")
    String subject;

    @Option(name = "--limit", description = "At most so many.")
    int limit = 100;

    @Override
    void run() {
        OperationState wanted = constant(OperationState.class, "--state", state);
        list(
                operations.list(wanted, subject, new PageRequest(limit, null)).items().stream()
                        .map(View::of)
                        .toList(),
                "id",
                "kind",
                "subject",
                "state",
                "progress",
                "created",
                "reason");
    }
}
