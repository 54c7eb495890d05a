package org.qrm.core.environment;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.qrm.core.Eventually.eventually;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.Tag;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.HealMode;
import org.qrm.api.environment.Healing;
import org.qrm.api.environment.HealingPlan;
import org.qrm.api.environment.Requirements;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.ResourceState;

/** A machine that is lost is fenced, and its environment starts on another one; without certainty nothing starts. */
public class HealingTest extends HealingSite {

    @Test
    public void itIsFencedReleasedAndStartedOnAnotherMachine() throws Exception {
        long lost = runs("web", RESTART);
        long spare = idle();
        lose(lost, "web");
        Operation heal = healing("web");
        assertEquals(heal.reason(), OperationState.DONE, core.await(heal).state());
        activeOn("web", spare);
        assertEquals(ResourceState.OFF, resource(lost).state());
        assertEquals(List.of(lost), power.switchedOff);
        String log = log(heal);
        assertTrue(log, log.contains("Fenced: " + resource(lost).name() + " is off"));
        assertEquals(1, core.openEvents("healing.restarted").size());
        assertEquals(List.of(), core.openEvents("virtual-environment.error"));

        power.boot(resource(lost));
        awaits(lost, ResourceState.IDLE);
        assertEquals(null, resource(lost).environmentId());
        activeOn("web", spare);
    }

    /** What who switches a machine says when it was told to switch it off, and whether that is certain. */
    private Map<String, Runnable> uncertain() {
        Map<String, Runnable> table = new LinkedHashMap<>();
        table.put("says on", () -> power.state = machine -> PowerState.ON);
        table.put("cannot tell", () -> power.state = machine -> PowerState.UNKNOWN);
        table.put("says nothing", () -> power.state = machine -> null);
        table.put(
                "does not answer",
                () -> power.state = machine -> {
                    throw new QrmException(
                            new Problem(Problem.Kind.UNREACHABLE, "ask", machine.name(), "the BMC is silent", "Look."));
                });
        table.put(
                "throws",
                () -> power.state = machine -> {
                    throw new IllegalStateException("broken");
                });
        table.put("does not obey and says on", () -> {
            power.refusal = "the BMC refuses";
            power.state = machine -> PowerState.ON;
        });
        table.put("controls nothing", () -> power.controls = false);
        table.put("only wakes", () -> power.abilities = EnumSet.of(PowerAbility.ON));
        table.put("switches off and tells nothing", () -> power.abilities = EnumSet.of(PowerAbility.OFF));
        table.put("tells on and switches nothing", () -> {
            power.abilities = EnumSet.of(PowerAbility.STATE);
            power.state = machine -> PowerState.ON;
        });
        return table;
    }

    @Test
    public void withoutCertaintyNothingStartsUntilAPersonConfirms() throws Exception {
        long spare = idle();
        for (Map.Entry<String, Runnable> each : uncertain().entrySet()) {
            String name = "ve" + each.getKey().replaceAll("[^a-z]", "");
            long lost = runs(name, RESTART);
            long free = spare;
            power.reset();
            each.getValue().run();
            lose(lost, name);
            Operation heal = healing(name);
            eventually(
                    () -> each.getKey() + ": a person is asked: " + log(heal),
                    () -> core.openEvents("healing.unfenced").size() == 1);
            String told = core.openEvents("healing.unfenced").get(0);
            assertTrue(told, told.contains("qrm ve confirm-fenced " + name));
            assertTrue(told, told.contains(resource(lost).name() + " may still run"));
            assertEquals(
                    each.getKey(), EnvironmentState.ERROR, environment(name).state());
            assertEquals(ResourceState.IDLE, resource(free).state());
            assertEquals(name, resource(lost).environmentId());
            assertFalse(core.operations.find(heal.id()).orElseThrow().state().ended());

            QrmException other = assertThrows(QrmException.class, () -> core.environments.confirmFenced(name, free));
            assertEquals(Problem.Kind.CONFLICT, other.problem().kind());
            assertTrue(
                    other.getMessage(),
                    other.problem().remedy().contains(resource(lost).name()));
            core.environments.confirmFenced(name, lost);
            assertEquals(OperationState.DONE, core.await(heal).state());
            activeOn(name, free);
            assertEquals(List.of(), core.openEvents("healing.unfenced"));
            assertEquals(ResourceState.OFF, resource(lost).state());
            assertThrows(QrmException.class, () -> core.environments.confirmFenced(name, lost));
            power.reset();
            assertEquals(
                    OperationState.DONE,
                    core.await(core.environments.stop(name, false)).state());
            core.database.change(change -> change.handle().execute("update resource set cpus = 0 where id = ?", lost));
            spare = free;
        }
    }

