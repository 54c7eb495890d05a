package org.qrm.api.assignment;

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
