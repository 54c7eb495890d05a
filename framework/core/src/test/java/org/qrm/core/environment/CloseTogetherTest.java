package org.qrm.core.environment;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.assignment.Assignment;
import org.qrm.api.assignment.AssignmentListener;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.CoreFixture;
import org.qrm.core.Eventually;
import org.qrm.core.TestMachine;

/** Whatever is asked for while something else is under way: it ends where the last one that was accepted wanted it, or is refused. */
@RunWith(Parameterized.class)
public class CloseTogetherTest {

    /** What can be asked for. */
    enum Verb {
        START {
            @Override
            Operation ask(String name) {
                return core.environments.start(name, StartRequest.ANYWHERE);
            }
        },
        RESTART {
            @Override
            Operation ask(String name) {
                return core.environments.restart(name);
            }
        },
        STOP {
            @Override
            Operation ask(String name) {
                return core.environments.stop(name, false);
            }
        };

        abstract Operation ask(String name);

        EnvironmentState goal() {
            return this == STOP ? EnvironmentState.INACTIVE : EnvironmentState.ACTIVE;
        }
    }

    /** Before each of these steps of the first; {@code afterwards}: while its last step tells plug-ins. */
    private static List<String> steps(Verb verb) {
        return switch (verb) {
            case START -> List.of("prepare", "open-access", "boot", "await-active", "finish", "afterwards");
            case RESTART -> List.of("order", "await-active", "finish");
            case STOP ->
                List.of("ask-listeners", "release", "cut-power", "await-idle", "close-access", "finish", "afterwards");
        };
    }

    @Parameters(name = "{0}: {1}, at {2} {3}")
    public static List<Object[]> all() {
        List<Object[]> all = new ArrayList<>();
        for (EnvironmentMode mode : EnvironmentMode.values()) {
            for (Verb first : Verb.values()) {
                for (String step : steps(first)) {
                    for (Verb second : Verb.values()) {
                        all.add(new Object[] {mode, first, step, second});
                    }
                }
            }
        }
        return all;
    }

    @Parameter
    public EnvironmentMode mode;

    @Parameter(1)
    public Verb first;

    @Parameter(2)
    public String step;

    @Parameter(3)
    public Verb second;

    @ClassRule
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    private static final List<TestMachine> MACHINES = new ArrayList<>();
    private static CoreFixture core;
    private static int environments;

    private final String name = "web-" + ++environments;
    private final AtomicBoolean asked = new AtomicBoolean();
    private final AtomicReference<Operation> accepted = new AtomicReference<>();
    private final AtomicReference<QrmException> refused = new AtomicReference<>();

    @BeforeClass
    public static void open() throws Exception {
        core = new CoreFixture(FOLDER.getRoot().toPath(), CoreFixture.QUICK);
        for (int number = 1; number <= 3; number++) {
            MACHINES.add(new TestMachine(() -> core.nodes(), number, 2, 1024).powerOn());
        }
    }

    @AfterClass
    public static void close() {
        MACHINES.forEach(TestMachine::close);
        core.close();
    }

    @Before
    public void prepare() throws Exception {
        Eventually.eventually(
                () -> "all are idle",
                () -> core.resources.countByState().getOrDefault(ResourceState.IDLE, 0L) == MACHINES.size());
        core.environment(name, mode, Requirements.NONE);
        if (first != Verb.START) {
            core.await(Verb.START.ask(name));
        }
    }

    @After
    public void clear() throws Exception {
        core.beforeStep = now -> {};
        core.listeners.clear();
        if (core.environments.find(name).orElseThrow().state() != EnvironmentState.INACTIVE) {
            core.await(Verb.STOP.ask(name));
        }
    }

    @Test
    public void theOneThatWasAcceptedLastIsCarriedOut() throws Exception {
        core.beforeStep = now -> {
            if (now.name().equals(step)) {
                ask();
            }
        };
        core.listeners.add(new Afterwards());
        Operation before = core.await(first.ask(name));
        core.beforeStep = now -> {};
        assertTrue("nothing was asked at " + step, asked.get());
        // a listener that takes long is not waited for
        Eventually.eventually(() -> "it is answered", () -> accepted.get() != null || refused.get() != null);
        Verb last = first;
        if (accepted.get() != null) {
            last = second;
            Operation after = core.await(accepted.get());
            assertEquals(after.reason(), OperationState.DONE, after.state());
        } else {
            assertEquals(Problem.Kind.CONFLICT, refused.get().problem().kind());
        }
        assertNotEquals(before.reason(), OperationState.FAILED, before.state());
        assertTrue(before.reason(), accepted.get() != null || before.state() == OperationState.DONE);
        assertEquals(last.goal(), core.environments.find(name).orElseThrow().state());
        assertEquals(
                last.goal() == EnvironmentState.ACTIVE,
                !core.environments.find(name).orElseThrow().resources().isEmpty());
        assertEquals(List.of(), core.openEvents("virtual-environment.error"));
        assertEquals(List.of(), core.openEvents("operation.failed"));
    }

    private void ask() {
        if (asked.compareAndSet(false, true)) {
            try {
                accepted.set(second.ask(name));
            } catch (QrmException no) {
                refused.set(no);
            }
        }
    }

    private final class Afterwards implements AssignmentListener {
        @Override
        public BootConfiguration beforeAssign(Assignment assignment, BootConfiguration plan, WorkContext work) {
            return plan;
        }

        @Override
        public void afterAssign(Assignment assignment, WorkContext work) {
            if (first == Verb.START && step.equals("afterwards")) {
                ask();
            }
        }

        @Override
        public void afterRelease(Assignment assignment, WorkContext work) {
            if (first == Verb.STOP && step.equals("afterwards")) {
                ask();
            }
        }
    }
}