    @Test
    public void aMachineThatIsOffAlthoughTheOrderFailedIsFenced() throws Exception {
        power.refusal = "the BMC refuses";
        power.state = machine -> PowerState.OFF;
        long lost = runs("web", RESTART);
        long spare = idle();
        lose(lost, "web");
        assertEquals(OperationState.DONE, core.await(healing("web")).state());
        activeOn("web", spare);
    }

    @Test
    public void aServerThatIsKilledBeforeAnyStepGoesOn() throws Exception {
        long spare = idle();
        for (String step :
                List.of("await-turn", "fence", "release", "start", "prepare", "open-access", "boot", "finish")) {
            String name = "ve" + step.replace("-", "");
            long lost = runs(name, RESTART);
            AtomicBoolean reached = new AtomicBoolean();
            core.beforeStep = next -> {
                if (next.name().equals(step) && reached.compareAndSet(false, true)) {
                    core.engine.abandon();
                    throw new CancelledException("killed");
                }
            };
            lose(lost, name);
            core.environments.healer().look(0);
            eventually(() -> "step " + step + " is reached", reached::get);
            core.crash();
            activeOn(name, spare);
            assertEquals(step, ResourceState.OFF, resource(lost).state());
            assertEquals(
                    OperationState.DONE,
                    core.await(core.environments.stop(name, false)).state());
            core.database.change(change -> change.handle().execute("update resource set cpus = 0 where id = ?", lost));
        }
    }

    /** What a step does outside has happened, or not, and nothing of it is written. */
    @Test
    public void aServerThatIsKilledInTheMiddleOfAStepGoesOn() throws Exception {
        long spare = idle();
        Map<String, Consumer<Runnable>> moments = new LinkedHashMap<>();
        moments.put("theorderisgiven", kill -> power.ordered = kill);
        moments.put("theorderisobeyed", kill -> power.obeyed = kill);
        moments.put(
                "thestateistold",
                kill -> power.state = machine -> {
                    if (power.switchedOff.contains(machine.id())) {
                        kill.run();
                    }
                    return power.really(machine);
                });
        moments.put("storageisclosed", kill -> core.storage.before = kill);
        for (Map.Entry<String, Consumer<Runnable>> moment : moments.entrySet()) {
            String name = moment.getKey();
            long lost = runs(name, RESTART);
            AtomicBoolean reached = new AtomicBoolean();
            moment.getValue().accept(() -> {
                if (reached.compareAndSet(false, true)) {
                    core.engine.abandon();
                    throw new CancelledException("killed");
                }
            });
            lose(lost, name);
            core.environments.healer().look(0);
            eventually(() -> name + " is reached", reached::get);
            assertEquals(name, ResourceState.IDLE, resource(spare).state());
            core.crash();
            activeOn(name, spare);
            assertEquals(name, ResourceState.OFF, resource(lost).state());
            power.reset();
            core.storage.before = () -> {};
            assertEquals(
                    OperationState.DONE,
                    core.await(core.environments.stop(name, false)).state());
            core.database.change(change -> change.handle().execute("update resource set cpus = 0 where id = ?", lost));
        }
    }

    @Test
    public void aMachineThatComesBackWhileItsSilenceIsBorneIsLeftAlone() throws Exception {
        long lost = runs("web", new Healing(HealMode.RESTART, 3, 86_400, List.of()));
        idle();
        lose(lost, "web");
        core.environments.healer().look(0);
        assertEquals(Optional.empty(), newest("web"));
        assertEquals(EnvironmentState.ERROR, environment("web").state());
        power.boot(resource(lost));
        activeOn("web", lost);
        assertEquals(List.of(), power.switchedOff);
        assertEquals(Optional.empty(), newest("web"));
    }

    @Test
    public void aMachineThatComesBackBeforeItIsFencedIsLeftAlone() throws Exception {
        power.state = machine -> PowerState.UNKNOWN;
        long lost = runs("web", RESTART);
        long spare = idle();
        lose(lost, "web");
        Operation heal = healing("web");
        aPersonIsAsked();
        power.boot(resource(lost));
        OperationState ended = core.await(heal).state();
        assertEquals(log(heal) + " " + resource(lost), OperationState.DONE, ended);
        activeOn("web", lost);
        assertEquals(ResourceState.IDLE, resource(spare).state());
        assertEquals(List.of(), core.openEvents("healing.unfenced"));
    }

    @Test
    public void whatIsNotToBeHealedIsHealedOnlyWhenAPersonSaysSo() throws Exception {
        long lost = runs("web", Healing.NONE);
        long spare = idle();
        QrmException well = assertThrows(QrmException.class, () -> core.environments.heal("web"));
        assertEquals("no machine of it is lost", well.problem().reason());
        lose(lost, "web");
        core.environments.healer().look(0);
        assertEquals(Optional.empty(), newest("web"));
        assertEquals(
                OperationState.DONE, core.await(core.environments.heal("web")).state());
        activeOn("web", spare);
    }

