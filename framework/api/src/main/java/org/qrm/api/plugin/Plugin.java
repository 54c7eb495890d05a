package org.qrm.api.plugin;

import org.osgi.annotation.versioning.ConsumerType;
import org.qrm.api.operation.WorkContext;

/**
 * An extension of the server. Registered as an OSGi service by its bundle; it goes when its bundle goes. Every method is
 * idempotent: after a crash it is called again. A method that fails undoes what it did.
 */
@ConsumerType
public interface Plugin {

    /**
     * A property of services: the id of the plug-in that a service belongs to. Needed only by bundles without a plug-in of
     * their own; what belongs to no plug-in is not used.
     */
    String OWNER = "qrm.plugin";

    /** Lower-case word, unique: {@code xen}. */
    String id();

    /** One line for people. */
    String description();

    /** Makes what it needs: images, storage servers, accounts on other machines. */
    default void install(WorkContext work) {}

    /** What is done once after installation, with the server running. */
    default void runOnce(WorkContext work) {}

    /**
     * Says whether it can be uninstalled now, before any work is begun; {@link #uninstall} finds out again. Answers within
     * seconds.
     *
     * @throws org.qrm.api.QrmException CONFLICT or REFUSED, naming what is in the way
     */
    default void checkUninstall() {}

    /** Takes away what {@link #install} and {@link #runOnce} made; leaves no trace. */
    default void uninstall(WorkContext work) {}
}
