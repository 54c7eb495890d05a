package org.qrm.core.environment;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.qrm.core.Eventually.eventually;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.Test;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.Healing;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;

/** The state of an environment follows from its machines' also in what they do while an operation is about to end. */
public class FollowingTest extends HealingSite {

    @Test
    public void aMachineThatBootsAgainWhileItsHealingEnds() throws Exception {
        power.state = machine -> PowerState.UNKNOWN;
        long lost = runs("web", RESTART);
        idle();
        lose(lost, "web");
        Operation heal = healing("web");
        aPersonIsAsked();
        core.beforeStep = step -> {
            if (step.name().equals("release")) {
                move(lost, ResourceState.BOOTING, "");
            } else if (step.name().equals("start")) {
                assertEquals(EnvironmentState.STARTING, environment("web").state());
                move(lost, ResourceState.ACTIVE, "");
            }
        };
        core.environments.confirmFenced("web", lost);
        assertEquals(OperationState.DONE, core.await(heal).state());
        assertEquals(EnvironmentState.ACTIVE, environment("web").state());
        assertEquals(List.of(lost), environment("web").resources());
    }

    @Test
    public void aMachineThatIsLostWhileItsStartEnds() throws Exception {
        long id = idle();
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        AtomicBoolean done = loseBeforeTheEnd(id);
        Operation start = core.await(core.environments.start("web", new StartRequest(List.of(id), 1)));
        assertEquals(start.reason(), OperationState.DONE, start.state());
        assertTrue(done.get());
        inTrouble();
    }

    @Test
    public void aMachineThatIsLostWhileItsRestartEnds() throws Exception {
        long id = runs("web", Healing.NONE);
        AtomicBoolean done = loseBeforeTheEnd(id);
        Operation restart = core.await(core.environments.restart("web"));
        assertEquals(restart.reason(), OperationState.DONE, restart.state());
        assertTrue(done.get());
        inTrouble();
    }

    @Test
    public void aMachineThatStartsAgainWhenItIsAboutToCountAsOff() throws Exception {
        long id = idle();
        power.controls = false;
        AtomicBoolean started = new AtomicBoolean();
        core.controllers.add(0, new Power() {
            @Override
            public boolean controls(Resource machine) {
                if (started.compareAndSet(false, true)) {
                    power.boot(machine);
                    awaits(id, ResourceState.IDLE);
                    eventually(
                            () -> "it has registered",
                            () -> !core.database.read(handle -> new ResourceRows()
                                    .find(handle, id)
                                    .filter(row -> row.instruction() != null)
                                    .isPresent()));
                }
                return false;
            }
        });
        Operation off = core.await(core.resources.act(id, ResourceAction.POWER_OFF));
        assertTrue(started.get());
        assertEquals(OperationState.FAILED, off.state());
        assertTrue(off.reason(), off.reason().contains("the machine started again instead"));
        assertEquals(ResourceState.IDLE, resource(id).state());
    }

    private void inTrouble() {
        assertEquals(EnvironmentState.ERROR, environment("web").state());
        assertEquals("node-525400000001 is error: silent", environment("web").reason());
        assertEquals(1, core.openEvents("virtual-environment.error").size());
    }

    private AtomicBoolean loseBeforeTheEnd(long id) {
        AtomicBoolean done = new AtomicBoolean();
        core.beforeStep = step -> {
            if (step.name().equals("finish")) {
                power.of(id).close();
                move(id, ResourceState.ERROR, "silent");
                done.set(true);
            }
        };
        return done;
    }

    /** As whoever hears of a machine does it. */
    private void move(long id, ResourceState to, String reason) {
        ResourceRows rows = new ResourceRows();
        core.database.change(change -> {
            ResourceRow row = rows.find(change.handle(), id).orElseThrow();
            rows.heard(change, List.of(new ResourceRows.Heard(id, System.currentTimeMillis(), 0.1)));
            rows.move(change, row, to, reason);
            new EnvironmentHealth(rows).changed(change, row.resource().environmentId());
            return null;
        });
    }
}
