package org.qrm.core.resource;

import org.qrm.core.store.Change;

/** Who wants to know when a machine that is bound to a virtual environment has changed. */
public interface BoundMachines {

    /**
     * A machine of it has changed in this transaction.
     *
     * @param environment name of the virtual environment; null does nothing
     */
    void changed(Change change, String environment);
}
