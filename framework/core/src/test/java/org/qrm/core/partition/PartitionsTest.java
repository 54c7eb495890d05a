package org.qrm.core.partition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.qrm.core.Eventually.eventually;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.Tag;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.Placement;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.node.BootOrder;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionAction;
import org.qrm.api.partition.PartitionSize;
import org.qrm.api.partition.PartitionState;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.CoreFixture;
import org.qrm.core.Race;
import org.qrm.core.TestMachine;

public class PartitionsTest {

    private static final PartitionSize SMALL = new PartitionSize(1, 700, 256);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CoreFixture core;
    private FakeHosts hosts;
    private TestMachine machine;
    private long host;

    @Before
    public void aHostIsUp() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK);
        hosts = new FakeHosts(() -> core.nodes());
        core.providers.add(hosts);
        machine = new TestMachine(() -> core.nodes(), 1, 2, 2048).powerOn();
        core.awaitIdle(machine);
        core.hostEnvironment("xenhost", "xen");
        done(core.environments.start("xenhost", StartRequest.ANYWHERE));
        host = core.resources.find(machine.mac()).orElseThrow().id();
    }

    @After
    public void close() {
        hosts.close();
        machine.close();
        core.close();
    }

    @Test
    public void partitionsBecomeIdleResourcesOfTheSizeTheyWereGiven() throws Exception {
        done(core.partitions.create(host, 2, SMALL));
        List<Partition> made = core.partitions.list(host);
        assertEquals(2, made.size());
        for (Partition partition : made) {
            Resource resource = core.resources.find(partition.id()).orElseThrow();
            assertEquals(ResourceKind.PARTITION, resource.kind());
            assertEquals(ResourceState.IDLE, resource.state());
            assertEquals(host, (long) resource.hostId());
            assertEquals(256, resource.hardware().memoryMb());
            assertEquals(700, resource.hardware().cpuMhz());
            assertEquals(PartitionState.RUNNING, partition.state());
            assertTrue(partition.mac().value().startsWith("00:16:3e:"));
        }
        assertNotEquals(made.get(0).mac(), made.get(1).mac());
    }

    @Test
    public void whatDoesNotFitIsRefusedWithTheFiguresAndNothingIsMade() {
        QrmException memory =
                assertThrows(QrmException.class, () -> core.partitions.create(host, 2, new PartitionSize(1, 0, 800)));
        assertEquals(Problem.Kind.REFUSED, memory.problem().kind());
        assertEquals(
                "1616 MiB are needed (2 × (800 + 8 of overhead)), 1536 MiB are free of 2048 beside 512 for the host"
                        + " itself",
                memory.problem().reason());
        assertEquals(
                "Up to 1 of this size fit; create fewer, or smaller ones.",
                memory.problem().remedy());
        refused(new PartitionSize(3, 0, 256), "3 CPUs were asked for, the host has 2");
        refused(new PartitionSize(1, 2001, 256), "2001 MHz were asked for, a CPU of the host has 2000");
        for (PartitionSize wrong :
                List.of(new PartitionSize(0, 0, 256), new PartitionSize(1, -1, 256), new PartitionSize(1, 0, 0))) {
            QrmException invalid = assertThrows(QrmException.class, () -> core.partitions.create(host, 1, wrong));
            assertEquals(Problem.Kind.INVALID, invalid.problem().kind());
        }
        assertThrows(QrmException.class, () -> core.partitions.create(host, 65, SMALL));
        assertEquals(List.of(), core.partitions.list(host));
    }

    private void refused(PartitionSize size, String reason) {
        QrmException refused = assertThrows(QrmException.class, () -> core.partitions.create(host, 1, size));
        assertEquals(reason, refused.problem().reason());
    }

    @Test
    public void ofManyWhoChangeWhatTheyHaveSeenTheFirstDoes() throws Exception {
        done(core.partitions.create(host, 1, SMALL));
        Partition seen = core.partitions.list(host).get(0);
        AtomicBoolean hold = new AtomicBoolean(true);
        core.beforeStep = step -> {
            while (hold.get()) {
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
            }
        };
        List<Operation> asked = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
        try {
            Race.oneWins(
                    "change",
                    seen,
                    (number, expected) -> asked.add(core.partitions.change(
                            seen.id(), new PartitionSize(1, 700, 256 + number), null, expected)));
        } finally {
            hold.set(false);
        }
        done(asked.get(0));
        assertEquals(1, asked.size());
        assertNotEquals(
                seen.size(), core.partitions.find(seen.id()).orElseThrow().size());
    }

    @Test
    public void ofTwoThatCreateAtOnceTheSecondSeesWhatTheFirstWasPromised() throws Exception {
        AtomicBoolean hold = new AtomicBoolean(true);
        core.beforeStep = step -> {
            while (hold.get()) {
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
            }
        };
        Operation first = core.partitions.create(host, 1, new PartitionSize(1, 0, 1000));
        QrmException second =
                assertThrows(QrmException.class, () -> core.partitions.create(host, 1, new PartitionSize(1, 0, 1000)));
        assertTrue(second.getMessage(), second.problem().reason().contains("528 MiB are free"));
        hold.set(false);
        done(first);
    }

    @Test
    public void onlyAHostCanBePartitioned() throws Exception {
        TestMachine plain = new TestMachine(() -> core.nodes(), 2, 1, 512).powerOn();
        eventually(() -> "idle", () -> core.resources.find(plain.mac()).isPresent());
        long id = core.resources.find(plain.mac()).orElseThrow().id();
        QrmException no = assertThrows(QrmException.class, () -> core.partitions.create(id, 1, SMALL));
        assertEquals(Problem.Kind.CONFLICT, no.problem().kind());
        assertEquals(
                Problem.Kind.NOT_FOUND,
                assertThrows(QrmException.class, () -> core.partitions.create(99999, 1, SMALL))
                        .problem()
                        .kind());
        plain.close();
    }

    @Test
    public void whatTheHypervisorSaysReachesTheUserAndWhatWasMadeIsTakenAway() throws Exception {
        hosts.refusal = "libxl: error: no memory for you";
        Operation failed = core.await(core.partitions.create(host, 2, SMALL));
        assertEquals(OperationState.FAILED, failed.state());
        assertTrue(failed.reason(), failed.reason().contains("libxl: error: no memory for you"));
        assertEquals(List.of(), core.partitions.list(host));
        assertEquals(0, partitionsInPool());
    }

    @Test
    public void anEnvironmentRunsOnAPartitionAndTheHostIsNotTakenFromUnderIt() throws Exception {
        done(core.partitions.create(host, 1, SMALL));
        Partition partition = core.partitions.list(host).get(0);
        core.guestEnvironment("guest", "xen");
        done(core.environments.start("guest", StartRequest.ANYWHERE));
        assertEquals("guest", core.resources.find(partition.id()).orElseThrow().environmentId());

        conflict(
                "runs virtual environment guest",
                () -> core.partitions.act(partition.id(), PartitionAction.REMOVE, false));
        conflict(
                "runs virtual environment guest",
                () -> core.partitions.act(partition.id(), PartitionAction.STOP, false));
        conflict("it is a partition", () -> {
            done(core.environments.stop("guest", false));
            core.resources.act(partition.id(), ResourceAction.REMOVE);
        });
        done(core.environments.start("guest", StartRequest.ANYWHERE));
        conflict(partition.name() + " runs guest", () -> core.environments.stop("xenhost", false));
        conflict(partition.name() + " runs guest", () -> core.environments.restart("xenhost"));

        done(core.environments.stop("xenhost", true));
        assertEquals(
                EnvironmentState.INACTIVE,
                core.environments.find("guest").orElseThrow().state());
        assertEquals("partitions go with their host", 0, partitionsInPool());
        assertEquals(ResourceState.IDLE, core.resources.find(host).orElseThrow().state());
    }

    private static void conflict(String reason, org.junit.function.ThrowingRunnable body) {
        QrmException refused = assertThrows(QrmException.class, body);
        assertEquals(Problem.Kind.CONFLICT, refused.problem().kind());
        assertTrue(refused.getMessage(), refused.problem().reason().contains(reason));
    }

    @Test
    public void aPartitionStopsStartsPausesChangesAndGoes() throws Exception {
        done(core.partitions.create(host, 1, SMALL));
        long id = core.partitions.list(host).get(0).id();
        MacAddress mac = core.partitions.list(host).get(0).mac();

        act(id, PartitionAction.STOP, PartitionState.STOPPED);
        assertEquals(ResourceState.OFF, core.resources.find(id).orElseThrow().state());
        act(id, PartitionAction.START, PartitionState.RUNNING);
        assertEquals(ResourceState.IDLE, core.resources.find(id).orElseThrow().state());
        act(id, PartitionAction.PAUSE, PartitionState.PAUSED);
        conflict("it is paused", () -> core.partitions.act(id, PartitionAction.PAUSE, false));
        act(id, PartitionAction.RESUME, PartitionState.RUNNING);
        act(id, PartitionAction.RESTART, PartitionState.RUNNING);

        done(core.partitions.change(id, new PartitionSize(2, 0, 300), "0-1"));
        assertEquals(300, core.resources.find(id).orElseThrow().hardware().memoryMb());
        assertEquals("0-1", core.partitions.find(id).orElseThrow().pinnedCpus());
        assertTrue(hosts.told.contains("pin 0-1"));
        assertThrows(QrmException.class, () -> core.partitions.change(id, null, "0; reboot"));
        assertThrows(QrmException.class, () -> core.partitions.change(id, new PartitionSize(1, 0, 4000), null));
        assertEquals("console of " + mac + " qrm.token=… qrm.image=default", core.partitions.console(id, 100));
        core.partitions.type(id, "root\r");
        assertTrue(hosts.told.contains("type root\r"));
        assertThrows(QrmException.class, () -> core.partitions.type(id, ""));
        assertThrows(QrmException.class, () -> core.partitions.type(id, "x".repeat(4097)));
        opensItsConsole(id);

        done(core.partitions.act(id, PartitionAction.REMOVE, false));
        assertEquals(List.of(), core.partitions.list(host));
        assertEquals(0, partitionsInPool());
        assertFalse(hosts.there.containsKey(mac));
        assertThrows(
                "its address is never another's",
                QrmException.class,
                () -> core.nodes()
                        .register(new TestMachine(() -> core.nodes(), mac, "10.9.1.1", 1, 200).registration()));
    }

    @Test
    public void nobodyHasThePlaceOfAPartitionThatItsHostDoesNotRun() throws Exception {
        done(core.partitions.create(host, 1, SMALL));
        Partition partition = core.partitions.list(host).get(0);
        act(partition.id(), PartitionAction.STOP, PartitionState.STOPPED);
        TestMachine stranger = new TestMachine(() -> core.nodes(), partition.mac(), "10.66.6.6", 1, 256);
        conflict("its host does not run it", () -> core.nodes().register(stranger.registration()));
        assertEquals(
                ResourceState.OFF,
                core.resources.find(partition.id()).orElseThrow().state());
        done(core.resources.act(partition.id(), ResourceAction.POWER_ON));
        eventually(
                () -> "it is idle",
                () -> core.resources.find(partition.id()).orElseThrow().state() == ResourceState.IDLE);
        assertEquals(
                PartitionState.RUNNING,
                core.partitions.find(partition.id()).orElseThrow().state());
        hosts.refusal = "no memory for you";
        done(core.partitions.act(partition.id(), PartitionAction.STOP, true));
        assertEquals(
                OperationState.FAILED,
                core.await(core.resources.act(partition.id(), ResourceAction.POWER_ON))
                        .state());
        assertEquals(
                PartitionState.ERROR,
                core.partitions.find(partition.id()).orElseThrow().state());
    }

    @Test
    public void whatItsHostAsksForIsToldToNobodyElse() throws Exception {
        done(core.partitions.create(host, 1, SMALL));
        MacAddress mac = core.partitions.list(host).get(0).mac();
        hosts.running.get(mac).shutDown();
        core.nodes().bootOrder(mac, "10.66.6.6");
        String token = machine.registered().nodeToken();
        core.nodes().bootOrder(host, token, mac);
        assertNotTold(mac);
        core.crash();
        assertNotTold(mac);
    }

    private void assertNotTold(MacAddress mac) {
        QrmException refused =
                assertThrows(QrmException.class, () -> core.nodes().bootOrder(mac, "10.66.6.6"));
        assertEquals(
                "no conflict, by which a machine waits",
                Problem.Kind.FORBIDDEN,
                refused.problem().kind());
        assertTrue(refused.getMessage(), refused.problem().reason().contains("its host asks for it"));
    }

    @Test
    public void whatWasToldInTheOpenBeforeItsHostAskedRegistersNobody() throws Exception {
        done(core.partitions.create(host, 1, SMALL));
        Partition partition = core.partitions.list(host).get(0);
        hosts.running.get(partition.mac()).shutDown();
        TestMachine stranger = new TestMachine(() -> core.nodes(), partition.mac(), "10.66.6.6", 1, 256);
        String early = TestMachine.token(stranger.bootOrder());
        String token = machine.registered().nodeToken();
        BootOrder toHost = core.nodes().bootOrder(host, token, partition.mac());
        QrmException refused =
                assertThrows(QrmException.class, () -> core.nodes().register(stranger.registration(toHost, early)));
        assertEquals(Problem.Kind.UNAUTHENTICATED, refused.problem().kind());
        core.nodes().register(stranger.registration(toHost, TestMachine.token(toHost)));
    }

    /** The terminal ends when it is closed, or its plug-in goes. */
    private void opensItsConsole(long id) throws Exception {
        Terminal first = core.partitions.openTerminal(id, new TerminalSize(80, 24));
        first.resize(new TerminalSize(132, 50));
        Terminal second = core.partitions.openTerminal(id, new TerminalSize(80, 24));
        first.close();
        first.close();
        assertEquals(
                "qrm.image=idle qrm.token=… quiet", new String(first.output().readAllBytes(), UTF_8));
        core.terminals.gone(hosts);
        assertEquals(
                "qrm.image=idle qrm.token=… quiet", new String(second.output().readAllBytes(), UTF_8));
        assertTrue(hosts.told.contains("resize " + new TerminalSize(132, 50)));
        assertEquals(2, hosts.told.stream().filter("close"::equals).count());
    }

    private void act(long id, PartitionAction action, PartitionState then) throws Exception {
        done(core.partitions.act(id, action, false));
        assertEquals(then, core.partitions.find(id).orElseThrow().state());
    }

    @Test
    public void anEnvironmentOnAHostNeedsWhatTheHostNeeds() {
        hosts.needs = new Requirements(0, 0, 0, 2);
        core.hostEnvironment("second", "xen");
        Placement plan = core.environments.plan("second", StartRequest.ANYWHERE);
        assertFalse(plan.possible());
        String reasons = plan.candidates().get(0).reasons().toString();
        assertTrue(reasons, reasons.contains("it has 1 network card, 2 are needed by a host of xen"));
        Requirements gpu = new Requirements(0, 0, 0, 0, Tag.parseLine("need", "gpu"));
        String untagged = core.environments
                .plan(EnvironmentSpec.ON_NODE, "xen", gpu, StartRequest.ANYWHERE)
                .candidates()
                .get(0)
                .reasons()
                .toString();
        assertTrue(untagged, untagged.contains("it is not tagged gpu, which is needed by a host of xen"));
        core.hostEnvironment("third", "vmware");
        QrmException absent =
                assertThrows(QrmException.class, () -> core.environments.start("third", StartRequest.ANYWHERE));
        assertEquals(Problem.Kind.UNAVAILABLE, absent.problem().kind());
    }

    @Test
    public void aServerKilledAtAnyStepFinishesTheCreation() throws Exception {
        for (String step : List.of("start", "await-return")) {
            AtomicBoolean killed = new AtomicBoolean();
            core.beforeStep = it -> {
                if (it.name().equals(step) && killed.compareAndSet(false, true)) {
                    core.engine.abandon();
                    throw new CancelledException("killed before " + step);
                }
            };
            Operation operation = crashing(killed, () -> core.partitions.create(host, 2, SMALL));
            done(operation);
            assertEquals(2, core.partitions.list(host).size());
            assertEquals(2, hosts.there.size());
            assertEquals(2, partitionsInPool());
            for (Partition partition : core.partitions.list(host)) {
                done(core.partitions.act(partition.id(), PartitionAction.REMOVE, false));
            }
        }
    }

    private Operation crashing(AtomicBoolean killed, java.util.function.Supplier<Operation> start) throws Exception {
        Operation operation = start.get();
        eventually(() -> "killed", killed::get);
        core.beforeStep = step -> {};
        core.crash();
        return core.operations.find(operation.id()).orElseThrow();
    }

    @Test
    public void whatEndsBehindTheServersBackIsNoticedAndWhatComesBackToo() throws Exception {
        done(core.partitions.create(host, 2, SMALL));
        Partition idle = core.partitions.list(host).get(0);
        Partition busy = core.partitions.list(host).get(1);
        core.guestEnvironment("guest", "xen");
        done(core.environments.start("guest", new StartRequest(List.of(busy.id()), 1)));

        for (Partition partition : List.of(idle, busy)) {
            hosts.end(partition.mac());
            hosts.see(partition.mac(), PartitionState.STOPPED, SMALL);
        }
        core.partitionWatch.round();
        assertEquals(
                PartitionState.STOPPED,
                core.partitions.find(idle.id()).orElseThrow().state());
        assertEquals(
                ResourceState.OFF, core.resources.find(idle.id()).orElseThrow().state());
        assertEquals(
                ResourceState.ERROR,
                core.resources.find(busy.id()).orElseThrow().state());
        assertEquals(
                EnvironmentState.ERROR,
                core.environments.find("guest").orElseThrow().state());
        assertEquals(2, unresolved("partition.lost"));

        done(core.partitions.act(busy.id(), PartitionAction.START, false));
        eventually(
                () -> "runs again",
                () -> core.environments.find("guest").orElseThrow().state() == EnvironmentState.ACTIVE);
        assertEquals(1, unresolved("partition.lost"));
    }

    @Test
    public void whatRanBeforeTheHostRestartedIsStartedAgain() throws Exception {
        done(core.partitions.create(host, 2, SMALL));
        Partition stopped = core.partitions.list(host).get(0);
        Partition ran = core.partitions.list(host).get(1);
        done(core.partitions.act(stopped.id(), PartitionAction.STOP, false));
        hosts.forget();
        machine.close();
        machine = new TestMachine(() -> core.nodes(), 1, 1, 500).powerOn();
        eventually(
                () -> "the host is up again",
                () -> events("resource.restarted") == 1
                        && core.resources.find(host).orElseThrow().state() == ResourceState.ACTIVE);
        assertEquals(
                "the machine is as large as it was",
                2048,
                core.resources.find(host).orElseThrow().hardware().memoryMb());
        core.partitionWatch.round();
        eventually(() -> "it runs again", () -> hosts.running.containsKey(ran.mac()));
        eventually(
                () -> "idle again",
                () -> core.resources.find(ran.id()).orElseThrow().state() == ResourceState.IDLE);
        assertFalse("what was off stays off", hosts.running.containsKey(stopped.mac()));
        assertEquals(1, events("host.restarted"));
    }

    @Test
    public void whatIsFoundOnAHostIsAdopted() throws Exception {
        MacAddress stranger = new MacAddress("00:16:3e:00:00:01");
        hosts.see(stranger, PartitionState.RUNNING, SMALL);
        hosts.see(machine.mac(), PartitionState.RUNNING, SMALL);
        core.partitionWatch.round();
        core.partitionWatch.round();
        assertEquals(
                Set.of(stranger),
                core.partitions.list(host).stream().map(Partition::mac).collect(Collectors.toSet()));
        assertEquals("said once", 1, events("partition.stranger"));
        assertEquals(1, events("partition.adopted"));
    }

    /** What its host saw before says nothing of it. */
    @Test
    public void whatIsDoneWhileAHostTellsItsPartitionsStands() throws Exception {
        done(core.partitions.create(host, 1, SMALL));
        Partition one = core.partitions.list(host).get(0);
        done(core.partitions.act(one.id(), PartitionAction.STOP, false));
        whileTheHostTells(() -> done(core.partitions.act(one.id(), PartitionAction.START, false)));
        assertEquals(
                PartitionState.RUNNING,
                core.partitions.find(one.id()).orElseThrow().state());
        assertEquals(
                ResourceState.IDLE, core.resources.find(one.id()).orElseThrow().state());
        assertEquals(0, events("partition.lost"));

        long running = events("partition.running");
        whileTheHostTells(() -> done(core.partitions.act(one.id(), PartitionAction.STOP, false)));
        assertEquals(
                PartitionState.STOPPED,
                core.partitions.find(one.id()).orElseThrow().state());
        assertEquals(running, events("partition.running"));

        whileTheHostTells(() -> done(core.partitions.act(one.id(), PartitionAction.REMOVE, false)));
        assertEquals(List.of(), core.partitions.list(host));
        assertEquals(0, events("partition.adopted"));
        assertEquals(0, partitionsInPool());
    }

    /** At work when the answer comes. */
    @Test
    public void whatIsUnderWayWhenAHostHasToldStandsToo() throws Exception {
        done(core.partitions.create(host, 1, SMALL));
        Partition one = core.partitions.list(host).get(0);
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicReference<Operation> pause = new AtomicReference<>();
        core.beforeStep = step -> {
            reached.countDown();
            uninterrupted(goOn);
        };
        hosts.see(one.mac(), PartitionState.STOPPED, SMALL);
        whileTheHostTells(() -> {
            pause.set(core.partitions.act(one.id(), PartitionAction.PAUSE, false));
            uninterrupted(reached);
        });
        assertEquals(0, events("partition.lost"));
        core.beforeStep = step -> {};
        goOn.countDown();
        done(pause.get());
        assertEquals(
                PartitionState.PAUSED,
                core.partitions.find(one.id()).orElseThrow().state());
    }

    private static void uninterrupted(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private interface Doing {
        void run() throws Exception;
    }

    private void whileTheHostTells(Doing doing) {
        AtomicReference<Throwable> failed = new AtomicReference<>();
        AtomicBoolean told = new AtomicBoolean();
        hosts.listed = () -> {
            try {
                doing.run();
                told.set(true);
            } catch (Exception | AssertionError wrong) {
                failed.set(wrong);
            }
        };
        core.partitionWatch.round();
        hosts.listed = () -> {};
        assertEquals(null, failed.get());
        assertTrue(told.get());
    }

    private long partitionsInPool() {
        return core.database.read(handle -> handle.createQuery("select count(*) from resource where kind = 'PARTITION'")
                .mapTo(Long.class)
                .one());
    }

    private long events(String type) {
        return count("select count(*) from event where type = :type", type);
    }

    private long unresolved(String type) {
        return count("select count(*) from event where type = :type and not resolved", type);
    }

    private long count(String query, String type) {
        return core.database.read(handle ->
                handle.createQuery(query).bind("type", type).mapTo(Long.class).one());
    }

    private void done(Operation operation) throws Exception {
        Operation ended = core.await(operation);
        assertEquals(ended.kind() + ": " + ended.reason(), OperationState.DONE, ended.state());
    }
}
