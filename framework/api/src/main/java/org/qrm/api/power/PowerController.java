package org.qrm.api.power;

import org.osgi.annotation.versioning.ConsumerType;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.resource.Resource;

/** Switches machines on and off (IPMI, Wake-on-LAN, a hypervisor). Registered as an OSGi service by a plug-in. */
@ConsumerType
public interface PowerController {

    /** Whether it can switch that machine. */
    boolean controls(Resource resource);

    void powerOn(Resource resource, WorkContext work);

    void powerOff(Resource resource, WorkContext work);

    /** Off and on again, without asking the machine. */
    void powerCycle(Resource resource, WorkContext work);
}
