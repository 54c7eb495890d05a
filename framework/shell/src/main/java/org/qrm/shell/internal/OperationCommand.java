package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Completion;
import org.qrm.api.QrmException;
import org.qrm.api.operation.Operation;

/** A command about one operation. */
public abstract class OperationCommand extends WorkCommand {

    @Argument(index = 0, name = "id", description = "Number of the operation.", required = true)
    @Completion(OperationCompleter.class)
    long id;

    final Operation found() {
        return operations
                .find(id)
                .orElseThrow(() -> QrmException.notFound("find operation", "operation", Long.toString(id)));
    }
}
