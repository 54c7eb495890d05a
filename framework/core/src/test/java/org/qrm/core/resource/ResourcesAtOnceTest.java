package org.qrm.core.resource;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.qrm.core.Eventually.eventually;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.RetryLater;
import org.qrm.api.Tag;
import org.qrm.api.event.EventField;
import org.qrm.api.operation.Many;
import org.qrm.api.operation.ManyPlan;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationField;
import org.qrm.api.operation.OperationPart;
import org.qrm.api.operation.OperationState;
import org.qrm.api.operation.PartState;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.power.PowerController;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.ManyResources;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.resource.ResourceField;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.CoreFixture;
import org.qrm.core.TestMachine;
import org.qrm.core.event.EventLogService;
import org.qrm.core.store.DatabaseKind;

@RunWith(Parameterized.class)
public class ResourcesAtOnceTest {

    private static final Filter<ResourceField> ALL = Filter.all();

    /** That there are to the database. */
    private static final int CONNECTIONS = 24;

    @Parameters(name = "{0}")
    public static DatabaseKind[] kinds() {
        return DatabaseKind.tried();
    }

    @Parameter
    public DatabaseKind kind;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CoreFixture core;

    @Before
    public void open() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK, kind.freshUrl());
    }

    @After
    public void close() {
        if (core != null) {
            core.close();
        }
    }

    @Test
    public void eachOfManyHasItsResult() throws Exception {
        List<Long> ids = machines(7, ResourceState.IDLE);
        set(ids.get(2), "state = 'ACTIVE'");
        set(ids.get(5), "environment = 'web', state = 'ACTIVE'");
        Operation ended = core.await(core.resources.act(
                ManyResources.act(List.of(), ALL, ResourceAction.MAINTENANCE), how("swap of rack 7", 3, 100)));
        assertEquals("resources.maintenance", ended.kind());
        assertEquals(OperationState.FAILED, ended.state());
        assertEquals("5 of 7 done, 2 refused", ended.doing());
        assertTrue(ended.reason(), ended.reason().contains("node-3: it is active; node-6: it is bound to"));
        List<OperationPart> parts = parts(ended, null);
        assertEquals(
                List.of("node-1", "node-2", "node-3", "node-4", "node-5", "node-6", "node-7"),
                parts.stream().map(OperationPart::name).toList());
        assertEquals(5, parts(ended, PartState.DONE).size());
        for (OperationPart done : parts(ended, PartState.DONE)) {
            Operation own = core.operations.find(done.operation()).orElseThrow();
            assertEquals("resource.maintenance", own.kind());
            assertEquals(done.subject(), own.subject());
            assertEquals(Long.valueOf(ended.id()), own.partOf());
            assertEquals(OperationState.DONE, own.state());
        }
        assertEquals(5, found(Filter.by(OperationField.PART_OF, ended.id())));
        assertEquals(5, found(Filter.by(OperationField.WHOLE, false)));
        assertEquals(1, found(Filter.by(OperationField.WHOLE, true)));
        assertEquals("it is active", parts.get(2).reason());
        assertEquals(PartState.REFUSED, parts.get(2).state());
        assertEquals(5, in(ResourceState.MAINTENANCE));
        assertEquals(
                List.of("node-3: it is active", "node-6: it is bound to virtual environment web"),
                core.operations.log(ended.id()).stream()
                        .map(line -> line.text())
                        .limit(2)
                        .toList());
    }

    @Test
    public void theEventsTellWhoAskedForWhatAndWhy() throws Exception {
        machines(3, ResourceState.IDLE);
        Operation ended = core.await(core.resources.act(
                ManyResources.act(
                        List.of(), Filter.by(ResourceField.STATE, ResourceState.IDLE), ResourceAction.MAINTENANCE),
                how("swap of rack 7", 3, 100)));
        assertEquals(OperationState.DONE, ended.state());
        assertEquals(
                List.of("ann asks to begin maintenance of resources: 3 (state=IDLE), operation " + ended.id()
                        + ": swap of rack 7"),
                events("many.asked"));
        assertEquals(
                "ann asks to begin maintenance of resource node-3, with others (operation " + ended.id()
                        + "): swap of rack 7",
                events("resource.asked").get(0));
        assertEquals(3, events("resource.asked").size());
    }

    @Test
    public void whatIsMeantIsNamedOrFiltered() throws Exception {
        List<Long> ids = machines(5, ResourceState.IDLE);
        core.resources.tag(ids.get(1), Tag.parse("tag", "rack=7"), Expected.any());
        core.resources.tag(ids.get(3), Tag.parse("tag", "rack=7"), Expected.any());
        assertEquals(List.of("node-2", "node-4"), planned(List.of(), Filter.by(ResourceField.TAG, "rack=7")));
        assertEquals(
                "in the order in which they are named, each once",
                List.of("node-3", "node-1", "node-5"),
                planned(
                        List.of(
                                "node-3",
                                String.valueOf(ids.get(0)),
                                "node-3",
                                "52:54:00:00:00:05",
                                "52-54-00-00-00-01"),
                        ALL));
        for (String nobody : List.of("node-9", "0", "99999", "52:54:00:00:00:99", "", "%")) {
            QrmException gone = assertThrows(nobody, QrmException.class, () -> planned(List.of("node-1", nobody), ALL));
            assertEquals(Problem.Kind.NOT_FOUND, gone.problem().kind());
            assertThrows(
                    QrmException.class,
                    () -> core.resources.act(
                            ManyResources.act(List.of("node-1", nobody), ALL, ResourceAction.MAINTENANCE),
                            how("", 1, 100)));
        }
        assertEquals("nothing was begun", 5, in(ResourceState.IDLE));
        assertEquals(
                0, core.operations.list(Filter.all(), PageRequest.FIRST).items().size());
    }

    @Test
    public void aMachineIsMeantByEverySpellingOfItsAddressUnlessOneIsNamedSo() throws Exception {
        List<Long> ids = machines(5, ResourceState.IDLE);
        for (String spelled : List.of(
                "52:54:00:00:00:05",
                "52-54-00-00-00-05",
                "52:54:0:0:0:5",
                "5254.0000.0005",
                "5254-0000-0005",
                "525400-000005",
                "525400000005")) {
            assertEquals(spelled, List.of("node-5"), planned(List.of(spelled), ALL));
            assertEquals(
                    spelled,
                    ids.get(4),
                    core.resources.find(spelled).map(Resource::id).orElse(null));
        }
        for (String name : List.of("52540000000a", "5254-0000-0005", "52-54-00-00-00-05")) {
            core.resources.rename(ids.get(0), name, Expected.any());
            assertEquals(name, List.of(name), planned(List.of(name), ALL));
            assertEquals(
                    name,
                    ids.get(0),
                    core.resources.find(name).map(Resource::id).orElse(null));
        }
    }

    @Test
    public void tooManyAndNoneAreRefusedAndNothingHappens() throws Exception {
        machines(5, ResourceState.IDLE);
        QrmException many = assertThrows(
                QrmException.class,
                () -> core.resources.act(ManyResources.act(List.of(), ALL, ResourceAction.MAINTENANCE), how("", 5, 4)));
        assertEquals(Problem.Kind.REFUSED, many.problem().kind());
        assertTrue(many.getMessage(), many.getMessage().contains("more than 4 are meant"));
        assertThrows(
                QrmException.class,
                () -> core.resources.plan(ManyResources.act(List.of(), ALL, ResourceAction.MAINTENANCE), 4));
        QrmException none = assertThrows(
                QrmException.class,
                () -> core.resources.act(
                        ManyResources.act(List.of(), Filter.by(ResourceField.TAG, "rack=8"), ResourceAction.REBOOT),
                        how("", 5, 5)));
        assertEquals(Problem.Kind.REFUSED, none.problem().kind());
        assertEquals(5, in(ResourceState.IDLE));
        for (int wrong : new int[] {0, -1, 1001}) {
            assertThrows(QrmException.class, () -> how("", wrong, 5));
        }
        assertThrows(QrmException.class, () -> how("", 1, Many.MOST + 1));
        assertThrows(QrmException.class, () -> how("x".repeat(201), 1, 1));
    }

    @Test
    public void aPlanTellsWhoWouldRefuseAndChangesNothing() throws Exception {
        List<Long> ids = machines(3, ResourceState.IDLE);
        set(ids.get(1), "state = 'ACTIVE'");
        ManyPlan plan = core.resources.plan(ManyResources.act(List.of(), ALL, ResourceAction.MAINTENANCE), 10);
        assertEquals(3, plan.matches());
        assertEquals(2, plan.possible());
        assertEquals("it is active", plan.things().get(1).reason());
        ManyPlan power = core.resources.plan(ManyResources.act(List.of(), ALL, ResourceAction.POWER_ON), 10);
        assertEquals(0, power.possible());
        assertEquals(
                "no plug-in controls the power of this machine",
                power.things().get(0).reason());
        assertEquals(
                0, core.operations.list(Filter.all(), PageRequest.FIRST).items().size());
    }

    @Test
    public void noMoreThanAskedForAreAtWorkAndACancelEndsThemAll() throws Exception {
        machines(6, ResourceState.IDLE);
        Operation asked = core.resources.act(ManyResources.act(List.of(), ALL, ResourceAction.REBOOT), how("", 2, 100));
        // none of them comes back
        eventually(
                () -> "two are at work", () -> parts(asked, PartState.RUNNING).size() == 2);
        assertEquals(4, parts(asked, PartState.QUEUED).size());
        core.operations.cancel(asked.id());
        Operation ended = core.await(asked);
        assertEquals(OperationState.CANCELLED, ended.state());
        List<OperationPart> parts = parts(ended, PartState.CANCELLED);
        assertEquals(6, parts.size());
        assertEquals("it was not begun", parts.get(5).reason());
        for (OperationPart part : parts.subList(0, 2)) {
            Operation own = core.await(core.operations.find(part.operation()).orElseThrow());
            assertEquals(OperationState.CANCELLED, own.state());
        }
        assertEquals("nobody else was told", 2, operations("resource.reboot").size());
    }

    @Test
    public void noneIsBegunTwiceHoweverOftenTheServerIsKilled() throws Exception {
        int all = 60;
        machines(all, ResourceState.IDLE);
        Operation asked =
                core.resources.act(ManyResources.act(List.of(), ALL, ResourceAction.MAINTENANCE), how("", 7, 100));
        for (int share = 1; share <= 3; share++) {
            int begun = all * share / 4;
            eventually(
                    () -> begun + " are begun",
                    () -> parts(asked, PartState.QUEUED).size() <= all - begun);
            core.crash();
        }
        Operation ended = core.await(asked);
        assertEquals(ended.reason(), OperationState.DONE, ended.state());
        assertEquals(all, parts(ended, PartState.DONE).size());
        List<Operation> own = operations("resource.maintenance");
        assertEquals(all, own.size());
        assertEquals(all, own.stream().map(Operation::subject).distinct().count());
    }

    @Test
    public void tagsAreSetAndTakenAwayAtOnce() throws Exception {
        List<Long> ids = machines(3, ResourceState.IDLE);
        for (int i = 0; i < Tag.MOST; i++) {
            core.resources.tag(ids.get(1), Tag.parse("tag", "t" + i), Expected.any());
        }
        core.resources.tag(ids.get(0), Tag.parse("tag", "rack=6"), Expected.any());
        Operation said = core.await(core.resources.act(
                new ManyResources(List.of(), ALL, null, Tag.parse("tag", List.of("rack=7", "gpu")), List.of()),
                how("", 1, 100)));
        assertEquals("2 of 3 done, 1 refused", said.doing());
        assertEquals("gpu rack=7", tags(ids.get(0)));
        assertEquals("gpu rack=7", tags(ids.get(2)));
        assertEquals(
                Tag.MOST, core.resources.find(ids.get(1)).orElseThrow().tags().size());
        assertTrue(events("resource.tagged").get(0).endsWith(", as ann said"));
        core.await(core.resources.act(
                new ManyResources(List.of(), ALL, null, List.of(), List.of("gpu")), how("", 1, 100)));
        assertEquals("rack=7", tags(ids.get(2)));
        assertThrows(
                IllegalArgumentException.class, () -> new ManyResources(List.of(), ALL, null, List.of(), List.of()));
    }

    @Test
    public void machinesAreSwitchedOffAndOnWhoeverHasSomebodyForIt() throws Exception {
        List<Long> ids = machines(2, ResourceState.IDLE);
        Power power = new Power(ids.get(0));
        core.controllers.add(power);
        Operation asked =
                core.resources.act(ManyResources.act(List.of(), ALL, ResourceAction.POWER_CYCLE), how("", 2, 100));
        eventually(() -> "it is cycled", () -> power.done.equals(List.of("cycle " + ids.get(0))));
        try (TestMachine machine = new TestMachine(core::nodes, 1, 2, 1024).powerOn()) {
            core.awaitIdle(machine);
            Operation ended = core.await(asked);
            assertEquals("1 of 2 done, 1 refused", ended.doing());
            assertEquals(
                    "no plug-in controls the power of this machine",
                    parts(ended, PartState.REFUSED).get(0).reason());
        }
        assertEquals(List.of("cycle " + ids.get(0)), power.done);
    }

    /** A plug-in takes its time, and may want to know what it was told of the machine. */
    @Test(timeout = 120_000)
    public void whoeverSwitchesAMachineIsAskedWhileNobodyHoldsAConnection() throws Exception {
        int all = CONNECTIONS;
        List<Long> ids = machines(all, ResourceState.IDLE);
        CountDownLatch there = new CountDownLatch(1);
        List<Thread> first = takeAllConnections(there);
        there.countDown();
        for (Thread each : first) {
            each.join();
        }
        Set<Thread> askers = ConcurrentHashMap.newKeySet();
        CyclicBarrier together = new CyclicBarrier(all);
        core.controllers.add(new Power(0) {
            @Override
            public boolean controls(Resource resource) {
                if (askers.remove(Thread.currentThread())) {
                    meet(together);
                    assertTrue(core.resources.find(resource.id()).isPresent());
                }
                return true;
            }
        });
        ExecutorService threads = Executors.newFixedThreadPool(all);
        try {
            List<Future<Operation>> asked = ids.stream()
                    .map(id -> threads.submit(() -> {
                        askers.add(Thread.currentThread());
                        return core.resources.act(id, ResourceAction.POWER_ON);
                    }))
                    .toList();
            for (Future<Operation> each : asked) {
                assertEquals("resource.power-on", each.get().kind());
            }
        } finally {
            threads.shutdown();
        }
    }

    /** Else he is told that nothing was changed, and asks again. */
    @Test(timeout = 120_000)
    public void whoAsksIsToldOfTheOperationThoughOthersTakeAllConnectionsThen() throws Exception {
        machines(1, ResourceState.IDLE);
        CountDownLatch end = new CountDownLatch(1);
        AtomicBoolean once = new AtomicBoolean(true);
        List<Thread> others = new ArrayList<>();
        core.database.watchEvents(() -> {
            if (once.getAndSet(false)) {
                others.addAll(takeAllConnections(end));
            }
        });
        try {
            Operation asked =
                    core.resources.act(ManyResources.act(List.of(), ALL, ResourceAction.MAINTENANCE), how("", 1, 1));
            assertEquals("resources.maintenance", asked.kind());
            assertFalse(asked.state().ended());
        } finally {
            end.countDown();
        }
        for (Thread other : others) {
            other.join();
        }
    }

    private List<Thread> takeAllConnections(CountDownLatch end) {
        AtomicInteger inside = new AtomicInteger();
        List<Thread> threads = IntStream.range(0, CONNECTIONS)
                .mapToObj(i -> new Thread(() -> {
                    while (!hold(inside, end)) {
                        Thread.onSpinWait();
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        eventually(() -> "all are taken", () -> inside.get() == CONNECTIONS);
        return threads;
    }

    /** A pool that is slow on a busy host is asked again. */
    private boolean hold(AtomicInteger inside, CountDownLatch end) {
        try {
            core.database.read(handle -> {
                inside.incrementAndGet();
                return await(end);
            });
            return true;
        } catch (RetryLater slow) {
            return false;
        }
    }

    private static Void await(CountDownLatch latch) {
        try {
            latch.await();
            return null;
        } catch (InterruptedException over) {
            throw new IllegalStateException(over);
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(60, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test(timeout = 120_000)
    public void partsThatHangInAPlugInLeaveThreadsToOthers() throws Exception {
        int all = 70;
        machines(all + 1, ResourceState.IDLE);
        CountDownLatch end = new CountDownLatch(1);
        core.controllers.add(new Power(0) {
            @Override
            public boolean controls(Resource resource) {
                return true;
            }

            @Override
            public void powerCycle(Resource resource, WorkContext work) {
                try {
                    end.await();
                } catch (InterruptedException over) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        List<String> named =
                IntStream.rangeClosed(1, all).mapToObj(i -> "node-" + i).toList();
        Operation many =
                core.resources.act(ManyResources.act(named, ALL, ResourceAction.POWER_CYCLE), how("", all, 100));
        eventually(() -> "all are begun", () -> parts(many, PartState.RUNNING).size() == all);
        long other = core.resources.find("node-" + (all + 1)).orElseThrow().id();
        Operation own = core.resources.act(other, ResourceAction.MAINTENANCE);
        assertEquals(
                OperationState.DONE,
                core.operations.await(own.id(), Duration.ofSeconds(10)).state());
        end.countDown();
        core.operations.cancel(many.id());
        core.await(many);
    }

    @Test
    public void pagesOfPartsGoOnWhereTheyEnded() throws Exception {
        machines(5, ResourceState.IDLE);
        Operation ended = core.await(
                core.resources.act(ManyResources.act(List.of(), ALL, ResourceAction.MAINTENANCE), how("", 5, 100)));
        List<String> names = new ArrayList<>();
        String after = null;
        do {
            Page<OperationPart> page = core.operations.parts(ended.id(), null, new PageRequest(2, after));
            assertTrue(page.items().size() <= 2);
            page.items().forEach(part -> names.add(part.name()));
            after = page.next();
        } while (after != null);
        assertEquals(5, names.stream().distinct().count());
        assertEquals(5, names.size());
        for (String wrong : List.of("x", "-1", "1' or '1'='1")) {
            assertThrows(QrmException.class, () -> core.operations.parts(ended.id(), null, new PageRequest(2, wrong)));
        }
        assertFalse(core.operations
                .parts(999, null, PageRequest.FIRST)
                .items()
                .iterator()
                .hasNext());
    }

    /** Machines as they are known, without anybody who boots. */
    private List<Long> machines(int number, ResourceState state) {
        List<Long> ids = core.database.change(change -> IntStream.rangeClosed(1, number)
                .mapToObj(i -> new ResourceRows()
                        .insert(
                                change,
                                new MacAddress(String.format("52:54:00:00:00:%02x", i)),
                                "node-" + i,
                                ResourceKind.NODE,
                                null,
                                null)
                        .id())
                .toList());
        ids.forEach(id -> set(id, "admitted = true, state = '" + state + "'"));
        return ids;
    }

    private void set(long id, String what) {
        core.database.change(change -> change.handle().execute("update resource set " + what + " where id = ?", id));
    }

    private static Many how(String why, int atOnce, int most) {
        return new Many("ann", why, atOnce, most);
    }

    private List<String> planned(List<String> named, Filter<ResourceField> filter) {
        return core.resources.plan(ManyResources.act(named, filter, ResourceAction.MAINTENANCE), 100).things().stream()
                .map(ManyPlan.Thing::name)
                .toList();
    }

    private List<OperationPart> parts(Operation operation, PartState state) {
        return Page.all(page -> core.operations.parts(operation.id(), state, page));
    }

    private List<Operation> operations(String of) {
        return Page.all(page -> core.operations.list(Filter.by(OperationField.KIND, of), page));
    }

    private int found(Filter<OperationField> filter) {
        return core.operations.list(filter, PageRequest.FIRST).items().size();
    }

    private List<String> events(String type) {
        return new EventLogService(core.database)
                .list(Filter.by(EventField.TYPE, type), PageRequest.FIRST).items().stream()
                        .map(event -> event.description())
                        .toList();
    }

    private String tags(long id) {
        return Tag.line(core.resources.find(id).orElseThrow().tags());
    }

    private long in(ResourceState state) {
        Map<ResourceState, Long> counts = new EnumMap<>(ResourceState.class);
        counts.putAll(core.resources.list(ALL, PageRequest.FIRST).items().stream()
                .collect(Collectors.groupingBy(Resource::state, Collectors.counting())));
        return counts.getOrDefault(state, 0L);
    }

    /** Switches one machine. */
    private static class Power implements PowerController {
        private final List<String> done = Collections.synchronizedList(new ArrayList<>());
        private final long machine;

        Power(long machine) {
            this.machine = machine;
        }

        @Override
        public boolean controls(Resource resource) {
            return resource.id() == machine;
        }

        @Override
        public Set<PowerAbility> abilities(Resource resource) {
            return EnumSet.of(PowerAbility.ON, PowerAbility.OFF);
        }

        @Override
        public PowerState state(Resource resource) {
            return PowerState.UNKNOWN;
        }

        @Override
        public void powerOn(Resource resource, WorkContext work) {
            done.add("on " + resource.id());
        }

        @Override
        public void powerOff(Resource resource, WorkContext work) {
            done.add("off " + resource.id());
        }

        @Override
        public void powerCycle(Resource resource, WorkContext work) {
            done.add("cycle " + resource.id());
        }
    }
}
