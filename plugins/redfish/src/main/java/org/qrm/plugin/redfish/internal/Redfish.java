package org.qrm.plugin.redfish.internal;

import org.osgi.service.component.annotations.Component;
import org.qrm.api.plugin.Plugin;

/** The plug-in: a name for what {@link RedfishPower} adds. It makes nothing, so there is nothing to take away. */
@Component
public final class Redfish implements Plugin {

    static final String ID = "redfish";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "Switches machines on and off through their Redfish services";
    }
}
