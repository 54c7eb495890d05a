package org.qrm.core.resource;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.qrm.core.Eventually.eventually;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.power.PowerController;
import org.qrm.api.power.PowerReading;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.CoreFixture;
import org.qrm.core.TestMachine;
import org.qrm.core.call.FakeWork;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.store.Database;
import org.qrm.core.store.DatabaseKind;

/** What is told of machines' power is shown with them, whatever those do who tell. */
@RunWith(Parameterized.class)
public class PowerWatchTest {

    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;

    @Parameters(name = "{0}")
    public static DatabaseKind[] kinds() {
        return DatabaseKind.tried();
    }

    @Parameter
    public DatabaseKind kind;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Ticker clock = new Ticker();
    private final Bmcs bmcs = new Bmcs();
    private final List<PowerController> controllers = new CopyOnWriteArrayList<>(List.of(bmcs));
    private final ResourceRows rows = new ResourceRows();
    private CoreFixture core;
    private Database database;
    private PluginCalls calls;
    private PowerControllers power;
    private PowerWatch watch;

    @Before
    public void open() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK, kind.freshUrl());
        database = core.database;
        calls = new PluginCalls();
        power = new PowerControllers(() -> controllers, calls);
        watch = watch();
    }

    private PowerWatch watch() {
        return new PowerWatch(
                database,
                rows,
                power,
                () -> controllers,
                "test",
                Duration.ofSeconds(60),
                Duration.ofMillis(200),
                clock);
    }

    @After
    public void close() {
        bmcs.release.countDown();
        watch.close();
        calls.close();
        core.close();
    }

    @Test
    public void whatIsToldIsShownAndWrittenWhenItChanges() throws Exception {
        long on = machine(1);
        long off = machine(2);
        bmcs.say(off, PowerState.OFF);
        pass(5 * SECOND);
        assertEquals(PowerState.ON, reading(on).state());
        assertEquals(PowerState.OFF, reading(off).state());
        assertEquals("", reading(on).problem());
        Instant since = reading(on).since();
        long version = resource(on).version();
        execute("update resource set power_problem = 'nobody wrote' where id = " + on);
        pass(3 * MINUTE);
        assertEquals(
                "the same is not written again", "nobody wrote", reading(on).problem());
        assertTrue("" + bmcs.asked(on), bmcs.asked(on) >= 3 && bmcs.asked(on) <= 5);
        assertEquals("it is no change of the machine", version, resource(on).version());
        bmcs.say(on, PowerState.OFF);
        pass(2 * MINUTE);
        assertEquals(PowerState.OFF, reading(on).state());
        assertTrue(reading(on).since().isAfter(since));
    }

    /** What a controller does, and what is then shown; null is what was told before. */
    private record Fault(
            Supplier<PowerState> does, PowerState once, PowerState twice, String words, boolean stubborn) {}

    @Test
    public void eachFaultIsToldWithItsWordsAndAskedLessOften() throws Exception {
        Map<String, Fault> faults = new LinkedHashMap<>();
        faults.put(
                "does not answer",
                new Fault(
                        () -> fail(Problem.Kind.UNREACHABLE, "the BMC does not answer"),
                        null,
                        PowerState.UNKNOWN,
                        "the BMC does not answer",
                        false));
        faults.put("hangs", new Fault(bmcs::hang, null, PowerState.UNKNOWN, "it did not return within 0 s", false));
        faults.put(
                "wrong password",
                new Fault(
                        () -> fail(Problem.Kind.FAILED, "the password is not that of this user"),
                        PowerState.UNKNOWN,
                        PowerState.UNKNOWN,
                        "the password is not that of this user",
                        true));
        faults.put(
                "throws",
                new Fault(
                        () -> {
                            throw new IllegalStateException("oops");
                        },
                        PowerState.UNKNOWN,
                        PowerState.UNKNOWN,
                        "IllegalStateException: oops",
                        true));
        faults.put(
                "of another API",
                new Fault(
                        () -> {
                            throw new NoSuchMethodError("gone");
                        },
                        PowerState.UNKNOWN,
                        PowerState.UNKNOWN,
                        "NoSuchMethodError: gone",
                        true));
        faults.put(
                "cannot tell", new Fault(() -> PowerState.UNKNOWN, PowerState.UNKNOWN, PowerState.UNKNOWN, "", false));
        faults.put(
                "speaks to the terminal",
                new Fault(
                        () -> fail(Problem.Kind.FAILED, "\u001b[2J" + "x".repeat(10_000)),
                        PowerState.UNKNOWN,
                        PowerState.UNKNOWN,
                        "?[2J" + "x".repeat(295) + "…",
                        true));
        Map<String, Long> machines = new LinkedHashMap<>();
        faults.keySet().forEach(name -> machines.put(name, machine(machines.size() + 1)));
        long well = machine(99);
        pass(5 * SECOND);
        machines.forEach(
                (name, id) -> assertEquals(name, PowerState.ON, reading(id).state()));
        machines.forEach((name, id) -> bmcs.does.put(id, faults.get(name).does()));
        Map<Long, Integer> before = new ConcurrentHashMap<>(bmcs.counts());
        boolean[] once = new boolean[machines.size()];
        for (int second = 0; second < 600; second++) {
            pass(SECOND);
            int number = 0;
            for (Map.Entry<String, Long> each : machines.entrySet()) {
                Fault fault = faults.get(each.getKey());
                PowerReading now = reading(each.getValue());
                int asked = bmcs.asked(each.getValue()) - before.get(each.getValue());
                if (asked == 1) {
                    once[number] = true;
                    assertEquals(each.getKey(), fault.once() == null ? PowerState.ON : fault.once(), now.state());
                } else if (asked > 1) {
                    assertEquals(each.getKey(), fault.twice(), now.state());
                    assertEquals(each.getKey(), fault.words(), now.problem());
                }
                number++;
            }
        }
        for (boolean each : once) {
            assertTrue(each);
        }
        faults.forEach((name, fault) -> {
            int asked = bmcs.asked(machines.get(name)) - before.get(machines.get(name));
            assertEquals(name + " asked " + asked, fault.stubborn(), asked == 1);
            assertTrue(name + " asked " + asked, asked <= 5);
        });
        assertTrue(bmcs.asked(well) >= 9);
        assertEquals(PowerState.ON, reading(well).state());

        machines.values().forEach(id -> bmcs.say(id, PowerState.ON));
        machines.values().forEach(watch::soon);
        pass(2 * SECOND);
        machines.forEach(
                (name, id) -> assertEquals(name, PowerState.ON, reading(id).state()));
        machines.forEach((name, id) -> assertEquals(name, "", reading(id).problem()));
    }

    @Test
    public void pausesGrowToAnHour() {
        assertEquals(
                List.of(60L, 120L, 240L, 480L, 960L, 1920L, 3600L, 3600L),
                IntStream.rangeClosed(1, 8)
                        .mapToObj(failures -> Watched.pause(failures, true, MINUTE) / SECOND)
                        .toList());
        assertEquals(
                List.of(900L, 1800L, 3600L, 3600L),
                IntStream.rangeClosed(1, 4)
                        .mapToObj(failures -> Watched.pause(failures, false, MINUTE) / SECOND)
                        .toList());
        assertEquals("never shorter than usual", 7200, Watched.pause(9, true, 7200 * SECOND) / SECOND);
    }

    @Test
    public void thoseThatHangHoldUpNoOthersAndABoundedNumberOfThreads() throws Exception {
        Bmcs deaf = new Bmcs();
        controllers.add(deaf);
        List<Long> all = IntStream.range(0, 120).mapToObj(this::machine).toList();
        List<Long> hanging = all.stream().filter(id -> id % 2 == 0).toList();
        List<Long> well = all.stream().filter(id -> id % 2 == 1).toList();
        bmcs.controls = well::contains;
        deaf.controls = hanging::contains;
        hanging.forEach(id -> deaf.does.put(id, deaf::ignoreAll));
        try {
            for (int round = 0; round < 40; round++) {
                clock.add(500);
                watch.round();
                eventually(
                        () -> "nobody but those that hang is waited for",
                        () -> bmcs.atWork.get() == 0
                                && watch.queue().underWay() <= PowerQueue.MOST_OF_ONE + PowerQueue.MOST_DOUBTFUL);
                int asked = deaf.atWork.get();
                assertTrue(asked + " at once", asked <= PowerQueue.MOST_OF_ONE + PowerQueue.MOST_DOUBTFUL);
            }
            eventually(
                    () -> "not asked: "
                            + well.stream().filter(id -> bmcs.asked(id) == 0).toList(),
                    () -> {
                        clock.add(500);
                        watch.round();
                        return well.stream().allMatch(id -> bmcs.asked(id) > 0);
                    });
            eventually(() -> "its calls have ended", () -> watch.queue().underWay() == 0);
            assertTrue("" + deaf.atWork.get(), deaf.atWork.get() <= PowerQueue.MOST_OF_ONE + PowerQueue.MOST_DOUBTFUL);
            well.forEach(id -> assertEquals(PowerState.ON, reading(id).state()));
            assertTrue(
                    "orders are still given",
                    power.of(resource(well.get(0)), PowerAbility.OFF).isPresent());
            clock.add(10 * MINUTE);
            int before = deaf.atWork.get();
            for (int round = 0; round < 20; round++) {
                clock.add(500);
                watch.round();
                watch.queue().awaitAnswers();
            }
            assertEquals("it is not called while so many have not returned", before, deaf.atWork.get());
            assertTrue(
                    reading(hanging.get(0)).toString(),
                    reading(hanging.get(0)).problem().contains("earlier calls of power controller"));
        } finally {
            deaf.release.countDown();
        }
    }

    @Test
    public void tenThousandAreABoundedLoad() throws Exception {
        int many = 10_000;
        machines(many);
        // a call that this machine was too busy to end in time puts that one off, so a few may come later
        int rounds = roundsUntilAsked(many - many / 1000, 1400);
        int asked = bmcs.all.get();
        long seconds = rounds / 2;
        assertTrue(asked + " in " + seconds + " s", asked <= (seconds + 1) * PowerQueue.A_SECOND);
        assertTrue(seconds + " s", seconds >= 498 && seconds <= 700);
        roundsUntilAsked(many, 10_000);
        assertEquals(
                "a round of so many takes so long", 500 * SECOND, watch.queue().interval());
        assertTrue(bmcs.mostAtWork.get() + " at once", bmcs.mostAtWork.get() <= PowerQueue.MOST_OF_ONE);
        assertEquals(many, count("power = 'ON'"));
        execute("update resource set power = 'OFF'");
        bmcs.counts.clear();
        for (int round = 0; round < 400; round++) {
            clock.add(500);
            watch.round();
            watch.queue().awaitAnswers();
        }
        assertTrue(bmcs.counts().size() + " asked", bmcs.counts().size() > 3500);
        assertEquals("what does not change is not written", many, count("power = 'OFF'"));
    }

    private int roundsUntilAsked(int many, int most) throws InterruptedException {
        int rounds = 0;
        while (bmcs.counts().size() < many) {
            clock.add(500);
            watch.round();
            watch.queue().awaitAnswers();
            rounds++;
            assertTrue(rounds + " rounds: " + bmcs.counts().size(), rounds < most);
        }
        return rounds;
    }

    @Test
    public void anIdleMachineThatIsSilentAndToldToBeOffIsOffBeforeItsSilenceCounts() throws Exception {
        long id = machine(1);
        heard(id);
        pass(5 * SECOND);
        assertEquals(PowerState.ON, reading(id).state());
        bmcs.say(id, PowerState.OFF);
        long lost = clock.millis();
        while (resource(id).state() == ResourceState.IDLE && clock.millis() < lost + 45 * SECOND) {
            pass(SECOND);
        }
        assertEquals(ResourceState.OFF, resource(id).state());
        assertEquals(ResourceRow.TOLD_OFF, resource(id).reason());
        assertTrue("after two reports", clock.millis() - lost >= 20 * SECOND);
        assertEquals(PowerState.OFF, reading(id).state());
        assertEquals(1, core.openEvents("resource.state").size());
        assertEquals(
                List.of(resource(id).name()
                        + " was switched off, or lost its power, and no operation of this server had asked for that"),
                core.openEvents("resource.power"));
        bmcs.say(id, PowerState.ON);
        pass(2 * MINUTE);
        assertEquals(
                "it says itself when it is idle",
                ResourceState.OFF,
                resource(id).state());
        assertEquals(PowerState.ON, reading(id).state());
        assertEquals("the warning is over", 1, core.openEvents("resource.power").size());
        assertTrue(core.openEvents("resource.power").get(0).contains("was switched on"));
    }

    @Test
    public void whoSaysOffOfAMachineThatReportsIsNotBelieved() throws Exception {
        long id = machine(1);
        bmcs.say(id, PowerState.OFF);
        for (int second = 0; second < 300; second += 5) {
            heard(id);
            pass(5 * SECOND);
            assertEquals(ResourceState.IDLE, resource(id).state());
        }
        assertEquals(PowerState.UNKNOWN, reading(id).state());
        assertEquals(PowerConclusions.CONTRADICTED, reading(id).problem());
        bmcs.say(id, PowerState.ON);
        pass(2 * MINUTE);
        assertEquals(PowerState.ON, reading(id).state());
        assertEquals("", reading(id).problem());
    }

    @Test
    public void anErrorIsOffOnlyIfItIsOneOfSilence() throws Exception {
        long silent = machine(1);
        long broken = machine(2);
        long bound = machine(3);
        core.environment(
                "web", org.qrm.api.environment.EnvironmentMode.SINGLE, org.qrm.api.environment.Requirements.NONE);
        execute("update resource set state = 'ERROR', reason = 'it is broken', last_seen = 1");
        execute("update resource set environment = 'web' where id = " + bound);
        database.change(change -> {
            for (long id : List.of(silent, bound)) {
                change.event(
                        org.qrm.api.event.Priority.ERROR, "resource.silent", ResourceService.lane(id), "silent", id);
            }
            return null;
        });
        List.of(silent, broken, bound).forEach(id -> bmcs.say(id, PowerState.OFF));
        pass(2 * MINUTE);
        assertEquals(ResourceState.OFF, resource(silent).state());
        assertEquals(ResourceState.ERROR, resource(broken).state());
        assertEquals(ResourceState.ERROR, resource(bound).state());
        assertEquals(PowerState.OFF, reading(bound).state());
        assertEquals(
                "that of the bound one", 1, core.openEvents("resource.silent").size());
    }

    @Test
    public void aMachineThatWasSaidToBeOffAndReportsIsIdle() {
        TestMachine machine = new TestMachine(core::nodes, 7, 2, 1024).powerOn();
        try {
            eventually(
                    () -> "it is idle",
                    () -> core.resources
                            .find(machine.mac())
                            .filter(it -> it.state() == ResourceState.IDLE)
                            .isPresent());
            long id = core.resources.find(machine.mac()).orElseThrow().id();
            core.powerWatch.soon(id);
            execute("update resource set version = version + 1, state = 'OFF', reason = '" + ResourceRow.TOLD_OFF
                    + "' where id = " + id);
            // what changes a row by the book has the server forget what it remembers of it
            core.resources.rename(id, "node-seven");
            eventually(() -> "it is idle again", () -> resource(id).state() == ResourceState.IDLE);
            assertEquals("", resource(id).reason());
        } finally {
            machine.close();
        }
    }

    @Test
    public void changesThatAnOperationAskedForSurpriseNobody() throws Exception {
        long id = machine(1);
        pass(5 * SECOND);
        PowerControllers.Switch orders =
                power.of(resource(id), PowerAbility.OFF).orElseThrow();
        bmcs.whileSwitched = () -> {
            bmcs.say(id, PowerState.OFF);
            watch.soon(id);
            pass(SECOND);
        };
        orders.off(new FakeWork());
        assertEquals(
                "it was seen while the order was under way",
                PowerState.OFF,
                reading(id).state());
        bmcs.whileSwitched = () -> bmcs.say(id, PowerState.ON);
        int asked = bmcs.asked(id);
        orders.on(new FakeWork());
        pass(2 * SECOND);
        assertEquals("it is asked for at once", PowerState.ON, reading(id).state());
        assertNotEquals(asked, bmcs.asked(id));
        assertEquals(List.of(), core.openEvents("resource.power"));

        execute("update resource set instruction = 'POWER_OFF' where id = " + id);
        bmcs.say(id, PowerState.OFF);
        pass(2 * MINUTE);
        assertEquals(List.of(), core.openEvents("resource.power"));
        execute("update resource set instruction = null where id = " + id);
        bmcs.say(id, PowerState.ON);
        pass(2 * MINUTE);
        assertEquals(1, core.openEvents("resource.power").size());
    }

    @Test
    public void oneEventTellsOfAllThatAreNotTold() throws Exception {
        List<Long> all = IntStream.range(0, 30).mapToObj(this::machine).toList();
        pass(10 * SECOND);
        all.subList(0, 5).forEach(id -> bmcs.does.put(id, () -> fail(Problem.Kind.UNREACHABLE, "no answer")));
        pass(5 * MINUTE);
        List<String> told = core.openEvents("power.untold");
        assertEquals(told.toString(), 1, told.size());
        assertTrue(
                told.get(0),
                told.get(0).startsWith("It is not told whether 5 machines have power: node-0 (no answer)"));
        assertTrue(told.get(0), told.get(0).contains("(no answer); and 2 more"));
        int first = events("power.untold");
        all.subList(0, 8).forEach(id -> bmcs.does.put(id, () -> fail(Problem.Kind.UNREACHABLE, "no answer")));
        pass(5 * MINUTE);
        assertEquals("a few more are no news", first, events("power.untold"));
        all.forEach(id -> bmcs.does.put(id, () -> fail(Problem.Kind.UNREACHABLE, "no answer")));
        pass(5 * MINUTE);
        assertEquals(1, core.openEvents("power.untold").size());
        assertTrue(events("power.untold") > first && events("power.untold") < first + 5);
        all.forEach(id -> bmcs.say(id, PowerState.ON));
        all.forEach(watch::soon);
        pass(2 * MINUTE);
        assertEquals(List.of(), core.openEvents("power.untold"));
    }

    @Test
    public void twoThatControlTheSameMachinesAreToldOfAndTheFirstIsAsked() throws Exception {
        List<Long> all = IntStream.range(0, 5).mapToObj(this::machine).toList();
        Bmcs second = new Bmcs();
        second.controls = id -> id != all.get(4);
        controllers.add(second);
        pass(3 * MINUTE);
        assertTrue("the first is asked", bmcs.asked(all.get(0)) > 1);
        assertEquals(0, second.all.get());
        List<String> told = core.openEvents("power.claimed-twice");
        assertEquals(told.toString(), 1, told.size());
        String bmcs = "power controller " + Bmcs.class.getName();
        assertTrue(
                told.get(0),
                told.get(0)
                        .startsWith("More than one plug-in controls the power of 4 machines: node-0 by " + bmcs
                                + ", as is said by " + bmcs + ", too; node-1"));
        assertTrue(told.get(0), told.get(0).contains("; and 1 more. The first is used."));
        pass(5 * MINUTE);
        assertEquals("once", 1, events("power.claimed-twice"));
        controllers.remove(second);
        pass(3 * MINUTE);
        assertEquals(List.of(), core.openEvents("power.claimed-twice"));
    }

    @Test
    public void whoOnlySwitchesOnBesideABmcIsNoContradiction() throws Exception {
        machine(0);
        controllers.add(new Bmcs() {
            @Override
            public Set<PowerAbility> abilities(Resource resource) {
                return Set.of(PowerAbility.ON);
            }
        });
        pass(3 * MINUTE);
        assertEquals(0, events("power.claimed-twice"));
    }

    @Test
    public void withoutPluginsNothingIsDoneAndWhatWasToldIsForgotten() throws Exception {
        long id = machine(1);
        pass(5 * SECOND);
        controllers.clear();
        int asked = bmcs.all.get();
        pass(30 * SECOND);
        assertEquals("they may come back", PowerState.ON, reading(id).state());
        pass(2 * MINUTE);
        assertEquals(PowerReading.NONE, reading(id));
        assertEquals(asked, bmcs.all.get());
        database.change(change -> change.handle().execute("update resource set power = 'ON'"));
        pass(2 * MINUTE);
        assertEquals("once is enough", PowerState.ON, reading(id).state());
        controllers.add(bmcs);
        bmcs.say(id, PowerState.OFF);
        pass(5 * SECOND);
        assertEquals(PowerState.OFF, reading(id).state());
    }

    @Test
    public void aMachineThatNobodyControlsIsNotAskedForUntilThatChanges() throws Exception {
        long id = machine(1);
        bmcs.controls = machine -> false;
        pass(4 * MINUTE);
        assertEquals(PowerReading.NONE, reading(id));
        assertEquals("once in 5 minutes", 1, bmcs.lookups.get());
        bmcs.controls = machine -> true;
        watch.soon(id);
        pass(2 * SECOND);
        assertEquals(PowerState.ON, reading(id).state());
        bmcs.controls = machine -> false;
        pass(2 * MINUTE);
        assertEquals(PowerState.UNKNOWN, reading(id).state());
        assertEquals("", reading(id).problem());
    }

    @Test
    public void aServerThatIsStartedAgainGoesOnWithWhatIsKnown() throws Exception {
        long id = machine(1);
        pass(5 * SECOND);
        Instant since = reading(id).since();
        watch.close();
        watch = watch();
        bmcs.say(id, PowerState.OFF);
        pass(5 * SECOND);
        assertEquals(PowerState.OFF, reading(id).state());
        assertTrue(reading(id).since().isAfter(since));
        assertEquals(1, core.openEvents("resource.power").size());
    }

    @Test
    public void oneOfTheServersThatShareADatabaseAsks() {
        PowerTurn one = new PowerTurn(database, "one", clock);
        PowerTurn other = new PowerTurn(database, "other", clock);
        assertTrue(one.isHeld());
        assertFalse(other.isHeld());
        clock.add(50 * SECOND);
        assertTrue(one.isHeld());
        clock.add(50 * SECOND);
        assertFalse("it was renewed", other.isHeld());
        clock.add(70 * SECOND);
        assertTrue("the first said no more", other.isHeld());
        assertFalse(one.isHeld());
    }

    @Test
    public void aMachineThatIsNewOrRemovedIsNoticed() throws Exception {
        pass(SECOND);
        long id = machine(1);
        pass(35 * SECOND);
        assertEquals(PowerState.ON, reading(id).state());
        execute("delete from resource where id = " + id);
        int asked = bmcs.asked(id);
        pass(5 * MINUTE);
        assertEquals(asked, bmcs.asked(id));
        assertNull(core.resources.find(id).orElse(null));
    }

    /** Time passes, in steps in which everybody answers. */
    private void pass(long millis) {
        for (long passed = 0; passed < millis; passed += 500) {
            clock.add(500);
            watch.round();
            try {
                watch.queue().awaitAnswers();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
    }

    private long machine(int number) {
        return database.change(change -> {
            long id = rows.insert(
                            change,
                            new MacAddress(String.format("52:54:00:00:%02x:%02x", number / 256, number % 256)),
                            "node-" + number,
                            org.qrm.api.resource.ResourceKind.NODE,
                            null,
                            null)
                    .id();
            change.handle()
                    .execute(
                            "update resource set state = 'IDLE', admitted = true, last_seen = ? where id = ?",
                            clock.millis(),
                            id);
            return id;
        });
    }

    private void machines(int many) {
        database.change(change -> {
            PreparedBatch batch = change.handle()
                    .prepareBatch("insert into resource (mac, name, kind, state, reason, cpus, cpu_mhz, memory_mb,"
                            + " nic_count, nics, details, load_average, local_boot, admitted, version) values (:mac,"
                            + " :name, 'NODE', 'OFF', '', 1, 1, 1, 1, '[]', '{}', 0, false, true, 1)");
            for (int number = 0; number < many; number++) {
                batch.bind("mac", String.format("52:54:00:01:%02x:%02x", number / 256, number % 256))
                        .bind("name", "many-" + number)
                        .add();
            }
            return batch.execute();
        });
    }

    private void heard(long id) {
        database.change(change -> {
            rows.heard(change, List.of(new ResourceRows.Heard(id, clock.millis(), 0)));
            return null;
        });
    }

    private void execute(String sql) {
        database.change(change -> change.handle().execute(sql));
    }

    private int count(String where) {
        return database.read(handle -> handle.createQuery("select count(*) from resource where " + where)
                .mapTo(Integer.class)
                .one());
    }

    private int events(String type) {
        return database.read(handle -> handle.createQuery("select count(*) from event where type = :type")
                .bind("type", type)
                .mapTo(Integer.class)
                .one());
    }

    private Resource resource(long id) {
        return core.resources.find(id).orElseThrow();
    }

    private PowerReading reading(long id) {
        return resource(id).power();
    }

    private static PowerState fail(Problem.Kind kind, String reason) {
        throw new QrmException(new Problem(kind, "ask for the power of", "BMC", reason, ""));
    }

    /** A clock that stands still until it is told. */
    private static final class Ticker extends Clock {
        private final AtomicLong millis = new AtomicLong(System.currentTimeMillis());

        void add(long more) {
            millis.addAndGet(more);
        }

        @Override
        public long millis() {
            return millis.get();
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /** The BMCs of all machines, each of which does as it was told; on, unless told otherwise. */
    private static class Bmcs implements PowerController {
        final Map<Long, Supplier<PowerState>> does = new ConcurrentHashMap<>();
        final Map<Long, AtomicInteger> counts = new ConcurrentHashMap<>();
        final AtomicInteger all = new AtomicInteger();
        final AtomicInteger lookups = new AtomicInteger();
        final AtomicInteger atWork = new AtomicInteger();
        final AtomicInteger mostAtWork = new AtomicInteger();
        final CountDownLatch release = new CountDownLatch(1);
        volatile java.util.function.LongPredicate controls = id -> true;
        volatile Runnable whileSwitched = () -> {};

        void say(long id, PowerState state) {
            does.put(id, () -> state);
        }

        int asked(long id) {
            return counts.getOrDefault(id, new AtomicInteger()).get();
        }

        Map<Long, Integer> counts() {
            Map<Long, Integer> now = new LinkedHashMap<>();
            counts.forEach((id, count) -> now.put(id, count.get()));
            return now;
        }

        /** Until it is interrupted. */
        PowerState hang() {
            try {
                release.await();
            } catch (InterruptedException obeyed) {
                Thread.currentThread().interrupt();
            }
            return PowerState.ON;
        }

        /** Whatever it is told. */
        PowerState ignoreAll() {
            List<InterruptedException> ignored = new ArrayList<>();
            while (release.getCount() > 0) {
                try {
                    release.await();
                } catch (InterruptedException deaf) {
                    ignored.add(deaf);
                }
            }
            return PowerState.ON;
        }

        @Override
        public boolean controls(Resource resource) {
            lookups.incrementAndGet();
            return controls.test(resource.id());
        }

        @Override
        public void powerOn(Resource resource, WorkContext work) {
            whileSwitched.run();
        }

        @Override
        public void powerOff(Resource resource, WorkContext work) {
            whileSwitched.run();
        }

        @Override
        public void powerCycle(Resource resource, WorkContext work) {
            whileSwitched.run();
        }

        @Override
        public PowerState state(Resource resource) {
            int now = atWork.incrementAndGet();
            mostAtWork.accumulateAndGet(now, Math::max);
            all.incrementAndGet();
            counts.computeIfAbsent(resource.id(), id -> new AtomicInteger()).incrementAndGet();
            try {
                return does.getOrDefault(resource.id(), () -> PowerState.ON).get();
            } finally {
                atWork.decrementAndGet();
            }
        }
    }
}
