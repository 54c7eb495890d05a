package org.qrm.core.environment;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.qrm.core.Eventually.eventually;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.node.Instruction;
import org.qrm.api.node.Report;
import org.qrm.api.node.Report.NodeState;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.ResourceState;

/** A machine that was fenced, and reports all the same: who said that it is off was wrong. */
public class FencedReportsTest extends HealingSite {

    private static final String ALARM = "resource.fenced-reports";

    private Instruction report(long id, String token, NodeState state) {
        Report report = new Report(id, token, state, 0.1, 100, 1, "");
        try {
            return core.nodes()
                    .report(report, Duration.ZERO)
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
        } catch (QrmException refused) {
            throw refused;
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private String token(long id) {
        return power.of(id).registered().nodeToken();
    }

    private long alarms() {
        return core.database.read(handle -> handle.createQuery("select count(*) from event where type = :type")
                .bind("type", ALARM)
                .mapTo(Long.class)
                .one());
    }

    @Test
    public void isToldAndToldToRestartAndNeverActive() throws Exception {
        long lost = runs("web", RESTART);
        String token = token(lost);
        long spare = idle();
        lose(lost, "web");
        healing("web");
        activeOn("web", spare);
        assertEquals(ResourceState.OFF, resource(lost).state());
        core.crash();
        for (NodeState state : List.of(NodeState.ACTIVE, NodeState.ACTIVE, NodeState.STARTING, NodeState.ACTIVE)) {
            assertEquals(new Instruction.Reboot(), report(lost, token, state));
        }
        assertEquals(null, resource(lost).environmentId());
        assertTrue(resource(lost).toString(), resource(lost).state() != ResourceState.ACTIVE);
        activeOn("web", spare);
        assertEquals(1, alarms());
        String told = core.openEvents(ALARM).get(0);
        assertTrue(told, told.startsWith(resource(lost).name() + " was fenced (who switches it said that it is off)"));
        assertTrue(told, told.contains("may write web"));

        // it obeys
        power.boot(resource(lost));
        awaits(lost, ResourceState.IDLE);
        assertEquals(List.of(), core.openEvents(ALARM));
        eventually(() -> "its former boot is nobody's", () -> isRefused(lost, token));
        assertEquals(1, alarms());
        activeOn("web", spare);
    }

    private boolean isRefused(long id, String token) {
        try {
            report(id, token, NodeState.ACTIVE);
            return false;
        } catch (QrmException refused) {
            return refused.problem().kind() == Problem.Kind.UNAUTHENTICATED;
        }
    }

    /** A person was wrong, and no other machine is there yet. */
    @Test
    public void keepsItsImageFromOthersUntilItHasRestarted() throws Exception {
        power.state = machine -> PowerState.UNKNOWN;
        long lost = runs("web", RESTART);
        String token = token(lost);
        lose(lost, "web");
        Operation heal = healing("web");
        aPersonIsAsked();
        core.environments.confirmFenced("web", lost);
        eventually(
                () -> "it waits for a machine",
                () -> core.openEvents("healing.no-spare").size() == 1);
        assertEquals(new Instruction.Reboot(), report(lost, token, NodeState.ACTIVE));
        assertEquals(ResourceState.ERROR, resource(lost).state());
        assertTrue(core.openEvents(ALARM).get(0).contains("a person said that it has no power"));
        power.reset();
        long spare = idle();
        core.engine.poke(EnvironmentService.lane("web"));
        eventually(
                () -> "a person is asked again: " + log(heal),
                () -> core.openEvents("healing.unfenced").stream()
                        .anyMatch(told -> told.contains("it was fenced before, and reported all the same")));
        assertEquals(ResourceState.IDLE, resource(spare).state());
        assertEquals(EnvironmentState.ERROR, environment("web").state());
        power.boot(resource(lost));
        assertEquals(OperationState.DONE, core.await(heal).state());
        eventually(
                () -> "it is active: " + environment("web"),
                () -> environment("web").state() == EnvironmentState.ACTIVE);
        assertEquals(1, environment("web").resources().size());
    }

    /** It is taken for something else, and has not booted for that yet. */
    @Test
    public void restartsAlsoWhenItWasTakenForSomethingElse() throws Exception {
        long lost = runs("web", RESTART);
        String token = token(lost);
        long spare = idle();
        lose(lost, "web");
        core.await(healing("web"));
        activeOn("web", spare);
        core.environment("other", EnvironmentMode.SINGLE, Requirements.NONE);
        AtomicReference<Object> answer = new AtomicReference<>();
        core.beforeStep = step -> {
            if (step.name().equals("boot")) {
                answer.compareAndSet(
                        null,
                        report(lost, token, NodeState.ACTIVE) + " "
                                + resource(lost).state());
                report(lost, token, NodeState.ACTIVE);
            }
        };
        Operation start = core.await(core.environments.start("other", new StartRequest(List.of(lost), 1)));
        assertEquals(start.reason(), OperationState.DONE, start.state());
        assertEquals(new Instruction.Reboot() + " " + ResourceState.ASSIGNED, answer.get());
        assertEquals(1, alarms());
        activeOn("other", lost);
        assertEquals(List.of(spare), environment("web").resources());
    }

    @Test
    public void isNobodyWithoutItsToken() throws Exception {
        long lost = runs("web", RESTART);
        long spare = idle();
        lose(lost, "web");
        healing("web");
        activeOn("web", spare);
        for (String token : List.of("invented", token(spare))) {
            assertTrue(isRefused(lost, token));
        }
        assertEquals(0, alarms());
        assertEquals(ResourceState.OFF, resource(lost).state());
    }
}
