package org.qrm.core.component;

import java.time.Clock;
import java.time.Duration;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;
import org.qrm.core.operation.OperationEngine;

/** Whether operations are carried out. */
final class EngineHealth implements HealthCheck {

    private static final Duration TOO_LONG = Duration.ofMinutes(1);

    private final OperationEngine engine;
    private final Clock clock;

    EngineHealth(OperationEngine engine, Clock clock) {
        this.engine = engine;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "operations";
    }

    @Override
    public HealthResult execute() {
        Duration since = Duration.between(engine.lastLook(), clock.instant());
        if (since.compareTo(TOO_LONG) > 0) {
            return new HealthResult(
                    HealthResult.Status.CRITICAL,
                    "Nobody has looked for operations for " + since.toSeconds()
                            + " s. Look at the database and at the server's log; restart the server if it stays so.");
        }
        return new HealthResult(HealthResult.Status.OK, "Operations are carried out.");
    }
}
