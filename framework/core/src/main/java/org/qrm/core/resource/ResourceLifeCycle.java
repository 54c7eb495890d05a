package org.qrm.core.resource;

import static org.qrm.api.resource.ResourceState.ACTIVE;
import static org.qrm.api.resource.ResourceState.ASSIGNED;
import static org.qrm.api.resource.ResourceState.BOOTING;
import static org.qrm.api.resource.ResourceState.ERROR;
import static org.qrm.api.resource.ResourceState.IDLE;
import static org.qrm.api.resource.ResourceState.MAINTENANCE;
import static org.qrm.api.resource.ResourceState.NEW;
import static org.qrm.api.resource.ResourceState.OFF;
import static org.qrm.api.resource.ResourceState.RELEASING;

import org.qrm.api.resource.ResourceState;
import org.qrm.core.lifecycle.LifeCycle;

/** The life of a resource. */
final class ResourceLifeCycle {

    static final LifeCycle<ResourceState> TABLE = new LifeCycle<>("resource", ResourceState.class)
            .from(NEW, IDLE, OFF, ERROR, MAINTENANCE)
            .from(IDLE, NEW, ASSIGNED, OFF, ERROR, MAINTENANCE)
            .from(ASSIGNED, NEW, BOOTING, IDLE, RELEASING, OFF, ERROR)
            .from(BOOTING, ACTIVE, RELEASING, OFF, ERROR)
            .from(ACTIVE, BOOTING, RELEASING, OFF, ERROR)
            .from(RELEASING, NEW, IDLE, OFF, ERROR)
            .from(OFF, NEW, IDLE, ASSIGNED, BOOTING, RELEASING, ERROR, MAINTENANCE)
            .from(ERROR, NEW, IDLE, BOOTING, ACTIVE, RELEASING, OFF, MAINTENANCE)
            .from(MAINTENANCE, NEW, IDLE, OFF);

    private ResourceLifeCycle() {}
}
