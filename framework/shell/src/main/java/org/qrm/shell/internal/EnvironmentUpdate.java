package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;

/** {@code qrm:ve-update}. */
@Service
@Needs(Role.ADMIN)
@Command(scope = "qrm", name = "ve-update", description = "Changes an inactive virtual environment.")
public final class EnvironmentUpdate extends EnvironmentDescribing {

    @Override
    void run() {
        tell(virtualEnvironments.update(described(found().spec())), "changed");
    }
}
