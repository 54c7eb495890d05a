package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code qrm:ve-update}. */
@Service
@Command(scope = "qrm", name = "ve-update", description = "Changes an inactive virtual environment.")
public final class EnvironmentUpdate extends EnvironmentDescribing {

    @Override
    void run() {
        tell(virtualEnvironments.update(described(found().spec())), "changed");
    }
}
