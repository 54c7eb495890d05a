package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;

/** {@code qrm:resource-show}. */
@Service
@Needs(Role.VIEWER)
@Command(scope = "qrm", name = "resource-show", description = "Shows all about a machine.")
public final class ResourceShow extends ResourceCommand {

    @Override
    void run() {
        item(View.of(found()));
    }
}
