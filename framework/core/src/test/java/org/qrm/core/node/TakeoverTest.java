package org.qrm.core.node;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.qrm.core.Eventually.eventually;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.node.Registered;
import org.qrm.api.node.Registration;
import org.qrm.api.node.Report;
import org.qrm.api.node.Report.NodeState;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceAction;
import org.qrm.core.CoreFixture;
import org.qrm.core.TestMachine;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;

/** A stranger on the network, who knows a machine's MAC address. */
public class TakeoverTest {

    private static final String STRANGER = "10.66.6.6";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private volatile long now;
    private volatile LongPredicate answers = id -> false;
    private CoreFixture core;
    private TestMachine machine;

    @Before
    public void open() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK);
        machine = new TestMachine(core::nodes, 1, 2, 1024);
    }

    @After
    public void close() {
        core.close();
    }

    @Test
    public void aMachineThatIsUpKeepsItsPlaceAndItsToken() {
        Registration earlier = machine.registration();
        Registered up = core.nodes().register(machine.registration());
        assertNotNow(() -> core.nodes().bootOrder(machine.mac(), STRANGER));
        assertNotNow(() -> core.nodes().register(earlier));
        report(up);
        assertTrue(core.nodes().isToken(up.resource(), up.nodeToken()));
        assertFalse(core.nodes().isToken(up.resource(), "another"));
    }

    @Test
    public void aMachineThatSaysThatItGoesDownBootsAtOnce() {
        Registered up = core.nodes().register(machine.registration());
        TestMachine.goesDown(core.nodes(), up);
        core.nodes().register(machine.registration());
    }

    @Test
    public void aMachineThatWasToldToRestartBootsAtOnce() {
        Registered up = core.nodes().register(machine.registration());
        core.resources.act(up.resource(), ResourceAction.REBOOT);
        eventually(() -> "it may not boot", this::mayBoot);
    }

    @Test
    public void theTokenIsKnownAfterARestartOfTheServerToo() {
        Registered up = core.nodes().register(machine.registration());
        core.crash();
        assertTrue(core.nodes().isToken(up.resource(), up.nodeToken()));
        assertFalse(core.nodes().isToken(up.resource() + 1, up.nodeToken()));
    }

    @Test
    public void whoAsksForAMachineThatGoesOnReportingIsToldOfOnceAndNamed() {
        Registered up = core.nodes().register(machine.registration());
        Incumbents incumbents = incumbents();
        assertNotNow(() -> letBoot(incumbents, up));
        incumbents.tell();
        assertEquals("perhaps it is the machine itself", List.of(), claimed());
        heard(up, 10_000);
        incumbents.tell();
        assertNotNow(() -> letBoot(incumbents, up));
        incumbents.tell();
        assertEquals(1, claimed().size());
        assertTrue(claimed().get(0), claimed().get(0).contains("asks from " + STRANGER));
    }

    @Test
    public void aMachineThatLostItsPowerIsAnsweredWhenItsReportsAreOverdueAndNobodyIsBlamed() {
        Registered up = core.nodes().register(machine.registration());
        Incumbents incumbents = incumbents();
        assertNotNow(() -> letBoot(incumbents, up));
        now += Incumbents.OVERDUE.toMillis() + 1000;
        awaitBoot(incumbents, up);
        TestMachine.goesDown(core.nodes(), up);
        core.nodes().register(machine.registration());
        heard(up, 60_000);
        incumbents.tell();
        assertEquals(List.of(), claimed());
    }

    @Test
    public void nobodyCountsAsGoneBecauseTheServerWasAway() {
        Registered up = core.nodes().register(machine.registration());
        heard(up, -3_600_000);
        Incumbents incumbents = incumbents();
        assertNotNow(() -> letBoot(incumbents, up));
        now += Incumbents.OVERDUE.toMillis() + 1000;
        awaitBoot(incumbents, up);
    }

    @Test
    public void aMachineThatAnswersKeepsItsPlaceThoughItsReportsAreOverdueAndTheOtherOneIsNamed() {
        Registered up = core.nodes().register(machine.registration());
        answers = id -> id == up.resource();
        Incumbents incumbents = incumbents();
        now += Incumbents.OVERDUE.toMillis() + 1000;
        refusedUntilAnswered(incumbents, up);
        incumbents.tell();
        incumbents.tell();
        assertEquals(1, claimed().size());
        assertTrue(claimed().get(0), claimed().get(0).contains("asks from " + STRANGER));
        now += LifeSigns.ANSWER_STANDS.toMillis();
        answers = id -> false;
        awaitBoot(incumbents, up);
    }

    @Test
    public void whoIsToldToAskAgainHasNotWaitedAndBootsWhenNobodyAnswers() {
        Registered up = core.nodes().register(machine.registration());
        CountDownLatch hangs = new CountDownLatch(1);
        AtomicInteger questions = new AtomicInteger();
        answers = id -> {
            questions.incrementAndGet();
            return awaited(hangs);
        };
        Incumbents incumbents = incumbents();
        now += Incumbents.OVERDUE.toMillis() + 1000;
        for (int i = 0; i < 10; i++) {
            assertNotNow(() -> letBoot(incumbents, up));
        }
        eventually(() -> "nobody is asked", () -> questions.get() == 1);
        now += LifeSigns.PATIENCE.toMillis();
        letBoot(incumbents, up);
        hangs.countDown();
        now += LifeSigns.SILENCE_STANDS.toMillis() - LifeSigns.PATIENCE.toMillis() - 1;
        letBoot(incumbents, up);
        assertEquals("one question at a time", 1, questions.get());
        incumbents.tell();
        assertEquals(List.of(), claimed());
    }

    @Test
    public void aMachineThatIsToRestartIsNotAsked() {
        Registered up = core.nodes().register(machine.registration());
        answers = id -> {
            throw new AssertionError("asked");
        };
        Incumbents incumbents = incumbents();
        now += Incumbents.OVERDUE.toMillis() + 1000;
        core.database.change(change ->
                change.handle().execute("update resource set instruction = 'REBOOT' where id = ?", up.resource()));
        letBoot(incumbents, up);
    }

    @Test
    public void whatItAnsweredBeforeItRegisteredAnewDoesNotCount() {
        Registered up = core.nodes().register(machine.registration());
        answers = id -> true;
        Incumbents incumbents = incumbents();
        now += Incumbents.OVERDUE.toMillis() + 1000;
        refusedUntilAnswered(incumbents, up);
        answers = id -> false;
        core.database.change(change ->
                change.handle().execute("update resource set boot_id = 'another' where id = ?", up.resource()));
        awaitBoot(incumbents, up);
    }

    @Test
    public void oneThatWasNotAdmittedIsNotAsked() {
        Registered up = core.nodes().register(machine.registration());
        answers = id -> true;
        Incumbents incumbents = incumbents();
        now += Incumbents.OVERDUE.toMillis() + 1000;
        core.database.change(
                change -> change.handle().execute("update resource set admitted = false where id = ?", up.resource()));
        letBoot(incumbents, up);
    }

    /** A site without power: a few are asked, and nobody waits for that. */
    @Test
    public void whereManyDoNotAnswerFewAreAskedAndTheOthersBoot() {
        int machines = 2000;
        Registered up = core.nodes().register(machine.registration());
        ResourceRow row = core.database.read(
                handle -> new ResourceRows().find(handle, up.resource()).orElseThrow());
        CountDownLatch hangs = new CountDownLatch(1);
        now = System.currentTimeMillis();
        try (LifeSigns signs = new LifeSigns(id -> awaited(hangs), clock())) {
            long asked = LongStream.range(0, machines)
                    .filter(id -> signs.of(numbered(row, id)) == LifeSigns.Sign.ASKED)
                    .count();
            assertEquals(LifeSigns.AT_ONCE + LifeSigns.WAITING, asked);
        } finally {
            hangs.countDown();
        }
    }

    @Test
    public void anAddressIsNotGivenToAnotherWhileItsMachineAnswers() {
        Registered up = core.nodes().register(machine.registration());
        Incumbents incumbents = incumbents();
        assertTrue(holds(incumbents, up));
        now += Incumbents.OVERDUE.toMillis() + 1000;
        CountDownLatch hangs = new CountDownLatch(1);
        answers = id -> {
            awaited(hangs);
            return true;
        };
        assertNotNow(() -> holds(incumbents, up));
        hangs.countDown();
        eventually(() -> "it does not answer", () -> !beingAsked(incumbents, up));
        assertTrue(holds(incumbents, up));
    }

    private boolean holds(Incumbents incumbents, Registered up) {
        return core.database.read(handle -> incumbents.holds(
                "register",
                handle,
                new ResourceRows().find(handle, up.resource()).orElseThrow()));
    }

    private boolean beingAsked(Incumbents incumbents, Registered up) {
        try {
            holds(incumbents, up);
            return false;
        } catch (QrmException asked) {
            return true;
        }
    }

    private void refusedUntilAnswered(Incumbents incumbents, Registered up) {
        eventually(
                () -> "it does not answer",
                () -> assertThrows(QrmException.class, () -> letBoot(incumbents, up))
                        .getMessage()
                        .contains("does not report, but is up"));
    }

    private void awaitBoot(Incumbents incumbents, Registered up) {
        eventually(() -> "it may not boot", () -> {
            try {
                letBoot(incumbents, up);
                return true;
            } catch (QrmException notNow) {
                return false;
            }
        });
    }

    private static ResourceRow numbered(ResourceRow row, long id) {
        Resource it = row.resource();
        return new ResourceRow(
                new Resource(
                        id,
                        it.mac(),
                        it.name(),
                        it.kind(),
                        it.hostId(),
                        it.partitionOf(),
                        it.state(),
                        it.reason(),
                        it.hardware(),
                        it.address(),
                        it.environmentId(),
                        it.load(),
                        it.lastSeen(),
                        it.version()),
                row.admitted(),
                row.pinned(),
                row.localBoot(),
                row.instruction(),
                row.bootImage(),
                row.bootId(),
                row.nodeTokenHash(),
                row.sshHostKey(),
                row.execdPort());
    }

    private static boolean awaited(CountDownLatch hangs) {
        try {
            hangs.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private void letBoot(Incumbents incumbents, Registered up) {
        core.database.read(handle -> {
            ResourceRow row = new ResourceRows().find(handle, up.resource()).orElseThrow();
            incumbents.letBoot("boot", question -> question.test(handle), row, null, STRANGER);
            return null;
        });
    }

    private boolean mayBoot() {
        try {
            core.nodes().bootOrder(machine.mac(), STRANGER);
            return true;
        } catch (QrmException notNow) {
            return false;
        }
    }

    /** As if another server had written it. */
    private void heard(Registered machine, long later) {
        core.database.change(change -> change.handle()
                .execute("update resource set last_seen = last_seen + ? where id = ?", later, machine.resource()));
    }

    private void report(Registered machine) {
        core.nodes()
                .report(
                        new Report(machine.resource(), machine.nodeToken(), NodeState.IDLE, 0, 0, 0, ""),
                        Duration.ZERO);
    }

    private List<String> claimed() {
        return core.database.read(
                handle -> handle.createQuery("select description from event where type = 'resource.claimed'")
                        .mapTo(String.class)
                        .list());
    }

    private static void assertNotNow(ThrowingRunnable call) {
        QrmException refused = assertThrows(QrmException.class, call);
        assertEquals(Problem.Kind.CONFLICT, refused.problem().kind());
    }

    private Incumbents incumbents() {
        now = System.currentTimeMillis();
        return new Incumbents(
                core.database,
                new ResourceRows(),
                new ConcurrentHashMap<>(),
                new Refusals(core.database),
                new LifeSigns(id -> answers.test(id), clock()),
                CoreFixture.QUICK,
                clock());
    }

    private Clock clock() {
        return ((InstantSource) () -> Instant.ofEpochMilli(now)).withZone(ZoneOffset.UTC);
    }
}