    @Test
    public void aStopEndsAHealingThatWaits() throws Exception {
        power.state = machine -> PowerState.UNKNOWN;
        long lost = runs("web", RESTART);
        long spare = idle();
        lose(lost, "web");
        Operation heal = healing("web");
        aPersonIsAsked();
        assertEquals(
                OperationState.DONE,
                core.await(core.environments.stop("web", true)).state());
        assertTrue(core.await(heal).state().ended());
        assertEquals(EnvironmentState.INACTIVE, environment("web").state());
        assertEquals(ResourceState.IDLE, resource(spare).state());
        assertEquals(List.of(), core.openEvents("healing.unfenced"));
    }

    @Test
    public void whoeverCancelsAHealingIsNotOverruled() throws Exception {
        power.state = machine -> PowerState.UNKNOWN;
        long lost = runs("web", RESTART);
        lose(lost, "web");
        Operation heal = healing("web");
        aPersonIsAsked();
        core.operations.cancel(heal.id());
        assertEquals(OperationState.CANCELLED, core.await(heal).state());
        core.environments.healer().look(0);
        assertEquals(heal.id(), newest("web").orElseThrow().id());
        assertEquals(1, core.openEvents("healing.given-up").size());
        assertEquals(EnvironmentState.ERROR, environment("web").state());

        long spare = idle();
        power.reset();
        core.await(core.environments.heal("web"));
        activeOn("web", spare);
        assertEquals(List.of(), core.openEvents("healing.given-up"));
    }

    @Test
    public void aSpareMachineHasTheTagsThatWereAskedFor() throws Exception {
        Healing tagged = new Healing(HealMode.RESTART, 3, 0, List.of(new Tag("spare", "")));
        long lost = runs("web", tagged);
        long other = idle();
        lose(lost, "web");
        Operation heal = healing("web");
        eventually(
                () -> "no machine fits",
                () -> core.openEvents("healing.no-spare").size() == 1);
        assertTrue(core.openEvents("healing.no-spare").get(0).contains("not tagged spare"));
        core.resources.tag(other, new Tag("spare", ""), org.qrm.api.Expected.any());
        assertEquals(OperationState.DONE, core.await(heal).state());
        activeOn("web", other);
        assertEquals(List.of(), core.openEvents("healing.no-spare"));
    }

    @Test
    public void afterSoManyAttemptsAPersonIsAsked() throws Exception {
        long lost = runs("web", new Healing(HealMode.RESTART, 2, 0, List.of()));
        idle();
        idle();
        core.beforeStep = step -> {
            if (step.name().equals("prepare")) {
                throw new IllegalStateException("the start is broken");
            }
        };
        lose(lost, "web");
        eventually(() -> "it is given up: " + environment("web"), () -> {
            core.environments.healer().look(0);
            return core.openEvents("healing.given-up").size() == 1;
        });
        String told = core.openEvents("healing.given-up").get(0);
        assertTrue(told, told.contains("2 starts on other machines failed"));
        assertEquals(2, operations("virtual-environment.heal"));
        core.environments.healer().look(0);
        assertEquals(2, operations("virtual-environment.heal"));

        core.beforeStep = step -> {};
        core.await(core.environments.heal("web"));
        eventually(() -> "it is active", () -> environment("web").state() == EnvironmentState.ACTIVE);
    }

    @Test
    public void whileTooManyAreLostAtOnceNothingIsFenced() throws Exception {
        List<Long> ids = new ArrayList<>();
        for (int each = 0; each < 4; each++) {
            ids.add(runs("ve" + each, RESTART));
        }
        idle();
        idle();
        for (int each = 0; each < 4; each++) {
            lose(ids.get(each), "ve" + each);
        }
        Operation first = healing("ve0");
        Operation second = healing("ve1");
        eventually(() -> "they wait", () -> log(first).contains("so many machines are lost at once"));
        assertEquals(1, core.openEvents("healing.storm").size());
        assertTrue(core.openEvents("healing.storm").get(0).startsWith("4 of 4 machines"));
        assertEquals(List.of(), power.switchedOff);

        core.environments.heal("ve1");
        assertEquals(OperationState.DONE, core.await(second).state());
        eventually(() -> "one goes on", () -> environment("ve1").state() == EnvironmentState.ACTIVE);
        assertEquals(List.of(ids.get(1)), power.switchedOff);

        power.boot(resource(ids.get(2)));
        power.boot(resource(ids.get(3)));
        assertEquals(OperationState.DONE, core.await(first).state());
        eventually(() -> "it goes on", () -> environment("ve0").state() == EnvironmentState.ACTIVE);
        assertEquals(List.of(), core.openEvents("healing.storm"));
    }

