package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;

/** {@code qrm:operation-cancel}. */
@Service
@Needs(Role.OPERATOR)
@Command(
        scope = "qrm",
        name = "operation-cancel",
        description = "Asks for an end; it ends when what it did so far is undone.")
public final class OperationCancel extends OperationCommand {

    @Override
    void run() throws InterruptedException {
        work(operations.cancel(found().id()));
    }
}
