package org.qrm.core.environment;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.qrm.core.Eventually.eventually;

import java.util.ArrayList;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentAction;
import org.qrm.api.environment.EnvironmentField;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.ManyEnvironments;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.event.EventField;
import org.qrm.api.operation.Many;
import org.qrm.api.operation.ManyPlan;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationField;
import org.qrm.api.operation.OperationPart;
import org.qrm.api.operation.OperationState;
import org.qrm.api.operation.PartState;
import org.qrm.core.CoreFixture;
import org.qrm.core.TestMachine;
import org.qrm.core.event.EventLogService;

public class EnvironmentsAtOnceTest {

    private static final Many HOW = new Many("ann", "monday", 10, 100);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<TestMachine> machines = new ArrayList<>();
    private CoreFixture core;

    @Before
    public void threeEnvironmentsAndTwoMachines() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK);
        for (int i = 1; i <= 3; i++) {
            core.environment("web" + i, EnvironmentMode.SINGLE, Requirements.NONE);
        }
        for (int i = 1; i <= 2; i++) {
            machines.add(new TestMachine(core::nodes, i, 2, 1024).powerOn());
        }
        machines.forEach(core::awaitIdle);
    }

    @After
    public void close() {
        machines.forEach(TestMachine::close);
        core.close();
    }

    @Test
    public void eachOfManyIsStartedAndStopped() throws Exception {
        Operation started = core.await(act(EnvironmentAction.START, List.of()));
        assertEquals(OperationState.FAILED, started.state());
        assertEquals("2 of 3 done, 1 refused", started.doing());
        assertEquals(List.of("web1", "web2"), in(EnvironmentState.ACTIVE));
        OperationPart refused = Page.all(page -> core.operations.parts(started.id(), PartState.REFUSED, page))
                .get(0);
        assertEquals("virtual-environment/web3", refused.subject());
        assertTrue(refused.reason(), refused.reason().contains("not enough machines fit"));
        assertEquals(
                "ann asks to start virtual environment web2, with others (operation " + started.id() + "): monday",
                new EventLogService(core.database)
                        .list(Filter.by(EventField.TYPE, "virtual-environment.asked"), PageRequest.FIRST)
                        .items()
                        .get(0)
                        .description());

        ManyPlan plan = core.environments.plan(which(EnvironmentAction.STOP, List.of()), 10);
        assertEquals(2, plan.possible());
        assertEquals("it is not running", plan.things().get(2).reason());
        assertEquals(
                1,
                core.environments
                        .plan(which(EnvironmentAction.START, List.of()), 10)
                        .possible());
        assertEquals(
                2,
                core.environments
                        .plan(which(EnvironmentAction.RESTART, List.of()), 10)
                        .possible());

        assertEquals(
                OperationState.DONE,
                core.await(act(EnvironmentAction.RESTART, List.of("web2", "web1")))
                        .state());
        assertEquals(
                OperationState.DONE,
                core.await(act(EnvironmentAction.STOP, List.of("web1", "web2"))).state());
        assertEquals(List.of("web1", "web2", "web3"), in(EnvironmentState.INACTIVE));
        assertThrows(QrmException.class, () -> act(EnvironmentAction.STOP, List.of("web1", "web9")));
    }

    @Test
    public void noneIsStartedTwiceWhenTheServerIsKilled() throws Exception {
        Operation asked = act(EnvironmentAction.START, List.of("web1", "web2"));
        eventually(() -> "one is begun", () -> !starts().isEmpty());
        core.crash();
        assertEquals(OperationState.DONE, core.await(asked).state());
        assertEquals(2, starts().size());
        assertEquals(List.of("web1", "web2"), in(EnvironmentState.ACTIVE));
    }

    private List<Operation> starts() {
        return Page.all(
                page -> core.operations.list(Filter.by(OperationField.KIND, "virtual-environment.start"), page));
    }

    private Operation act(EnvironmentAction action, List<String> names) {
        return core.environments.act(which(action, names), HOW);
    }

    private static ManyEnvironments which(EnvironmentAction action, List<String> names) {
        return new ManyEnvironments(names, Filter.all(), action, false);
    }

    private List<String> in(EnvironmentState state) {
        return core.environments.list(Filter.by(EnvironmentField.STATE, state), PageRequest.FIRST).items().stream()
                .map(VirtualEnvironment::name)
                .toList();
    }
}