    @Test
    public void noMoreAreHealedAtOnceThanAreAllowed() throws Exception {
        core.healsAtOnce = 1;
        core.crash();
        List<Long> ids = List.of(runs("ve0", RESTART), runs("ve1", RESTART));
        idle();
        idle();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        power.state = machine -> {
            asked.countDown();
            await(answer);
            return power.really(machine);
        };
        lose(ids.get(0), "ve0");
        Operation first = healing("ve0");
        await(asked);
        lose(ids.get(1), "ve1");
        Operation second = healing("ve1");
        eventually(() -> "it waits", () -> log(second).contains("1 others are being healed"));
        assertEquals(List.of(ids.get(0)), power.switchedOff);
        answer.countDown();
        assertEquals(OperationState.DONE, core.await(first).state());
        assertEquals(OperationState.DONE, core.await(second).state());
        for (String name : List.of("ve0", "ve1")) {
            eventually(
                    () -> name + " is active: " + environment(name),
                    () -> environment(name).state() == EnvironmentState.ACTIVE);
        }
        assertEquals(ids, power.switchedOff);
    }

    @Test
    public void aPersonIsNotBelievedThatAMachineIsOffThatIsHeardOf() throws Exception {
        power.state = machine -> PowerState.UNKNOWN;
        long lost = runs("web", RESTART);
        long spare = idle();
        lose(lost, "web");
        Operation heal = healing("web");
        aPersonIsAsked();
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        core.beforeStep = step -> {
            if (step.name().equals("release")) {
                reached.countDown();
                await(goOn);
            }
        };
        core.environments.confirmFenced("web", lost);
        await(reached);
        power.boot(resource(lost));
        eventually(() -> "it is heard of", () -> resource(lost).state() != ResourceState.ERROR);
        assertThrows(QrmException.class, () -> core.environments.confirmFenced("web", lost));
        goOn.countDown();
        assertEquals(OperationState.DONE, core.await(heal).state());
        activeOn("web", lost);
        assertEquals(ResourceState.IDLE, resource(spare).state());
    }

    @Test
    public void thePlanTellsHowItWouldBeFencedAndWhereItWouldStart() throws Exception {
        long id = runs("web", RESTART);
        HealingPlan alone = core.environments.planHealing("web");
        assertFalse(alone.possible());
        assertTrue(alone.toString(), alone.machines().get(0).fenced());
        assertTrue(alone.toString(), alone.machines().get(0).start().startsWith("no machine fits"));
        long spare = idle();
        HealingPlan plan = core.environments.planHealing("web");
        assertTrue(plan.toString(), plan.possible());
        assertEquals(
                "it would start on " + resource(spare).name(),
                plan.machines().get(0).start());
        assertEquals(id, plan.machines().get(0).resource());
        assertEquals((Long) spare, plan.machines().get(0).spare());
        power.state = machine -> PowerState.UNKNOWN;
        HealingPlan unsure = core.environments.planHealing("web");
        assertFalse(unsure.possible());
        assertTrue(unsure.toString(), unsure.machines().get(0).fencing().contains("cannot tell"));
        power.controls = false;
        assertTrue(core.environments
                .planHealing("web")
                .machines()
                .get(0)
                .fencing()
                .contains("no plug-in controls the power"));
        assertEquals(List.of(), power.switchedOff);
        activeOn("web", id);
        core.await(core.environments.stop("web", false));
        assertThrows(QrmException.class, () -> core.environments.planHealing("web"));
    }

    @Test
    public void valuesThatMakeNoSenseAreRefused() {
        for (int[] wrong : new int[][] {{0, 0}, {11, 0}, {-1, 0}, {3, -1}, {3, 86_401}}) {
            QrmException refused = assertThrows(
                    QrmException.class, () -> new Healing(HealMode.RESTART, wrong[0], wrong[1], List.of()));
            assertEquals(Problem.Kind.INVALID, refused.problem().kind());
        }
        for (int[] right : new int[][] {{1, 0}, {10, 86_400}}) {
            assertEquals(right[0], new Healing(HealMode.RESTART, right[0], right[1], List.of()).attempts());
        }
    }

    @Test
    public void howItIsHealedChangesWhileItRuns() throws Exception {
        runs("web", Healing.NONE);
        Healing changed = new Healing(HealMode.RESTART, 5, 60, List.of(new Tag("rack", "7")));
        EnvironmentSpec spec = environment("web").spec();
        core.environments.update(spec.healed(changed));
        assertEquals(changed, environment("web").spec().healing());
        EnvironmentSpec more = spec.healed(Healing.NONE).needing(new Requirements(1, 0, 0, 0));
        assertThrows(QrmException.class, () -> core.environments.update(more));
        assertEquals(changed, environment("web").spec().healing());
    }
}
