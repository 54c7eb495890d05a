package org.qrm.core.environment;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.qrm.core.Eventually.eventually;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Before;
import org.junit.Test;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.Healing;
import org.qrm.api.environment.HealingPlan;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.storage.StorageAbility;
import org.qrm.api.storage.StorageClient;
import org.qrm.core.TestMachine;

/** Machines of which nobody can tell that they are off, and whose storage takes nothing from them any more. */
public class StorageFencingTest extends HealingSite {

    @Before
    public void nobodySwitchesThem() {
        power.controls = false;
        core.storage.abilities = Set.of(StorageAbility.FENCING);
    }

    @Test
    public void itIsStartedOnAnotherMachineWhenItsImageIsClosedToTheFirst() throws Exception {
        long lost = runs("web", RESTART);
        long spare = idle();
        AtomicReference<ResourceState> spareWhenClosed = new AtomicReference<>();
        core.storage.before =
                () -> spareWhenClosed.compareAndSet(null, resource(spare).state());
        lose(lost, "web");
        Operation heal = core.await(healing("web"));
        assertEquals(heal.reason(), OperationState.DONE, heal.state());
        activeOn("web", spare);
        assertEquals("nothing starts before", ResourceState.IDLE, spareWhenClosed.get());
        assertEquals(ResourceState.ERROR, resource(lost).state());
        assertEquals(null, resource(lost).environmentId());
        assertTrue(log(heal), log(heal).contains("Fenced by its storage, since no plug-in controls the power of"));
        assertEquals(List.of(), core.openEvents("healing.unfenced"));

        power.boot(resource(lost));
        awaits(lost, ResourceState.IDLE);
        activeOn("web", spare);
    }

    @Test
    public void whoSwitchesItIsAskedFirst() throws Exception {
        power.controls = true;
        long lost = runs("web", RESTART);
        long spare = idle();
        lose(lost, "web");
        core.await(healing("web"));
        activeOn("web", spare);
        assertEquals(ResourceState.OFF, resource(lost).state());
        power.boot(resource(lost));
        awaits(lost, ResourceState.IDLE);

        power.state = machine -> PowerState.ON;
        lose(spare, "web");
        Operation heal = core.await(healing("web"));
        activeOn("web", lost);
        assertTrue(log(heal), log(heal).contains("is on after it was switched off"));
        assertEquals(ResourceState.ERROR, resource(spare).state());
    }

    @Test
    public void aStorageThatCannotCloseItAsksForAPerson() throws Exception {
        long lost = runs("web", RESTART);
        long spare = idle();
        core.storage.before = () -> {
            throw QrmException.failed("close", "web", "a write is under way", "Look.", null);
        };
        lose(lost, "web");
        Operation heal = healing("web");
        aPersonIsAsked();
        String told = core.openEvents("healing.unfenced").get(0);
        assertTrue(told, told.contains("its image could not be closed to it: a write is under way"));
        assertEquals(ResourceState.IDLE, resource(spare).state());
        assertEquals("web", resource(lost).environmentId());
        core.storage.before = () -> {};
        core.environments.confirmFenced("web", lost);
        assertEquals(OperationState.DONE, core.await(heal).state());
        activeOn("web", spare);
        assertEquals(ResourceState.OFF, resource(lost).state());
    }

    @Test
    public void aStorageServerThatGivesItAwayByOtherWaysFencesNobody() throws Exception {
        long lost = runs("web", RESTART);
        long spare = idle();
        core.storage.closed = () -> {
            throw QrmException.conflict("close", "web", "/ is exported, too", "Look.");
        };
        lose(lost, "web");
        healing("web");
        aPersonIsAsked();
        String told = core.openEvents("healing.unfenced").get(0);
        assertTrue(told, told.contains("its image could not be closed to it: / is exported, too"));
        assertEquals(ResourceState.IDLE, resource(spare).state());
    }

    @Test
    public void aServerThatIsKilledWhileItIsClosedGoesOn() throws Exception {
        long lost = runs("web", RESTART);
        long spare = idle();
        AtomicBoolean reached = new AtomicBoolean();
        core.storage.before = () -> {
            if (reached.compareAndSet(false, true)) {
                core.engine.abandon();
                throw new CancelledException("killed");
            }
        };
        lose(lost, "web");
        core.environments.healer().look(0);
        eventually(() -> "it is being closed", reached::get);
        core.crash();
        activeOn("web", spare);
        assertEquals(ResourceState.ERROR, resource(lost).state());
    }

    @Test
    public void aMachineThatIsHeardOfWhileItIsClosedHasItsImageAgain() throws Exception {
        long lost = runs("web", RESTART);
        long spare = idle();
        AtomicBoolean back = new AtomicBoolean();
        core.storage.before = () -> {
            if (back.compareAndSet(false, true)) {
                power.boot(resource(lost));
                eventually(() -> "it is heard of", () -> resource(lost).state() != ResourceState.ERROR);
            }
        };
        lose(lost, "web");
        Operation heal = core.await(healing("web"));
        assertEquals(log(heal), OperationState.DONE, heal.state());
        activeOn("web", lost);
        assertEquals(ResourceState.IDLE, resource(spare).state());
    }

