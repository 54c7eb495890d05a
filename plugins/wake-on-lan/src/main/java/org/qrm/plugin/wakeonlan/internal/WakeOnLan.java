package org.qrm.plugin.wakeonlan.internal;

import org.osgi.service.component.annotations.Component;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.plugin.Plugin;

/** The plug-in: a name for what {@link WakeOnLanPower} adds. It needs nothing on the server, and makes nothing there. */
@Component
public final class WakeOnLan implements Plugin {

    static final String ID = "wake-on-lan";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "Switches machines on that have no BMC, by Wake-on-LAN";
    }

    @Override
    public void install(WorkContext work) {
        // nothing to do
    }
}
