package org.qrm.api.assignment;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.operation.WorkContext;

/**
 * A plug-in's hook on assignment and release. Registered as an OSGi service; listeners are called in the order of their
 * service ranking, the highest first, on release in the opposite order.
 *
 * <p>Each call has 30 s. What it throws, or not returning in time, fails that operation alone; a
 * {@link org.qrm.api.QrmException} of kind REFUSED is a veto with a reason. After a crash of the server a call may be
 * repeated.
 */
@ConsumerType
public interface AssignmentListener {

    /**
     * Before the machine boots the environment.
     *
     * @param planned what it would boot
     * @return what it shall boot; {@code planned} to change nothing
     */
    default BootConfiguration beforeAssign(Assignment assignment, BootConfiguration planned, WorkContext work) {
        return planned;
    }

    /**
     * Before the machine boots the environment, after {@link #beforeAssign}: what this plug-in's settings are to the machine. It
     * is told over its authenticated channel only, and finds each as a line {@code name=value} in {@code /run/qrm/arguments};
     * what stands on a kernel's line is for everybody to read. A name that the administrator has given the environment a secret
     * argument of has the administrator's value; one that two listeners give fails the start.
     *
     * @return name to value, as {@link org.qrm.api.boot.SecretArgument} says; those of all listeners are at most
     *     {@link org.qrm.api.boot.SecretArgument#MOST}
     */
    default Map<String, String> secretArguments(Assignment assignment, WorkContext work) {
        return Map.of();
    }

    /** After the machine reported from inside the booted image. */
    default void afterAssign(Assignment assignment, WorkContext work) {}

    /**
     * Before the machine is released.
     *
     * @param force the administrator insists; a veto is not heard then
     */
    default void beforeRelease(Assignment assignment, boolean force, WorkContext work) {}

    /** After the machine is idle again, or was given up. */
    default void afterRelease(Assignment assignment, WorkContext work) {}
}
