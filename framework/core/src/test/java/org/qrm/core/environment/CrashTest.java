package org.qrm.core.environment;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.qrm.core.Eventually.eventually;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.CoreFixture;
import org.qrm.core.TestMachine;

/** The server is killed at the beginning of each step of a start and of a stop; the next one finishes the work. */
public class CrashTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CoreFixture core;
    private TestMachine machine;

    @Before
    public void open() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK);
        machine = new TestMachine(core::nodes, 1, 2, 1024).powerOn();
        eventually(() -> "idle, but " + machine.trouble(), () -> is(ResourceState.IDLE));
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
    }

    @After
    public void close() {
        machine.close();
        core.close();
    }

    @Test
    public void aStartThatWasCutOffAtAnyStepIsFinished() throws Exception {
        Operation whole = core.await(core.environments.start("web", StartRequest.ANYWHERE));
        core.await(core.environments.stop("web", false));
        forgetEvents();
        for (String step : steps(whole)) {
            long operation = crashAt(step, () -> core.environments.start("web", StartRequest.ANYWHERE));
            Operation ended = core.await(core.operations.find(operation).orElseThrow());
            assertEquals("cut off at " + step + ": " + ended.reason(), OperationState.DONE, ended.state());
            assertEquals(EnvironmentState.ACTIVE, state());
            assertTrue(is(ResourceState.ACTIVE));
            assertEquals(1, core.storage.access.get("web").size());
            assertEquals("it ended once", 1, eventsSinceStart("virtual-environment.active"));
            core.await(core.environments.stop("web", false));
            forgetEvents();
        }
    }

    @Test
    public void aStopThatWasCutOffAtAnyStepIsFinished() throws Exception {
        core.await(core.environments.start("web", StartRequest.ANYWHERE));
        Operation whole = core.await(core.environments.stop("web", false));
        for (String step : steps(whole)) {
            core.await(core.environments.start("web", StartRequest.ANYWHERE));
            forgetEvents();
            long operation = crashAt(step, () -> core.environments.stop("web", false));
            Operation ended = core.await(core.operations.find(operation).orElseThrow());
            assertEquals("cut off at " + step + ": " + ended.reason(), OperationState.DONE, ended.state());
            assertEquals(EnvironmentState.INACTIVE, state());
            assertTrue(is(ResourceState.IDLE));
            assertEquals(List.of(), core.storage.access.get("web"));
            assertEquals("it ended once", 1, eventsSinceStart("virtual-environment.inactive"));
        }
    }

    private long crashAt(String step, java.util.concurrent.Callable<Operation> request) throws Exception {
        AtomicBoolean reached = new AtomicBoolean();
        core.beforeStep = next -> {
            if (next.name().equals(step) && reached.compareAndSet(false, true)) {
                core.engine.abandon();
                throw new CancelledException("killed");
            }
        };
        long id = request.call().id();
        eventually(() -> "step " + step + " is reached", reached::get);
        core.crash();
        return id;
    }

    private static List<String> steps(Operation operation) {
        return operation.steps().stream().map(Operation.Step::name).toList();
    }

    private long eventsSinceStart(String type) {
        return core.database.read(handle -> handle.createQuery("select count(*) from event where type = :type")
                .bind("type", type)
                .mapTo(Long.class)
                .one());
    }

    private void forgetEvents() {
        core.database.change(change -> change.handle().execute("delete from event"));
    }

    private EnvironmentState state() {
        return core.environments.find("web").orElseThrow().state();
    }

    private boolean is(ResourceState state) {
        return core.resources
                .find(machine.mac())
                .map(resource -> resource.state() == state)
                .orElse(false);
    }
}
