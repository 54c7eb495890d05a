package org.qrm.core.environment;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;
import static org.qrm.core.Eventually.eventually;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.HealMode;
import org.qrm.api.environment.Healing;
import org.qrm.api.environment.HealingStorm;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.SpareMachine;
import org.qrm.api.environment.SpareMachine.Found;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.node.Report.NodeState;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.DatabaseKind;

/** What would have two machines write one image, a storm overlooked, or an environment forgotten. */
public class HealingAttacksTest extends HealingSite {

    /** The start on a spare machine fails after it has mounted the image: it is one more machine that may write it. */
    @Test
    public void aSpareMachineThatHangsInTheImageIsFencedBeforeTheNextOne() throws Exception {
        long lost = runs("web", RESTART);
        long spare = idle();
        power.of(spare).hangsIn(NodeState.STARTING);
        lose(lost, "web");
        healing("web");
        eventually(
                () -> "the image is mounted: " + resource(spare),
                () -> environment("web").resources().equals(List.of(spare))
                        && resource(spare).state() == ResourceState.BOOTING);
        long next = idle();
        power.state = machine -> machine.id() == spare ? PowerState.ON : power.really(machine);
        power.of(spare).close();
        eventually(() -> "a person is asked: " + core.openEvents("healing.unfenced"), () -> {
            core.environments.healer().look(0);
            return core.openEvents("healing.unfenced").stream()
                    .anyMatch(told -> told.contains(resource(spare).name() + " may still run"));
        });
        assertEquals(ResourceState.IDLE, resource(next).state());
        assertEquals(List.of(), environment("web").resources());
        core.environments.confirmFenced("web", spare);
        activeOn("web", next);
        assertEquals(ResourceState.OFF, resource(spare).state());
        assertEquals(List.of(), core.openEvents("healing.unfenced"));
    }

    /** A person stops an environment whose machine is lost, and starts it: that is no certainty either. */
    @Test
    public void whatWasStoppedWhileItsMachineWasLostStartsElsewhereOnlyWhenThatIsOff() throws Exception {
        long lost = runs("web", Healing.NONE);
        long spare = idle();
        lose(lost, "web");
        power.controls = false;
        assertEquals(
                OperationState.DONE,
                core.await(core.environments.stop("web", true)).state());
        Operation start = core.environments.start("web", StartRequest.ANYWHERE);
        aPersonIsAsked();
        assertEquals(ResourceState.ASSIGNED, resource(spare).state());
        QrmException other = assertThrows(QrmException.class, () -> core.environments.confirmFenced("web", spare));
        assertEquals(Problem.Kind.CONFLICT, other.problem().kind());
        core.environments.confirmFenced("web", lost);
        assertEquals(OperationState.DONE, core.await(start).state());
        activeOn("web", spare);
        assertEquals(List.of(), core.openEvents("healing.unfenced"));

        // and its return is nobody's surprise
        power.reset();
        power.boot(resource(lost));
        awaits(lost, ResourceState.IDLE);
        activeOn("web", spare);
    }

    @Test
    public void aStartAfterSuchAStopSwitchesTheMachineOffWhereThatCanBeDone() throws Exception {
        long lost = runs("web", Healing.NONE);
        long spare = idle();
        lose(lost, "web");
        power.controls = false;
        core.await(core.environments.stop("web", true));
        power.reset();
        Operation start = core.await(core.environments.start("web", StartRequest.ANYWHERE));
        assertEquals(start.reason(), OperationState.DONE, start.state());
        activeOn("web", spare);
        assertEquals(List.of(lost), power.switchedOff);
        assertEquals(ResourceState.OFF, resource(lost).state());
    }

    /** It registers between what the release reads and what it writes. */
    @Test
    public void aMachineThatRegistersInTheMomentOfItsReleaseKeepsTheEnvironment() throws Exception {
        assumeTrue("does not apply: Derby's readers wait for writers", kind == DatabaseKind.POSTGRESQL);
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
        ResourceRows rows = new ResourceRows();
        CompletableFuture<Object> registers = CompletableFuture.supplyAsync(() -> core.database.change(change -> {
            ResourceRow row = rows.find(change.handle(), lost).orElseThrow();
            rows.move(change, row, ResourceState.BOOTING, "");
            goOn.countDown();
            eventually(() -> "the release waits for it", this::somebodyWaits);
            return null;
        }));
        registers.get(60, TimeUnit.SECONDS);
        assertEquals(OperationState.DONE, core.await(heal).state());
        assertEquals("web", resource(lost).environmentId());
        assertEquals(ResourceState.BOOTING, resource(lost).state());
        assertEquals(ResourceState.IDLE, resource(spare).state());
    }

    private boolean somebodyWaits() {
        return core.database.read(handle -> handle.createQuery("select count(*) from pg_locks where not granted")
                        .mapTo(Long.class)
                        .one())
                > 0;
    }

