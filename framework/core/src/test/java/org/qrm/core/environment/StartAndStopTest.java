package org.qrm.core.environment;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.qrm.core.Eventually.eventually;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Expected;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.Tag;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.Placement;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.image.BootImage;
import org.qrm.api.node.Report.NodeState;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.PowerController;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.storage.StorageClient;
import org.qrm.core.CoreFixture;
import org.qrm.core.Limits;
import org.qrm.core.TestMachine;

public class StartAndStopTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CoreFixture core;
    private final List<TestMachine> machines = new ArrayList<>();

    @Before
    public void open() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK);
    }

    @After
    public void close() {
        machines.forEach(TestMachine::close);
        core.close();
    }

    @Test
    public void anEnvironmentIsActiveOnceItsMachineSaysSoAndLeavesTheMachineIdle() throws Exception {
        TestMachine machine = idle(machine(1, 2, 1024));
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);

        Operation start = core.await(core.environments.start("web", StartRequest.ANYWHERE));
        assertEquals(start.reason(), OperationState.DONE, start.state());
        assertEquals(
                EnvironmentState.ACTIVE,
                core.environments.find("web").orElseThrow().state());
        Resource active = core.resources.find(machine.mac()).orElseThrow();
        assertEquals(ResourceState.ACTIVE, active.state());
        assertEquals("web", active.environmentId());
        assertEquals(List.of(new StorageClient(active.address(), true)), core.storage.access.get("web"));

        Operation stop = core.await(core.environments.stop("web", false));
        assertEquals(stop.reason(), OperationState.DONE, stop.state());
        assertEquals(
                EnvironmentState.INACTIVE,
                core.environments.find("web").orElseThrow().state());
        assertEquals(
                ResourceState.IDLE,
                core.resources.find(machine.mac()).orElseThrow().state());
        assertEquals(List.of(), core.storage.access.get("web"));
    }

    @Test
    public void aRestartEndsInTheSameEnvironment() throws Exception {
        TestMachine machine = idle(machine(1, 2, 1024));
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        core.await(core.environments.start("web", StartRequest.ANYWHERE));

        Operation restart = core.await(core.environments.restart("web"));
        assertEquals(restart.reason(), OperationState.DONE, restart.state());
        assertEquals(
                ResourceState.ACTIVE,
                core.resources.find(machine.mac()).orElseThrow().state());
        assertEquals(
                EnvironmentState.ACTIVE,
                core.environments.find("web").orElseThrow().state());
    }

    @Test
    public void aSharedImageIsOpenedForReadingToEachOfItsMachines() throws Exception {
        idle(machine(1, 2, 1024));
        idle(machine(2, 2, 1024));
        core.environment("farm", EnvironmentMode.MULTI, Requirements.NONE);

        Operation start = core.await(core.environments.start("farm", new StartRequest(List.of(), 2)));
        assertEquals(start.reason(), OperationState.DONE, start.state());
        assertEquals(2, core.storage.access.get("farm").size());
        assertTrue(core.storage.access.get("farm").stream().noneMatch(StorageClient::writable));
    }

    @Test
    public void aMachineWhoseLoaderHangsIsSwitchedOffAndOnOnce() throws Exception {
        core.close();
        core = new CoreFixture(
                folder.newFolder().toPath(),
                new Limits(
                        Duration.ofSeconds(45), Duration.ofSeconds(20), Duration.ofSeconds(3), Duration.ofSeconds(2)));
        TestMachine machine = idle(machine(1, 2, 1024));
        AtomicInteger cycles = new AtomicInteger();
        core.controllers.add(new Cycling(() -> {
            machine.close();
            if (cycles.incrementAndGet() == 1) {
                machine(1, 2, 1024);
            }
        }));
        core.image("web");
        core.environments.create(new EnvironmentSpec(
                "web",
                BootImage.DEFAULT,
                "web",
                EnvironmentMode.SINGLE,
                null,
                EnvironmentSpec.ON_NODE,
                Requirements.NONE,
                List.of("quiet"), // else the machine runs it already, and does not boot
                ""));
        machine.hangsInLoader();
        Operation start = core.await(core.environments.start("web", StartRequest.ANYWHERE));
        assertEquals(start.reason(), OperationState.DONE, start.state());
        assertEquals(1, cycles.get());

        core.await(core.environments.stop("web", false));
        machines.forEach(TestMachine::close);
        TestMachine other = idle(machine(1, 2, 1024));
        other.hangsInLoader();
        Operation again = core.await(core.environments.start("web", StartRequest.ANYWHERE));
        assertEquals(OperationState.FAILED, again.state());
        assertTrue(again.reason(), again.reason().contains("but no kernel"));
        assertEquals("once for each start", 2, cycles.get());
    }

    /** Switches machines off and on in some way. */
    private record Cycling(Runnable cycle) implements PowerController {
        @Override
        public boolean controls(Resource resource) {
            return true;
        }

        @Override
        public void powerOn(Resource resource, WorkContext work) {
            throw new AssertionError("it has power");
        }

        @Override
        public void powerOff(Resource resource, WorkContext work) {
            throw new AssertionError("it was to be switched off and on");
        }

        @Override
        public void powerCycle(Resource resource, WorkContext work) {
            cycle.run();
        }
    }

    @Test
    public void aMachineThatDoesNotComeUpInTimeIsCutOffAndTheReasonIsTold() throws Exception {
        core.close();
        core = new CoreFixture(
                folder.newFolder().toPath(),
                new Limits(
                        Duration.ofSeconds(45), Duration.ofSeconds(3), Duration.ofSeconds(3), Duration.ofSeconds(2)));
        TestMachine machine = idle(machine(1, 2, 1024));
        machine.close();
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);

        Operation start = core.await(core.environments.start("web", StartRequest.ANYWHERE));
        assertEquals(OperationState.FAILED, start.state());
        assertTrue(start.reason(), start.reason().contains("not active within 3 s: node-"));
        assertEquals(List.of(), core.storage.access.get("web"));
        VirtualEnvironment web = core.environments.find("web").orElseThrow();
        assertEquals(EnvironmentState.ERROR, web.state());
        assertEquals(List.of(), web.resources());

        TestMachine returned = idle(machine(1, 2, 1024)).hangsIn(NodeState.MOUNTING);
        String reason = failedStart(returned);
        assertTrue(reason, reason.contains("did not mount its filesystem image"));
        reason = failedStart(returned.hangsIn(NodeState.STARTING));
        assertTrue(reason, reason.contains("the system in it was starting until"));
        returned.hangsIn(NodeState.ACTIVE);
        Operation again = core.await(core.environments.start("web", StartRequest.ANYWHERE));
        assertEquals(again.reason(), OperationState.DONE, again.state());
        assertEquals(machine.mac(), returned.mac());
    }

    private String failedStart(TestMachine machine) throws Exception {
        Operation start = core.await(core.environments.start("web", StartRequest.ANYWHERE));
        assertEquals(OperationState.FAILED, start.state());
        idle(machine);
        return start.reason();
    }

    @Test
    public void aMachineIsNotTakenBeforeItsLastEnvironmentHasLetItGo() throws Exception {
        TestMachine machine = idle(machine(1, 2, 1024));
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        core.environment("next", EnvironmentMode.SINGLE, Requirements.NONE);
        core.await(core.environments.start("web", StartRequest.ANYWHERE));
        CountDownLatch closing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        core.beforeStep = step -> {
            if (step.name().equals("close-access")) {
                closing.countDown();
                await(goOn);
            }
        };
        Operation stop = core.environments.stop("web", false);
        await(closing);
        assertEquals(
                ResourceState.IDLE,
                core.resources.find(machine.mac()).orElseThrow().state());
        QrmException refused =
                assertThrows(QrmException.class, () -> core.environments.start("next", StartRequest.ANYWHERE));
        goOn.countDown();
        assertTrue(refused.getMessage(), refused.getMessage().contains("still being closed after web"));
        core.await(stop);
        Operation start = core.await(core.environments.start("next", StartRequest.ANYWHERE));
        assertEquals(start.reason(), OperationState.DONE, start.state());
    }

    @Test
    public void aStopThatFailedLateIsRepeatedAndEndsWell() throws Exception {
        TestMachine machine = idle(machine(1, 2, 1024));
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        core.await(core.environments.start("web", StartRequest.ANYWHERE));
        core.storage.before = () -> {
            throw QrmException.failed("open filesystem image", "web", "the storage server is away", "", null);
        };
        Operation failed = core.await(core.environments.stop("web", false));
        assertEquals(OperationState.FAILED, failed.state());
        idle(machine);
        VirtualEnvironment web = core.environments.find("web").orElseThrow();
        assertEquals(EnvironmentState.ERROR, web.state());
        assertTrue(web.reason(), web.reason().contains("the storage server is away"));

        core.storage.before = () -> {};
        Operation again = core.await(core.environments.stop("web", false));
        assertEquals(again.reason(), OperationState.DONE, again.state());
        assertEquals(List.of(), core.storage.access.get("web"));
        assertEquals(
                EnvironmentState.INACTIVE,
                core.environments.find("web").orElseThrow().state());
    }

    @Test
    public void takesTheTightestMachineThatFits() throws Exception {
        idle(machine(1, 8, 8192));
        TestMachine tight = idle(machine(2, 2, 1024));
        idle(machine(3, 1, 512));
        Requirements needs = new Requirements(2, 0, 600, 1);
        core.environment("web", EnvironmentMode.SINGLE, needs);

        Placement plan = core.environments.plan("web", StartRequest.ANYWHERE);
        assertEquals(
                "the same before it is described",
                plan,
                core.environments.plan(EnvironmentSpec.ON_NODE, null, needs, StartRequest.ANYWHERE));
        assertTrue(plan.possible());
        assertEquals(List.of(core.resources.find(tight.mac()).orElseThrow().id()), plan.chosen());
        assertTrue(plan.candidates().toString().contains("it has 1 CPU, 2 are needed"));

        core.await(core.environments.start("web", StartRequest.ANYWHERE));
        assertEquals("web", core.resources.find(tight.mac()).orElseThrow().environmentId());
    }

    @Test
    public void takesOnlyMachinesWithTheTagsThatAreNeeded() throws Exception {
        Map<Integer, String> tags =
                Map.of(1, "rack=70 gpux", 2, "rack=7", 3, "gpu=a100 rack=7", 4, "rack_7 gpu", 5, "gpu rack=8");
        List<Long> ids = new ArrayList<>();
        for (int number = 1; number <= 5; number++) {
            long id = core.resources
                    .find(idle(machine(number, 2, 1024)).mac())
                    .orElseThrow()
                    .id();
            ids.add(id);
            Tag.parseLine("tag", tags.get(number)).forEach(tag -> core.resources.tag(id, tag, Expected.any()));
        }
        core.environment(
                "web", EnvironmentMode.SINGLE, new Requirements(0, 0, 0, 0, Tag.parseLine("need", "gpu rack=7")));
        assertEquals(
                "rack=7",
                core.environments
                        .find("web")
                        .orElseThrow()
                        .spec()
                        .requirements()
                        .tags()
                        .get(1)
                        .toString());
        assertEquals(
                List.of(ids.get(2)),
                core.environments.plan("web", StartRequest.ANYWHERE).chosen());
        core.await(core.environments.start("web", StartRequest.ANYWHERE));
        assertEquals("web", core.resources.find(ids.get(2)).orElseThrow().environmentId());

        core.environment(
                "more", EnvironmentMode.SINGLE, new Requirements(0, 0, 0, 0, Tag.parseLine("need", "gpu rack=7")));
        QrmException refused =
                assertThrows(QrmException.class, () -> core.environments.start("more", StartRequest.ANYWHERE));
        assertTrue(refused.getMessage(), refused.getMessage().contains("it is tagged rack=70, and rack=7 is needed"));
        assertThrows(
                QrmException.class, () -> core.environments.start("more", new StartRequest(List.of(ids.get(0)), 1)));
    }

    @Test
    public void aMachineWithSecureBootIsTakenForWhatItCanStart() throws Exception {
        TestMachine secure = new TestMachine(core::nodes, 1, 2, 1024)
                .with(Map.of(Hardware.SECURE_BOOT, "on"))
                .powerOn();
        machines.add(secure);
        long first = core.resources.find(idle(secure).mac()).orElseThrow().id();
        core.image("quiet");
        core.environments.create(new EnvironmentSpec(
                "quiet",
                BootImage.DEFAULT,
                "quiet",
                EnvironmentMode.SINGLE,
                null,
                EnvironmentSpec.ON_NODE,
                Requirements.NONE,
                List.of("quiet"),
                ""));
        for (StartRequest request : List.of(StartRequest.ANYWHERE, new StartRequest(List.of(first), 1))) {
            QrmException refused = assertThrows(QrmException.class, () -> core.environments.start("quiet", request));
            assertTrue(refused.getMessage(), refused.getMessage().contains("Secure Boot is on in its firmware"));
        }

        long second = core.resources
                .find(idle(machine(2, 4, 4096)).mac())
                .orElseThrow()
                .id();
        assertEquals(
                "a larger one, but without",
                List.of(second),
                core.environments.plan("quiet", StartRequest.ANYWHERE).chosen());
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        Operation start = core.await(core.environments.start("web", StartRequest.ANYWHERE));
        assertEquals(start.reason(), OperationState.DONE, start.state());
        assertEquals("web", core.resources.find(first).orElseThrow().environmentId());
    }

    @Test
    public void refusesWithFiguresWhenNothingFits() throws Exception {
        idle(machine(1, 2, 1024));
        core.environment("big", EnvironmentMode.SINGLE, new Requirements(64, 0, 0, 0));

        QrmException refused =
                assertThrows(QrmException.class, () -> core.environments.start("big", StartRequest.ANYWHERE));
        assertEquals(Problem.Kind.REFUSED, refused.problem().kind());
        assertTrue(refused.getMessage(), refused.getMessage().contains("it has 2 CPUs, 64 are needed"));
        assertEquals(
                EnvironmentState.INACTIVE,
                core.environments.find("big").orElseThrow().state());
    }

    @Test
    public void anImageIsNeverWrittenByTwo() throws Exception {
        idle(machine(1, 2, 1024));
        idle(machine(2, 2, 1024));
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        core.environments.create(new org.qrm.api.environment.EnvironmentSpec(
                "other", "default", "web", EnvironmentMode.MULTI, null, "node", Requirements.NONE, List.of(), ""));
        core.await(core.environments.start("web", StartRequest.ANYWHERE));

        QrmException refused =
                assertThrows(QrmException.class, () -> core.environments.start("other", StartRequest.ANYWHERE));
        assertTrue(refused.getMessage(), refused.getMessage().contains("in use by web"));
    }

    @Test
    public void noMachineIsTakenTwiceHoweverManyStartsRace() throws Exception {
        int idle = 30;
        int racing = 50;
        for (int i = 0; i < idle; i++) {
            machine(i, 2, 1024);
        }
        eventually(() -> "all are idle", () -> count(ResourceState.IDLE) == idle);
        List<Callable<Operation>> starts = new ArrayList<>();
        for (int i = 0; i < racing; i++) {
            String name = "ve" + i;
            core.environment(name, EnvironmentMode.SINGLE, Requirements.NONE);
            starts.add(() -> core.environments.start(name, StartRequest.ANYWHERE));
        }
        ExecutorService threads = Executors.newFixedThreadPool(racing);
        List<Operation> accepted = new ArrayList<>();
        List<QrmException> refused = new ArrayList<>();
        for (Future<Operation> start : threads.invokeAll(starts)) {
            try {
                accepted.add(start.get());
            } catch (java.util.concurrent.ExecutionException failed) {
                refused.add((QrmException) failed.getCause());
            }
        }
        threads.shutdown();
        assertEquals(idle, accepted.size());
        assertEquals(racing - idle, refused.size());
        refused.forEach(
                problem -> assertEquals(Problem.Kind.REFUSED, problem.problem().kind()));
        for (Operation start : accepted) {
            Operation ended = core.await(start);
            assertEquals(ended.reason(), OperationState.DONE, ended.state());
        }
        Set<Long> bound = new HashSet<>();
        for (int i = 0; i < racing; i++) {
            core.environments.find("ve" + i).orElseThrow().resources().forEach(id -> assertTrue(bound.add(id)));
        }
        assertEquals(idle, bound.size());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private long count(ResourceState state) {
        return core.resources.countByState().getOrDefault(state, 0L);
    }

    private TestMachine machine(int number, int cpus, long memoryMb) {
        TestMachine machine = new TestMachine(core::nodes, number, cpus, memoryMb).powerOn();
        machines.add(machine);
        return machine;
    }

    private TestMachine idle(TestMachine machine) {
        core.awaitIdle(machine);
        return machine;
    }
}
