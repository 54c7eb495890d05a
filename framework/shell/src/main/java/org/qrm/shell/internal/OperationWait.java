package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;

/** {@code qrm:operation-wait}. */
@Service
@Needs(Role.VIEWER)
@Command(scope = "qrm", name = "operation-wait", description = "Waits until an operation has ended.")
public final class OperationWait extends OperationCommand {

    @Override
    void run() throws InterruptedException {
        await(found());
    }
}
