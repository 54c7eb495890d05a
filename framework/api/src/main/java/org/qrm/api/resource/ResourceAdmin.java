package org.qrm.api.resource;

import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.operation.Operation;

/** Changes resources. */
@ProviderType
public interface ResourceAdmin {

    /**
     * Starts an action.
     *
     * @return the operation that carries it out, queued
     * @throws org.qrm.api.QrmException NOT_FOUND; CONFLICT when the state does not allow it; UNAVAILABLE when it
     *     needs a power controller and none controls this machine
     */
    Operation act(long id, ResourceAction action);

    /**
     * Gives it another name.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND; INVALID; CONFLICT when the name is taken
     */
    Resource rename(long id, String name);

    /**
     * Makes a partition known before it boots, as a resource of its host in state NEW; the same again when that MAC
     * is known as a partition of that host.
     *
     * @throws org.qrm.api.QrmException CONFLICT when the MAC belongs to another machine
     */
    Resource addPartition(MacAddress mac, String name, long hostId, String plugin);

    /** Takes a partition off the list, once it does not exist any more. Does nothing if it is not there. */
    void removePartition(MacAddress mac);
}
