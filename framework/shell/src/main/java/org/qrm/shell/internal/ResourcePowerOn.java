package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.resource.ResourceAction;

/** {@code qrm:resource-power-on}. */
@Service
@Command(scope = "qrm", name = "resource-power-on", description = "Switches a machine on; needs a power controller.")
public final class ResourcePowerOn extends ResourceCommand {

    @Override
    void run() throws InterruptedException {
        work(resourceAdmin.act(found().id(), ResourceAction.POWER_ON));
    }
}
