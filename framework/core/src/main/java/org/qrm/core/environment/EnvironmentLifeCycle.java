package org.qrm.core.environment;

import static org.qrm.api.environment.EnvironmentState.ACTIVE;
import static org.qrm.api.environment.EnvironmentState.ERROR;
import static org.qrm.api.environment.EnvironmentState.INACTIVE;
import static org.qrm.api.environment.EnvironmentState.STARTING;
import static org.qrm.api.environment.EnvironmentState.STOPPING;

import org.qrm.api.environment.EnvironmentState;
import org.qrm.core.lifecycle.LifeCycle;

/** The life of a virtual environment. */
final class EnvironmentLifeCycle {

    static final LifeCycle<EnvironmentState> TABLE = new LifeCycle<>("virtual environment", EnvironmentState.class)
            .from(INACTIVE, STARTING)
            .from(STARTING, ACTIVE, STOPPING, INACTIVE, ERROR)
            .from(ACTIVE, STARTING, STOPPING, ERROR)
            .from(STOPPING, INACTIVE, STARTING, ACTIVE, ERROR)
            .from(ERROR, STARTING, ACTIVE, STOPPING, INACTIVE);

    private EnvironmentLifeCycle() {}
}
