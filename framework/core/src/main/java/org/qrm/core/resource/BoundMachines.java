package org.qrm.core.resource;

import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.qrm.core.store.Change;

/** Knows what machines run, and wants to know when one that is bound to a virtual environment has changed. */
public interface BoundMachines {

    /**
     * A machine of it has changed in this transaction.
     *
     * @param environment name of the virtual environment; null does nothing
     */
    void changed(Change change, String environment);

    /**
     * The image that a machine, or a partition on it, may write, so that it must not count as off or be forgotten before that is
     * certain; empty when there is none.
     */
    Optional<String> mayWrite(Handle handle, ResourceRow row);
}