    /** On a database that servers share, steps look again every few seconds. */
    @Test
    public void aMachineThatCannotBeFencedIsNotSwitchedOffAgainForEachLook() throws Exception {
        power.state = machine -> PowerState.UNKNOWN;
        AtomicInteger orders = new AtomicInteger();
        power.ordered = orders::incrementAndGet;
        long lost = runs("web", RESTART);
        lose(lost, "web");
        Operation heal = healing("web");
        aPersonIsAsked();
        int before = orders.get();
        for (int look = 0; look < 20; look++) {
            CountDownLatch looked = new CountDownLatch(1);
            core.beforeStep = step -> looked.countDown();
            core.engine.poke(EnvironmentService.lane("web"));
            await(looked);
        }
        assertEquals(before, orders.get());
        assertEquals(
                log(heal),
                1,
                core.operations.log(heal.id()).stream()
                        .filter(line -> line.text().contains("not fenced"))
                        .count());
    }

    @Test
    public void itsMachinesAreNotRestartedWhileOneIsReplaced() throws Exception {
        power.state = machine -> PowerState.UNKNOWN;
        long lost = runs("web", RESTART);
        long spare = idle();
        lose(lost, "web");
        Operation heal = healing("web");
        aPersonIsAsked();
        QrmException refused = assertThrows(QrmException.class, () -> core.environments.restart("web"));
        assertEquals(Problem.Kind.CONFLICT, refused.problem().kind());
        core.environments.confirmFenced("web", lost);
        core.await(heal);
        activeOn("web", spare);
    }

    @Test
    public void aMultiServerEnvironmentWhoseOtherMachineRestartsMeanwhileIsNotForgotten() throws Exception {
        power.state = machine -> PowerState.UNKNOWN;
        long lost = idle();
        long other = idle();
        multi("web", lost, other);
        long spare = idle();
        lose(lost, "web");
        Operation heal = healing("web");
        aPersonIsAsked();
        power.of(other).close();
        power.boot(resource(other)).hangsIn(NodeState.STARTING);
        eventually(() -> "it restarts", () -> resource(other).state() == ResourceState.BOOTING);
        core.environments.confirmFenced("web", lost);
        core.await(heal);
        eventually(
                () -> "the other one is taken: " + environment("web"),
                () -> environment("web").resources().equals(List.of(other, spare)));
    }

    private void multi(String name, long... machines) throws Exception {
        core.environment(name, EnvironmentMode.MULTI, Requirements.NONE);
        core.environments.update(environment(name).spec().healed(RESTART));
        List<Long> all = java.util.Arrays.stream(machines).boxed().toList();
        Operation start = core.await(core.environments.start(name, new StartRequest(all, all.size())));
        assertEquals(start.reason(), OperationState.DONE, start.state());
    }

    @Test
    public void whoeverCancelsTheStartOnASpareMachineIsNotOverruled() throws Exception {
        long lost = idle();
        long other = idle();
        multi("web", lost, other);
        long spare = idle();
        power.of(spare).hangsIn(NodeState.STARTING);
        lose(lost, "web");
        core.await(healing("web"));
        Operation start =
                core.operations.list(org.qrm.api.Filter.all(), new org.qrm.api.PageRequest(1000, null)).items().stream()
                        .filter(it -> it.kind().equals("virtual-environment.start")
                                && !it.state().ended())
                        .findFirst()
                        .orElseThrow();
        core.operations.cancel(start.id());
        core.await(start);
        eventually(() -> "a person is asked", () -> {
            core.environments.healer().look(0);
            return core.openEvents("healing.given-up").size() == 1;
        });
        assertEquals(1, operations("virtual-environment.heal"));
    }

    @Test
    public void whatIsNotToBeHealedAnyMoreWaitsForNothing() throws Exception {
        List<Long> ids = List.of(runs("ve0", RESTART), runs("ve1", RESTART), runs("ve2", RESTART));
        loseAll(ids);
        Operation heal = healing("ve0");
        eventually(() -> "it waits", () -> log(heal).contains("so many machines are lost at once"));
        core.environments.update(environment("ve0").spec().healed(Healing.NONE));
        core.engine.poke(EnvironmentService.lane("ve0"));
        assertEquals(OperationState.DONE, core.await(heal).state());
        core.environments.goOnInStorm();
        assertEquals(EnvironmentState.ERROR, environment("ve0").state());
        assertEquals(List.of(), core.openEvents("healing.given-up"));
        assertFalse(power.switchedOff.contains(ids.get(0)));
    }

    /** By the time when their silence was borne, they were all lost long ago. */
    @Test
    public void aStormIsSeenAlsoWhereSilenceIsBorneForLong() throws Exception {
        Healing patient = new Healing(HealMode.RESTART, 3, 3600, List.of());
        List<Long> ids = List.of(runs("ve0", patient), runs("ve1", patient), runs("ve2", patient));
        idle();
        loseAll(ids);
        core.environments.healer().look(0);
        assertEquals(1, core.openEvents("healing.storm").size());
        core.database.change(change ->
                change.handle().execute("update resource set last_seen = last_seen - 7200000 where state = 'ERROR'"));
        Operation heal = healing("ve0");
        eventually(() -> "it waits", () -> log(heal).contains("so many machines are lost at once"));
        assertEquals(List.of(), power.switchedOff);
    }

