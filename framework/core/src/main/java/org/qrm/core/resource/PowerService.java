package org.qrm.core.resource;

import java.time.Duration;
import java.util.function.LongConsumer;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.power.MachinePower;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.Resource;
import org.qrm.core.store.Database;

/** Asks those who switch machines whether they have power. */
public final class PowerService implements MachinePower {

    private static final String ATTEMPT = "tell the power of resource";

    /** Somebody waits for it. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Database database;
    private final ResourceRows rows;
    private final PowerControllers controllers;
    private final LongConsumer told;

    /** @param told hears of a machine whose controller answered, which it may not have done before */
    public PowerService(Database database, ResourceRows rows, PowerControllers controllers, LongConsumer told) {
        this.database = database;
        this.rows = rows;
        this.controllers = controllers;
        this.told = told;
    }

    @Override
    public PowerState of(long id) {
        Resource resource = database.read(handle -> rows.find(handle, id))
                .map(ResourceRow::resource)
                .orElseThrow(() -> QrmException.notFound(ATTEMPT, "resource", String.valueOf(id)));
        if (!controllers.isControlled(resource)) {
            throw uncontrolled(ATTEMPT, resource, "Install a power plug-in, or configure this machine for it.");
        }
        PowerState state = controllers
                .of(resource, PowerAbility.STATE)
                .map(machine -> machine.state(LIMIT))
                .orElse(PowerState.UNKNOWN);
        told.accept(id);
        return state;
    }

    static QrmException uncontrolled(String attempted, Resource resource, String remedy) {
        return new QrmException(new Problem(
                Problem.Kind.UNAVAILABLE,
                attempted,
                resource.name(),
                "no plug-in controls the power of this machine",
                remedy));
    }
}
