package org.qrm.core.environment;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.Placement;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.operation.LogLine;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.PowerController;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.storage.StorageClient;
import org.qrm.core.CoreFixture;
import org.qrm.core.Limits;
import org.qrm.core.TestMachine;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.LostDatabase;

/** A start takes machines that are off, and switches them on. */
public class OffMachinesTest {

    private static final Limits SHORT_SILENCE =
            new Limits(Duration.ofSeconds(3), Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(2));

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Power power = new Power();
    private CoreFixture core;

    @Before
    public void open() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), SHORT_SILENCE);
        core.controllers.add(power);
    }

    @After
    public void close() {
        power.machines.values().forEach(TestMachine::close);
        core.close();
    }

    @Test
    public void aMachineThatWasSwitchedOffIsSwitchedOnAndBecomesActive() throws Exception {
        long id = idle(1, 1024);
        Operation off = core.await(core.resources.act(id, ResourceAction.POWER_OFF));
        assertEquals(off.reason(), OperationState.DONE, off.state());
        assertEquals(ResourceState.OFF, resource(id).state());
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);

        Operation start = done(core.environments.start("web", StartRequest.ANYWHERE));
        assertEquals(ResourceState.ACTIVE, resource(id).state());
        assertEquals("web", resource(id).environmentId());
        assertEquals(List.of(id), power.switchedOn);
        assertEquals(List.of(new StorageClient(resource(id).address(), true)), core.storage.access.get("web"));
        String log = log(start);
        assertTrue(log, log.contains("the BMC has switched it on"));
        assertTrue(log, log.contains(resource(id).name() + " was off, and is switched on"));

        done(core.environments.stop("web", false));
        assertEquals(ResourceState.IDLE, resource(id).state());
    }

    @Test
    public void aDatabaseThatIsLostWhileOneIsSwitchedOnFailsNoStart() throws Exception {
        off(1, 1024);
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        power.on = resource -> {
            power.on = power::boot;
            throw LostDatabase.failure();
        };
        done(core.environments.start("web", StartRequest.ANYWHERE));
    }

    @Test
    public void theTightestThatIsOffComesAfterEachThatIsIdleAndNobodyIsAsked() throws Exception {
        off(1, 512);
        long idle = idle(2, 8192);
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        Placement plan = core.environments.plan("web", StartRequest.ANYWHERE);
        assertEquals(List.of(idle), plan.chosen());
        assertEquals(List.of("it is off, and enough others fit"), reasons(plan, 1));
        done(core.environments.start("web", StartRequest.ANYWHERE));
        assertEquals("web", resource(idle).environmentId());
        assertEquals(0, power.asked.get());
    }

    @Test
    public void theDryRunTellsWhatTheStartWillDo() throws Exception {
        power.controls = resource -> !resource.mac().equals(mac(2));
        off(1, 4096);
        long uncontrolled = off(2, 512);
        long tight = off(3, 1024);
        long idle = idle(4, 8192);
        off(5, 128);
        core.environment("farm", EnvironmentMode.MULTI, new Requirements(0, 0, 256, 0));

        StartRequest two = new StartRequest(List.of(), 2);
        Placement plan = core.environments.plan("farm", two);
        assertTrue(plan.possible());
        assertEquals(List.of(idle, tight), plan.chosen());
        assertEquals(
                plan.chosen(),
                plan.candidates().stream()
                        .limit(2)
                        .map(Placement.Candidate::resource)
                        .toList());
        assertEquals(List.of("it is off, and enough others fit"), reasons(plan, 1));
        assertEquals(List.of("it is off, and no plug-in controls its power"), reasons(plan, 2));
        assertEquals(List.of("it is off, and will be switched on"), reasons(plan, 3));
        assertEquals(List.of(), reasons(plan, 4));
        assertEquals(List.of("it has 128 MiB of memory, 256 are needed"), reasons(plan, 5));
        assertTrue(candidate(plan, 3).fits());
        assertFalse(candidate(plan, 2).fits());
        assertEquals(
                "the same before it is described",
                plan,
                core.environments.plan(EnvironmentSpec.ON_NODE, null, new Requirements(0, 0, 256, 0), two));

        done(core.environments.start("farm", two));
        assertEquals(
                new HashSet<>(plan.chosen()),
                new HashSet<>(core.environments.find("farm").orElseThrow().resources()));
        assertEquals(ResourceState.OFF, resource(uncontrolled).state());
    }

    @Test
    public void machinesWhoseControllerDoesNotAnswerComeAfterThoseWhoseDoes() {
        long silent = off(1, 512);
        long well = off(2, 8192);
        change("update resource set power_problem = 'the BMC does not answer' where id = " + silent);
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        assertEquals(
                List.of(well),
                core.environments.plan("web", StartRequest.ANYWHERE).chosen());
        assertEquals(
                "it is no reason against it",
                List.of(well, silent),
                core.environments
                        .plan(EnvironmentSpec.ON_NODE, null, Requirements.NONE, new StartRequest(List.of(), 2))
                        .chosen());
    }

    @Test
    public void noMoreAreAskedAboutThanAreNeeded() throws Exception {
        for (int number = 1; number <= 20; number++) {
            off(number, 1024);
        }
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        core.environments.plan("web", StartRequest.ANYWHERE);
        assertEquals(1, power.asked.getAndSet(0));
        done(core.environments.start("web", StartRequest.ANYWHERE));
        assertEquals("once to take it, once to switch it on", 2, power.asked.get());
    }

    @Test
    public void nothingInTheDatabaseWaitsForThoseWhoAreAsked() throws Exception {
        off(1, 1024);
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        // waits for whoever is changing environments, which a start does while it takes machines
        power.whileAsked = () -> change("update environment set description = description");
        done(core.environments.start("web", StartRequest.ANYWHERE));
        assertEquals(2, power.asked.get());
    }

    @Test
    public void aMachineThatNobodyControlsIsNotTaken() {
        power.controls = resource -> false;
        long id = off(1, 1024);
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        for (StartRequest request : List.of(StartRequest.ANYWHERE, new StartRequest(List.of(id), 1))) {
            assertEquals(
                    List.of("it is off, and no plug-in controls its power"),
                    reasons(core.environments.plan("web", request), 1));
            QrmException refused = assertThrows(QrmException.class, () -> core.environments.start("web", request));
            assertEquals(Problem.Kind.REFUSED, refused.problem().kind());
            assertTrue(refused.getMessage(), refused.getMessage().contains("no plug-in controls its power"));
        }
        assertEquals(ResourceState.OFF, resource(id).state());
        assertEquals(
                EnvironmentState.INACTIVE,
                core.environments.find("web").orElseThrow().state());
    }

    @Test
    public void whatMustNotOrCannotBeSwitchedOnIsNotTaken() {
        List<Long> all = List.of(off(1, 1024), off(2, 1024), off(3, 1024));
        change("update resource set local_boot = true where id = " + all.get(0));
        change("update resource set admitted = false where id = " + all.get(1));
        change("update resource set cpus = 0, memory_mb = 0 where id = " + all.get(2));
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        Placement plan = core.environments.plan("web", StartRequest.ANYWHERE);
        assertFalse(plan.possible());
        assertEquals(List.of("it is off, and set to boot from its own disk"), reasons(plan, 1));
        assertEquals(List.of("it is off, and was not admitted"), reasons(plan, 2));
        assertEquals(List.of("it is off, and what it has is not known"), reasons(plan, 3));
        for (long id : all) {
            StartRequest there = new StartRequest(List.of(id), 1);
            assertThrows(QrmException.class, () -> core.environments.start("web", there));
        }
        assertEquals(0, power.asked.get());
    }

    @Test
    public void machinesThatAreNamedAreSwitchedOnBesideThoseThatAreIdle() throws Exception {
        long off = off(1, 512);
        long idle = idle(2, 1024);
        core.environment("farm", EnvironmentMode.MULTI, Requirements.NONE);
        StartRequest both = new StartRequest(List.of(off, idle), 2);
        assertEquals(
                Set.of(off, idle),
                new HashSet<>(core.environments.plan("farm", both).chosen()));
        done(core.environments.start("farm", both));
        assertEquals(ResourceState.ACTIVE, resource(off).state());
        assertEquals(ResourceState.ACTIVE, resource(idle).state());
    }

    @Test
    public void aControllerThatFailsFailsTheStartWithItsWordsAndTheMachineIsOffAgain() throws Exception {
        long id = off(1, 1024);
        long other = off(2, 4096);
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        power.on = resource -> {
            throw QrmException.failed("switch on", "BMC 10.9.9.1", "the BMC refuses the password", "Set it.", null);
        };
        Operation start = core.await(core.environments.start("web", StartRequest.ANYWHERE));
        assertEquals(OperationState.FAILED, start.state());
        String name = resource(id).name();
        assertTrue(
                start.reason(),
                start.reason().contains(name + " could not be switched on: the BMC refuses the password. Set it."));
        assertTrue(log(start), log(start).contains("the BMC refuses the password"));
        assertEquals(ResourceState.OFF, resource(id).state());
        assertEquals(
                "could not be switched on: the BMC refuses the password",
                resource(id).reason());
        assertEquals(List.of(), core.storage.access.get("web"));
        assertEquals(
                EnvironmentState.ERROR,
                core.environments.find("web").orElseThrow().state());

        assertEquals(
                "the one that failed comes last",
                List.of(other),
                core.environments.plan("web", StartRequest.ANYWHERE).chosen());
        power.on = power::boot;
        done(core.environments.start("web", new StartRequest(List.of(id), 1)));
        assertEquals(ResourceState.ACTIVE, resource(id).state());
        assertEquals("", resource(id).reason());
    }

    @Test
    public void oneOfManyThatFailsSendsTheOthersBack() throws Exception {
        long first = off(1, 512);
        long second = off(2, 1024);
        long third = off(3, 2048);
        core.environment("farm", EnvironmentMode.MULTI, Requirements.NONE);
        power.on = resource -> {
            if (resource.id() == second) {
                throw new IllegalStateException("no such blade");
            }
            power.boot(resource);
        };
        Operation start = core.await(core.environments.start("farm", new StartRequest(List.of(), 3)));
        assertEquals(OperationState.FAILED, start.state());
        assertTrue(start.reason(), start.reason().contains(resource(second).name() + " could not be switched on:"));
        assertTrue(start.reason(), start.reason().contains("no such blade"));
        awaits(first, ResourceState.IDLE);
        assertEquals(ResourceState.OFF, resource(second).state());
        assertEquals(ResourceState.OFF, resource(third).state());
        assertEquals("it was not tried", "", resource(third).reason());
        assertEquals(List.of(first, second), power.switchedOn);
    }

    @Test
    public void aControllerThatCannotReachTheMachineIsCalledAgain() throws Exception {
        long id = off(1, 1024);
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        AtomicInteger calls = new AtomicInteger();
        power.on = resource -> {
            if (calls.incrementAndGet() < 3) {
                throw new QrmException(
                        new Problem(Problem.Kind.UNREACHABLE, "switch on", "BMC", "no answer, try " + calls.get(), ""));
            }
            power.boot(resource);
        };
        done(core.environments.start("web", StartRequest.ANYWHERE));
        assertEquals(3, calls.get());
        assertEquals(ResourceState.ACTIVE, resource(id).state());
        assertEquals("", resource(id).reason());
    }

    @Test
    public void aControllerThatIsAwayForAMomentIsWaitedFor() throws Exception {
        long id = off(1, 1024);
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        AtomicInteger looks = new AtomicInteger();
        core.beforeStep = step -> {
            if (step.name().equals("boot") && looks.incrementAndGet() == 1) {
                core.controllers.clear();
            } else if (step.name().equals("boot")) {
                core.controllers.add(power);
            }
        };
        done(core.environments.start("web", StartRequest.ANYWHERE));
        assertEquals("it looked again", 2, looks.get());
        assertEquals(ResourceState.ACTIVE, resource(id).state());
    }

    @Test
    public void aServerThatIsKilledWhileItSwitchesOnDoesSoAgainAndGoesOn() throws Exception {
        long id = off(1, 1024);
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        CountDownLatch killed = new CountDownLatch(1);
        power.on = resource -> {
            power.boot(resource);
            if (killed.getCount() > 0) {
                core.engine.abandon();
                killed.countDown();
                throw new CancelledException("killed");
            }
        };
        Operation start = core.environments.start("web", StartRequest.ANYWHERE);
        assertTrue(killed.await(30, TimeUnit.SECONDS));
        core.crash();
        done(start);
        assertEquals(ResourceState.ACTIVE, resource(id).state());
        assertTrue(power.switchedOn.toString(), power.switchedOn.size() <= 2);
    }

    @Test
    public void aServerThatIsKilledBeforeAnyStepGoesOn() throws Exception {
        List<String> steps = List.of("prepare", "open-access", "boot", "await-active", "finish");
        for (int number = 1; number <= steps.size(); number++) {
            long id = off(number, 1024);
            String name = "ve" + number;
            String step = steps.get(number - 1);
            core.environment(name, EnvironmentMode.SINGLE, Requirements.NONE);
            CountDownLatch reached = new CountDownLatch(1);
            core.beforeStep = next -> {
                if (next.name().equals(step) && reached.getCount() > 0) {
                    core.engine.abandon();
                    reached.countDown();
                    throw new CancelledException("killed");
                }
            };
            Operation start = core.environments.start(name, StartRequest.ANYWHERE);
            assertTrue(step, reached.await(30, TimeUnit.SECONDS));
            core.crash();
            done(start);
            assertEquals(step, ResourceState.ACTIVE, resource(id).state());
            assertEquals(List.of(new StorageClient(resource(id).address(), true)), core.storage.access.get(name));
        }
    }

    @Test
    public void aStartThatIsCancelledBeforeItSwitchesOnLeavesTheMachineOff() throws Exception {
        long id = off(1, 1024);
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        core.beforeStep = step -> {
            if (step.name().equals("boot")) {
                reached.countDown();
                await(goOn);
            }
        };
        Operation start = core.environments.start("web", StartRequest.ANYWHERE);
        await(reached);
        assertEquals(ResourceState.ASSIGNED, resource(id).state());
        core.operations.cancel(start.id());
        goOn.countDown();
        assertEquals(OperationState.CANCELLED, core.await(start).state());
        assertEquals(List.of(), power.switchedOn);
        assertEquals(ResourceState.OFF, resource(id).state());
        assertEquals("", resource(id).reason());
        assertEquals(
                EnvironmentState.INACTIVE,
                core.environments.find("web").orElseThrow().state());
        core.beforeStep = step -> {};
        done(core.environments.start("web", StartRequest.ANYWHERE));
    }

    @Test
    public void aMachineWhoseStartIsCancelledAfterItWasSwitchedOnBecomesIdle() throws Exception {
        long id = off(1, 1024);
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        power.on = resource -> {};
        Operation start = core.environments.start("web", StartRequest.ANYWHERE);
        awaits(id, ResourceState.BOOTING);
        core.operations.cancel(start.id());
        assertEquals(OperationState.CANCELLED, core.await(start).state());
        assertEquals(ResourceState.RELEASING, resource(id).state());
        assertEquals(null, resource(id).environmentId());
        power.boot(resource(id));
        awaits(id, ResourceState.IDLE);
    }

    @Test
    public void aStopOvertakesTheStartOfASilentMachine() throws Exception {
        long id = off(1, 1024);
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        power.on = resource -> {};
        Operation start = core.environments.start("web", StartRequest.ANYWHERE);
        awaits(id, ResourceState.BOOTING);
        done(core.environments.stop("web", false));
        assertEquals(OperationState.CANCELLED, core.await(start).state());
        assertEquals(
                EnvironmentState.INACTIVE,
                core.environments.find("web").orElseThrow().state());
        assertEquals(null, resource(id).environmentId());
    }

    @Test
    public void noMachineThatIsOffIsTakenTwiceHoweverManyStartsRace() throws Exception {
        int off = 10;
        int racing = 20;
        for (int number = 1; number <= off; number++) {
            off(number, 1024);
        }
        List<Callable<Operation>> starts = new ArrayList<>();
        for (int each = 0; each < racing; each++) {
            String name = "ve" + each;
            core.environment(name, EnvironmentMode.SINGLE, Requirements.NONE);
            starts.add(() -> core.environments.start(name, StartRequest.ANYWHERE));
        }
        ExecutorService threads = Executors.newFixedThreadPool(racing);
        List<Operation> accepted = new ArrayList<>();
        List<QrmException> refused = new ArrayList<>();
        for (Future<Operation> start : threads.invokeAll(starts)) {
            try {
                accepted.add(start.get());
            } catch (ExecutionException failed) {
                refused.add((QrmException) failed.getCause());
            }
        }
        threads.shutdown();
        assertEquals(off, accepted.size());
        refused.forEach(
                problem -> assertEquals(Problem.Kind.REFUSED, problem.problem().kind()));
        for (Operation start : accepted) {
            done(start);
        }
        Set<Long> bound = new HashSet<>();
        for (int each = 0; each < racing; each++) {
            core.environments.find("ve" + each).orElseThrow().resources().forEach(id -> assertTrue(bound.add(id)));
        }
        assertEquals(off, bound.size());
        assertEquals(bound, new HashSet<>(power.switchedOn));
        assertEquals(off, power.switchedOn.size());
    }

    @Test
    public void storageIsNeverOpenToTheAddressThatAMachineHadBeforeItWasOff() throws Exception {
        long id = off(1, 1024);
        String before = resource(id).address();
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        List<String> seen = new CopyOnWriteArrayList<>();
        core.storage.before = () -> core.storage.access.getOrDefault("web", List.of()).stream()
                .map(StorageClient::address)
                .forEach(seen::add);
        power.on = resource -> power.boot(resource, "10.0.9.9");
        done(core.environments.start("web", StartRequest.ANYWHERE));
        assertNotEquals(before, resource(id).address());
        assertEquals(List.of(new StorageClient("10.0.9.9", true)), core.storage.access.get("web"));
        assertFalse(seen.toString(), seen.contains(before));
    }

    @Test
    public void aMachineThatSomebodySwitchesOnByHandMeanwhileIsJustTaken() throws Exception {
        long id = off(1, 1024);
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        core.beforeStep = step -> {
            if (step.name().equals("open-access")) {
                reached.countDown();
                await(goOn);
            }
        };
        Operation start = core.environments.start("web", StartRequest.ANYWHERE);
        await(reached);
        power.boot(resource(id));
        eventually(() -> "it has registered", () -> row(id).nodeTokenHash() != null);
        assertEquals(ResourceState.ASSIGNED, resource(id).state());
        goOn.countDown();
        done(start);
        assertEquals(List.of(), power.switchedOn);
        assertEquals(ResourceState.ACTIVE, resource(id).state());
    }

    @Test
    public void aMachineThatDoesNotComeUpIsNoErrorBeforeItsTimeIsOver() throws Exception {
        core.close();
        core = new CoreFixture(
                folder.newFolder().toPath(),
                new Limits(
                        Duration.ofSeconds(1), Duration.ofSeconds(15), Duration.ofSeconds(15), Duration.ofSeconds(2)));
        core.controllers.add(power);
        long id = off(1, 1024);
        change("update resource set last_seen = 1000 where id = " + id);
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        power.on = resource -> {};
        core.beforeStep = step -> {
            if (step.name().equals("boot")) {
                sleepThroughALook();
                assertEquals(ResourceState.ASSIGNED, resource(id).state());
            }
        };
        Operation start = core.environments.start("web", StartRequest.ANYWHERE);
        awaits(id, ResourceState.BOOTING);
        Operation failed = core.await(start);
        assertEquals(OperationState.FAILED, failed.state());
        assertTrue(failed.reason(), failed.reason().contains("not active within 15 s"));
        assertTrue(failed.reason(), failed.reason().contains("look whether it has power"));
        awaits(id, ResourceState.ERROR);
        assertEquals(null, resource(id).environmentId());
        assertEquals(1, core.openEvents("resource.silent").size());
        power.boot(resource(id));
        awaits(id, ResourceState.IDLE);
    }

    /** Longer than the watch rests between two looks. */
    private static void sleepThroughALook() {
        java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(6));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private Operation done(Operation operation) throws InterruptedException {
        Operation ended = core.await(operation);
        assertEquals(ended.reason(), OperationState.DONE, ended.state());
        return ended;
    }

    private String log(Operation operation) {
        return core.operations.log(operation.id()).stream()
                .map(LogLine::toString)
                .toList()
                .toString();
    }

    private void awaits(long id, ResourceState state) {
        eventually(
                () -> "it is " + state + ", not " + resource(id),
                () -> resource(id).state() == state);
    }

    private static List<String> reasons(Placement plan, int number) {
        return candidate(plan, number).reasons();
    }

    private static Placement.Candidate candidate(Placement plan, int number) {
        String name = "node-" + mac(number).value().replace(":", "");
        return plan.candidates().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static MacAddress mac(int number) {
        return new MacAddress(String.format("52:54:00:00:00:%02x", number));
    }

    private TestMachine machine(int number, long memoryMb) {
        return new TestMachine(core::nodes, mac(number), "10.0.1." + number, 2, memoryMb);
    }

    private long idle(int number, long memoryMb) {
        TestMachine machine = machine(number, memoryMb).powerOn();
        power.machines.put(mac(number), machine);
        core.awaitIdle(machine);
        return core.resources.find(mac(number)).orElseThrow().id();
    }

    /** One that registered once. */
    private long off(int number, long memoryMb) {
        long id =
                core.nodes().register(machine(number, memoryMb).registration()).resource();
        ResourceRows rows = new ResourceRows();
        core.database.change(change -> {
            rows.move(change, rows.find(change.handle(), id).orElseThrow(), ResourceState.OFF, "");
            return null;
        });
        return id;
    }

    private Resource resource(long id) {
        return core.resources.find(id).orElseThrow();
    }

    private ResourceRow row(long id) {
        return core.database.read(handle -> new ResourceRows().find(handle, id)).orElseThrow();
    }

    private void change(String sql) {
        core.database.change(change -> change.handle().execute(sql));
    }

    /** Has a machine for each that it switches on. */
    private final class Power implements PowerController {
        final Map<MacAddress, TestMachine> machines = new ConcurrentHashMap<>();
        final List<Long> switchedOn = new CopyOnWriteArrayList<>();
        final AtomicInteger asked = new AtomicInteger();
        volatile Predicate<Resource> controls = resource -> true;
        volatile Runnable whileAsked = () -> {};
        volatile Consumer<Resource> on = this::boot;

        @Override
        public boolean controls(Resource resource) {
            asked.incrementAndGet();
            whileAsked.run();
            return controls.test(resource);
        }

        @Override
        public void powerOn(Resource resource, WorkContext work) {
            switchedOn.add(resource.id());
            on.accept(resource);
            work.log("the BMC has switched it on");
        }

        void boot(Resource resource) {
            boot(resource, "10.0.1." + Integer.parseInt(resource.mac().value().substring(15), 16));
        }

        void boot(Resource resource, String address) {
            machines.compute(resource.mac(), (mac, running) -> {
                if (running != null && running.isOn()) {
                    return running;
                }
                long memoryMb = resource.hardware().memoryMb();
                return new TestMachine(core::nodes, mac, address, 2, memoryMb).powerOn();
            });
        }

        @Override
        public void powerOff(Resource resource, WorkContext work) {}

        @Override
        public void powerCycle(Resource resource, WorkContext work) {}
    }
}
