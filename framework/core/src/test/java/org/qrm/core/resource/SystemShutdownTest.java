package org.qrm.core.resource;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.qrm.core.Eventually.eventually;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.Before;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.power.PowerController;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.Limits;

/** Whoever cuts the power of a system that runs from a disk leaves that disk as after a power failure. */
public class SystemShutdownTest extends DiskSite {

    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final Board board = new Board();

    @Before
    public void open() throws Exception {
        open(new Limits(Duration.ofMillis(100), Duration.ofSeconds(20), PATIENCE, Duration.ofSeconds(2)), board);
        board.power = PowerState.ON;
    }

    @Test
    public void itIsAskedBeforeItsPowerIsCut() throws Exception {
        act(ResourceAction.LOCAL_BOOT);
        board.looksUntilOff = 2;
        Operation resumed = act(ResourceAction.RESUME);
        assertEquals(List.of("shut down", "cycle"), board.told);
        assertTrue(log(resumed), log(resumed).contains("has shut down"));
    }

    @Test
    public void itIsAskedBeforeItIsSwitchedOff() throws Exception {
        act(ResourceAction.LOCAL_BOOT);
        board.looksUntilOff = 0;
        act(ResourceAction.POWER_OFF);
        assertEquals(List.of("shut down", "off"), board.told);
        assertEquals(ResourceState.OFF, resource().state());
    }

    @Test
    public void itsPowerIsCutWhenItDoesNotShutDown() throws Exception {
        act(ResourceAction.LOCAL_BOOT);
        Operation resumed = act(ResourceAction.RESUME);
        assertEquals(List.of("shut down", "cycle"), board.told);
        assertTrue("it had its time", board.sinceAsked().compareTo(PATIENCE) >= 0);
        assertTrue(log(resumed), log(resumed).contains("is not seen to have done so within 8 s"));
    }

    /** Silence of a BMC is no reason to cut the power of a system that is about to shut down. */
    @Test
    public void itHasItsTimeWhenNobodyTellsWhetherItIsOff() throws Exception {
        act(ResourceAction.LOCAL_BOOT);
        board.silent = true;
        act(ResourceAction.RESUME);
        assertEquals(List.of("shut down", "cycle"), board.told);
        assertTrue("it had its time", board.sinceAsked().compareTo(PATIENCE) >= 0);
    }

    @Test
    public void itHasItsTimeWhenThePluginGoesMeanwhile() throws Exception {
        act(ResourceAction.LOCAL_BOOT);
        Operation resuming = core.resources.act(id, ResourceAction.RESUME);
        board.awaitAsked();
        board.beAwayForALook();
        done(resuming);
        assertEquals(List.of("shut down", "cycle"), board.told);
        assertTrue("it had its time", board.sinceAsked().compareTo(PATIENCE) >= 0);
    }

    @Test
    public void itsPowerIsCutWhenItCannotBeAsked() throws Exception {
        act(ResourceAction.LOCAL_BOOT);
        board.refusing = refusal(Problem.Kind.FAILED, "no such command");
        Operation resumed = act(ResourceAction.RESUME);
        assertEquals(List.of("shut down", "cycle"), board.told);
        assertTrue(log(resumed), log(resumed).contains("cannot be asked to shut down: no such command"));
    }

    @Test
    public void itIsAskedAgainWhenTheBmcIsBusy() throws Exception {
        act(ResourceAction.LOCAL_BOOT);
        board.looksUntilOff = 0;
        board.refusing = refusal(Problem.Kind.UNREACHABLE, "busy");
        act(ResourceAction.RESUME);
        assertEquals(List.of("shut down", "shut down", "cycle"), board.told);
    }

    @Test
    public void nobodyIsAskedWhoCannotPassItOn() throws Exception {
        board.abilities = EnumSet.of(PowerAbility.ON, PowerAbility.OFF, PowerAbility.STATE);
        act(ResourceAction.LOCAL_BOOT);
        act(ResourceAction.RESUME);
        assertEquals(List.of("cycle"), board.told);
    }

    /** One that is in memory alone loses nothing, and is told itself. */
    @Test
    public void aMachineThatHearsThisServerIsNotAskedThisWay() throws Exception {
        act(ResourceAction.POWER_OFF);
        assertEquals(List.of("off"), board.told);
    }

    /** A button that is pressed once more may switch it on. */
    @Test
    public void aServerThatDiesMeanwhileGoesOnAndAsksNoMore() throws Exception {
        act(ResourceAction.LOCAL_BOOT);
        Operation resuming = core.resources.act(id, ResourceAction.RESUME);
        board.awaitAsked();
        awaits(resuming, "await-shut-down");
        core.crash();
        done(resuming);
        assertEquals(List.of("shut down", "cycle"), board.told);
        assertEquals(
                1,
                core.operations.log(resuming.id()).stream()
                        .filter(line -> line.text().contains("is not seen to have done so"))
                        .count());
    }

