package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;

/** {@code qrm:ve-show}. */
@Service
@Needs(Role.VIEWER)
@Command(scope = "qrm", name = "ve-show", description = "Shows all about a virtual environment.")
public final class EnvironmentShow extends EnvironmentCommand {

    @Override
    void run() {
        item(View.of(found()));
    }
}