    /** A lease may end, and the address go to another machine: the image would be open to the first one, too. */
    @Test
    public void nobodyHasTheAddressOfAMachineThatItIsClosedTo() throws Exception {
        long lost = runs("web", RESTART);
        String address = resource(lost).address();
        long spare = idle();
        lose(lost, "web");
        core.database.change(
                change -> change.handle().execute("update resource set address = ? where id = ?", address, spare));
        Operation heal = healing("web");
        aPersonIsAsked();
        String told = core.openEvents("healing.unfenced").get(0);
        assertTrue(told, told.contains(resource(spare).name() + " has its address by now"));
        core.database.change(
                change -> change.handle().execute("update resource set address = '10.0.1.77' where id = ?", spare));
        core.environments.heal("web");
        assertEquals(OperationState.DONE, core.await(heal).state());
        activeOn("web", spare);

        TestMachine other = new TestMachine(core::nodes, mac(77), address, 2, 1024);
        QrmException refused =
                assertThrows(QrmException.class, () -> core.nodes().register(other.registration()));
        assertTrue(refused.getMessage(), refused.getMessage().contains("to which images are closed"));
        core.database.change(
                change -> change.handle().execute("update resource set address = ? where id = ?", address, spare));
        Operation stop = core.await(core.environments.stop("web", false));
        assertEquals(stop.reason(), OperationState.DONE, stop.state());
        awaits(spare, ResourceState.IDLE);
        core.database.change(
                change -> change.handle().execute("update resource set address = ? where id = ?", address, spare));
        Operation start = core.await(core.environments.start("web", new StartRequest(List.of(spare), 1)));
        assertEquals(OperationState.FAILED, start.state());
        assertTrue(start.reason(), start.reason().contains("to which images are closed"));

        core.database.change(
                change -> change.handle().execute("update resource set address = '10.0.1.77' where id = ?", spare));
        power.boot(resource(lost));
        awaits(lost, ResourceState.IDLE);
    }

    @Test
    public void whoeverCancelsWhileItIsClosedLeavesTheMachineItsImage() throws Exception {
        long lost = runs("web", RESTART);
        idle();
        AtomicBoolean closing = new AtomicBoolean();
        core.storage.before = () -> {
            if (closing.compareAndSet(false, true)) {
                throw QrmException.failed("close", "web", "a write is under way", "Look.", null);
            }
        };
        String address = resource(lost).address();
        lose(lost, "web");
        Operation heal = healing("web");
        aPersonIsAsked();
        core.storage.access.put("web", List.of()); // as it is while it cannot be said to be closed
        core.operations.cancel(heal.id());
        core.await(heal);
        eventually(
                () -> "it is open again: " + core.storage.access,
                () -> core.storage.access.get("web").equals(List.of(new StorageClient(address, true))));
        power.boot(resource(lost));
        activeOn("web", lost);
    }

    @Test
    public void whoseStoragePlugInIsAwayIsAPersonsMatter() throws Exception {
        long lost = runs("web", RESTART);
        idle();
        core.storageIsAway = true;
        assertFalse(core.environments.planHealing("web").possible());
        lose(lost, "web");
        healing("web");
        aPersonIsAsked();
        core.storageIsAway = false;
        core.environments.heal("web");
        eventually(() -> "healed", () -> environment("web").state() == EnvironmentState.ACTIVE);
    }

    @Test
    public void whatWasStoppedWhileItsMachineWasLostStartsElsewhere() throws Exception {
        long lost = runs("web", Healing.NONE);
        long spare = idle();
        lose(lost, "web");
        assertEquals(
                OperationState.DONE,
                core.await(core.environments.stop("web", true)).state());
        Operation start = core.await(core.environments.start("web", StartRequest.ANYWHERE));
        assertEquals(log(start), OperationState.DONE, start.state());
        activeOn("web", spare);
        assertEquals(List.of(), core.openEvents("healing.unfenced"));
        assertEquals(ResourceState.ERROR, resource(lost).state());
    }

    @Test
    public void thePlanTellsIt() throws Exception {
        long id = runs("web", RESTART);
        idle();
        HealingPlan plan = core.environments.planHealing("web");
        assertTrue(plan.toString(), plan.possible());
        String told = plan.machines().get(0).fencing();
        assertTrue(told, told.startsWith("no plug-in controls the power"));
        assertTrue(told, told.endsWith("its image web would be closed to it instead"));
        assertEquals(EnvironmentState.ACTIVE, environment("web").state());
        assertEquals(List.of(new StorageClient(resource(id).address(), true)), core.storage.access.get("web"));
        core.storage.abilities = Set.of();
        assertFalse(core.environments.planHealing("web").possible());
    }
}
