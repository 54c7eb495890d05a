package org.qrm.rest.internal.fake;

import org.qrm.rest.internal.services.ApiServices;

/** All services, in memory. */
public final class FakeServices extends ApiServices {

    public final FakeOperations knownOperations = new FakeOperations();
    public final FakeResources knownResources = new FakeResources(knownOperations);
    public final FakeEnvironments knownEnvironments = new FakeEnvironments(knownOperations);

    public FakeServices() {
        operations = knownOperations;
        resources = knownResources;
        resourceAdmin = knownResources;
        virtualEnvironments = knownEnvironments;
    }

    public void loseResources() {
        resources = null;
    }
}
