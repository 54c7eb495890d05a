package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;

/** {@code qrm:operation-show}. */
@Service
@Needs(Role.VIEWER)
@Command(scope = "qrm", name = "operation-show", description = "Shows an operation with its steps and its log.")
public final class OperationShow extends OperationCommand {

    @Override
    void run() {
        item(View.of(found(), operations.log(id)));
    }
}
