package org.qrm.plugin.ipmi.internal;

import org.osgi.service.component.annotations.Component;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.plugin.Plugin;

/** The plug-in: a name for what {@link IpmiPower} adds. It makes nothing, so there is nothing to take away. */
@Component
public final class Ipmi implements Plugin {

    static final String ID = "ipmi";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "Switches machines on and off through their BMCs (IPMI 2.0)";
    }

    /** @throws org.qrm.api.QrmException UNAVAILABLE without ipmitool */
    @Override
    public void install(WorkContext work) {
        work.log("ipmitool is there: " + Ipmitool.require("install"));
    }
}
