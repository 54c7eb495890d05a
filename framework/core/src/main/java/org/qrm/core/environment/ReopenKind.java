package org.qrm.core.environment;

import java.time.Duration;
import java.util.List;
import org.qrm.api.Problem;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.operation.OperationKind;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Work;
import org.qrm.core.store.Change;

/**
 * Opens an environment's image to the addresses that its machines have now. It has a lane of its own: what restarts the machine
 * that waits for this may have those of the environment and of the machine.
 */
public final class ReopenKind implements OperationKind {

    static final String NAME = "virtual-environment.reopen";

    private final StorageAccess access;
    private final List<Step> steps;

    ReopenKind(StorageAccess access, Duration limit) {
        this.access = access;
        this.steps = List.of(new Step("open-access", limit, this::openAccess));
    }

    /**
     * Which environment.
     *
     * @param environment its name
     */
    record OfEnvironment(String environment) {}

    /** Asks for it, as part of the change that makes it necessary. */
    public static long submit(OperationEngine engine, Change change, String environment) {
        return engine.submit(
                change,
                NAME,
                EnvironmentService.lane(environment),
                new OfEnvironment(environment),
                List.of("access/" + environment));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Step> steps() {
        return steps;
    }

    private Step.Outcome openAccess(Work work) {
        String name = work.parameters(OfEnvironment.class).environment();
        work.read(handle -> EnvironmentRows.find(handle, name))
                .ifPresent(environment -> access.apply(work, environment.spec().filesystemImage()));
        return Step.Outcome.DONE;
    }

    /** The machine goes on waiting, and is given up when its time is over. */
    @Override
    public void undo(Work work, Problem why) {}
}
