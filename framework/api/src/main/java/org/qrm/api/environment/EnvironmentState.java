package org.qrm.api.environment;

/** States of a virtual environment's life cycle. */
public enum EnvironmentState {
    INACTIVE,
    STARTING,
    /** Every machine of it reported from inside the booted image. */
    ACTIVE,
    STOPPING,
    /** Start or stop failed, or one of its machines is lost; the reason is with it. */
    ERROR
}