    /** Those that wait for their turn are in it, too, although nothing more is to be healed. */
    @Test
    public void aStormOfEnvironmentsThatAreNotHealedIsSeenByThoseThatWait() throws Exception {
        core.healsAtOnce = 1;
        core.crash();
        List<Long> healed = List.of(runs("ve0", RESTART), runs("ve1", RESTART));
        List<Long> others = List.of(runs("ve2", Healing.NONE), runs("ve3", Healing.NONE), runs("ve4", Healing.NONE));
        CountDownLatch answer = new CountDownLatch(1);
        power.state = machine -> {
            await(answer);
            return power.really(machine);
        };
        lose(healed.get(0), "ve0");
        Operation first = healing("ve0");
        eventually(() -> "it is fenced", () -> power.switchedOff.contains(healed.get(0)));
        lose(healed.get(1), "ve1");
        Operation second = healing("ve1");
        eventually(() -> "it waits", () -> log(second).contains("1 others are being healed"));
        loseAll(others);
        core.environments.healer().look(0);
        assertEquals(1, core.openEvents("healing.storm").size());
        answer.countDown();
        core.operations.cancel(first.id());
        core.await(first);
        eventually(() -> "it waits on", () -> log(second).contains("so many machines are lost at once"));
        assertEquals(List.of(healed.get(0)), power.switchedOff);
    }

    /** Half of the site is gone for good: the storm would never end. */
    @Test
    public void aPersonHasAllGoOnInAStormAndTheNextOneIsSeenAllTheSame() throws Exception {
        assertEquals(
                Problem.Kind.CONFLICT,
                assertThrows(QrmException.class, () -> core.environments.goOnInStorm())
                        .problem()
                        .kind());
        List<Long> ids = List.of(runs("ve0", RESTART), runs("ve1", RESTART), runs("ve2", RESTART));
        loseAll(ids);
        healing("ve0");
        HealingStorm storm = core.environments.storm();
        assertEquals("3 of 3", storm.lost() + " of " + storm.machines());
        assertTrue(storm.toString(), storm.since() != null);
        List<Long> spares = List.of(idle(), idle(), idle());
        assertEquals(null, core.environments.goOnInStorm().since());
        assertEquals(List.of(), core.openEvents("healing.storm"));
        for (int each = 0; each < 3; each++) {
            String name = "ve" + each;
            eventually(() -> name + ": " + environment(name), () -> {
                core.environments.healer().look(0);
                return environment(name).state() == EnvironmentState.ACTIVE;
            });
        }
        assertEquals(List.of(), core.openEvents("healing.storm"));
        core.database.change(change -> change.handle().execute("update healing_storm set go_on = go_on - 600000"));
        loseAll(spares);
        core.environments.healer().look(0);
        assertEquals(1, core.openEvents("healing.storm").size());
    }

    /** A row that nobody can read keeps the others from nothing. */
    @Test
    public void whatGoesWrongWithOneKeepsNoOtherWaiting() throws Exception {
        long broken = runs("ve0", RESTART);
        long lost = runs("ve1", RESTART);
        long spare = idle();
        lose(broken, "ve0");
        lose(lost, "ve1");
        core.database.change(
                change -> change.handle().execute("update environment set kernel_arguments = '{' where name = 've0'"));
        core.database.change(change ->
                change.handle().execute("update resource set last_seen = last_seen - 60000 where id = ?", broken));
        healing("ve1");
        activeOn("ve1", spare);
    }

    @Test
    public void theOverviewTellsWhichWouldFindNoMachine() throws Exception {
        long id = runs("web", RESTART);
        core.environment("idle", EnvironmentMode.SINGLE, Requirements.NONE);
        assertEquals(
                List.of(new SpareMachine("web", RESTART, Found.NONE, null, "", "no machine is free that fits")),
                core.environments.spareMachines());
        long spare = idle();
        SpareMachine found = core.environments.spareMachines().get(0);
        assertEquals(Found.IDLE, found.found());
        assertEquals((Long) spare, found.resource());
        power.of(spare).close();
        ResourceRows rows = new ResourceRows();
        core.database.change(change -> {
            rows.move(change, rows.find(change.handle(), spare).orElseThrow(), ResourceState.OFF, "");
            return null;
        });
        assertEquals(Found.OFF, core.environments.spareMachines().get(0).found());
        Healing tagged = new Healing(HealMode.RESTART, 3, 0, List.of(new org.qrm.api.Tag("spare", "")));
        core.environments.update(environment("web").spec().healed(tagged));
        assertEquals(Found.NONE, core.environments.spareMachines().get(0).found());
        assertEquals(List.of(id), environment("web").resources());
    }
}
