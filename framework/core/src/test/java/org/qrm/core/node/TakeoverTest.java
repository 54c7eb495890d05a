package org.qrm.core.node;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
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
import org.qrm.api.resource.ResourceAction;
import org.qrm.core.CoreFixture;
import org.qrm.core.Eventually;
import org.qrm.core.TestMachine;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;

/** A stranger on the network, who knows a machine's MAC address. */
public class TakeoverTest {

    private static final String STRANGER = "10.66.6.6";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private long now;
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
        Eventually.eventually(() -> "it may not boot", this::mayBoot);
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
        letBoot(incumbents, up);
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
        letBoot(incumbents, up);
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
                CoreFixture.QUICK,
                ((InstantSource) () -> Instant.ofEpochMilli(now)).withZone(ZoneOffset.UTC));
    }
}