    @Test
    public void noMachineIsSaidToBeOffThatNobodyHasSwitchedOff() throws Exception {
        act(ResourceAction.LOCAL_BOOT);
        Operation off = core.resources.act(id, ResourceAction.POWER_OFF);
        board.awaitAsked();
        core.controllers.remove(board);
        Operation failed = core.await(off);
        assertEquals(OperationState.FAILED, failed.state());
        assertEquals(Problem.Kind.UNAVAILABLE, failed.problem().kind());
        assertEquals(ResourceState.MAINTENANCE, resource().state());
    }

    @Test
    public void whatIsSwitchedOnAgainRunsFromItsDisk() throws Exception {
        act(ResourceAction.LOCAL_BOOT);
        board.looksUntilOff = 0;
        act(ResourceAction.POWER_OFF);
        act(ResourceAction.POWER_ON);
        assertEquals(ResourceState.MAINTENANCE, resource().state());
        assertEquals("boots from its own disk", resource().reason());
        board.looksUntilOff = 0;
        act(ResourceAction.POWER_OFF);
        assertEquals(List.of("shut down", "off", "on", "shut down", "off"), board.told);
    }

    /** It does not report that somebody has switched it on there. */
    @Test
    public void whatIsSaidToBeOffIsSwitchedOffAllTheSame() throws Exception {
        act(ResourceAction.LOCAL_BOOT);
        board.looksUntilOff = 0;
        act(ResourceAction.POWER_OFF);
        board.power = PowerState.ON;
        board.looksUntilOff = 0;
        act(ResourceAction.POWER_OFF);
        assertEquals(List.of("shut down", "off", "shut down", "off"), board.told);
        board.looksUntilOff = 0;
        act(ResourceAction.POWER_CYCLE);
        assertEquals("cycle", board.told.get(board.told.size() - 1));
        assertEquals(ResourceState.MAINTENANCE, resource().state());
    }

    @Test
    public void whatWasSwitchedOffIsTakenBack() throws Exception {
        act(ResourceAction.LOCAL_BOOT);
        board.looksUntilOff = 0;
        act(ResourceAction.POWER_OFF);
        act(ResourceAction.RESUME);
        assertEquals("cycle", board.told.get(board.told.size() - 1));
        QrmException off = assertThrows(QrmException.class, () -> core.resources.act(id, ResourceAction.POWER_OFF));
        assertEquals(
                "one of the pool that is off is off",
                Problem.Kind.CONFLICT,
                off.problem().kind());
    }

    private void awaits(Operation operation, String step) {
        eventually(
                () -> "it is at " + core.operations.find(operation.id()),
                () -> core.operations
                        .find(operation.id())
                        .filter(it -> it.steps().contains(new Operation.Step(step, OperationState.RUNNING)))
                        .isPresent());
    }

    private static QrmException refusal(Problem.Kind kind, String reason) {
        return new QrmException(new Problem(kind, "shut down", "node", reason, "Look."));
    }

    /** A machine's BMC. */
    private static final class Board implements PowerController {
        final List<String> told = new CopyOnWriteArrayList<>();
        volatile Set<PowerAbility> abilities =
                EnumSet.of(PowerAbility.ON, PowerAbility.OFF, PowerAbility.STATE, PowerAbility.SHUT_DOWN);
        volatile PowerState power = PowerState.UNKNOWN;
        /** How often it is still on after it was asked to shut down. */
        volatile int looksUntilOff = Integer.MAX_VALUE;

        volatile boolean silent;
        private volatile boolean away;
        private volatile int asksWhileAway;
        /** What the next request is answered. */
        volatile QrmException refusing;

        private volatile long asked;
        private volatile long cut;

        @Override
        public boolean controls(Resource resource) {
            asksWhileAway += away ? 1 : 0;
            return !away;
        }

        /** As a plug-in that is updated. */
        void beAwayForALook() throws InterruptedException {
            away = true;
            await("nobody looked for it", () -> asksWhileAway > 0);
            away = false;
        }

        @Override
        public Set<PowerAbility> abilities(Resource resource) {
            return abilities;
        }

        @Override
        public void powerOn(Resource resource, WorkContext work) {
            tell("on", PowerState.ON);
        }

        @Override
        public void powerOff(Resource resource, WorkContext work) {
            tell("off", PowerState.OFF);
        }

        @Override
        public void powerCycle(Resource resource, WorkContext work) {
            tell("cycle", PowerState.ON);
        }

        private void tell(String what, PowerState then) {
            cut = System.nanoTime();
            power = then;
            told.add(what);
        }

        @Override
        public void shutDown(Resource resource, WorkContext work) {
            QrmException refused = refusing;
            refusing = null;
            asked = System.nanoTime();
            told.add("shut down");
            if (refused != null) {
                throw refused;
            }
        }

        @Override
        public PowerState state(Resource resource) {
            if (silent) {
                throw refusal(Problem.Kind.UNREACHABLE, "silent");
            }
            if (told.contains("shut down") && looksUntilOff-- == 0) {
                power = PowerState.OFF;
            }
            return power;
        }

        void awaitAsked() throws InterruptedException {
            await("it was not asked", () -> !told.isEmpty());
        }

        private static void await(String otherwise, BooleanSupplier condition) throws InterruptedException {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!condition.getAsBoolean()) {
                assertTrue(otherwise, System.nanoTime() < end);
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }

        Duration sinceAsked() {
            return Duration.ofNanos(cut - asked);
        }
    }
}
