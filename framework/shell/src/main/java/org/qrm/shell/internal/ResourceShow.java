package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code qrm:resource-show}. */
@Service
@Command(scope = "qrm", name = "resource-show", description = "Shows all about a machine.")
public final class ResourceShow extends ResourceCommand {

    @Override
    void run() {
        item(View.of(found()));
    }
}
