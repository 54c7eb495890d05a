package org.qrm.core.environment;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.Test;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.Healing;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.storage.StorageAbility;

/** That a machine may still write its image outlives all that people do with it, but for what makes it certain that it does not. */
public class DoubtTest extends HealingSite {

    /** It was lost with web, which was stopped all the same. */
    private long leftBehind() throws Exception {
        power.controls = false;
        long lost = runs("web", Healing.NONE);
        lose(lost, "web");
        stop();
        assertEquals(ResourceState.ERROR, resource(lost).state());
        return lost;
    }

    private void stop() throws Exception {
        Operation stop = core.await(core.environments.stop("web", true));
        assertEquals(stop.reason(), OperationState.DONE, stop.state());
    }

    private Operation act(long id, ResourceAction action) throws Exception {
        return core.await(core.resources.act(id, action));
    }

    private void refuses(long id, ResourceAction action) {
        QrmException refused = assertThrows(QrmException.class, () -> core.resources.act(id, action));
        assertTrue(refused.getMessage(), refused.getMessage().contains("it may still write web"));
    }

    @Test
    public void nobodySaysThatItIsOff() throws Exception {
        long lost = leftBehind();
        Operation off = act(lost, ResourceAction.POWER_OFF);
        assertEquals(OperationState.FAILED, off.state());
        assertTrue(off.reason(), off.reason().contains("it may still write web, and nobody can tell that it is off"));
        assertEquals(ResourceState.ERROR, resource(lost).state());
        assertEquals(Optional.of(resource(lost).name()), mayStillWrite());
    }

    @Test
    public void oneThatIsBoundIsNotOffEither() throws Exception {
        power.controls = false;
        long lost = runs("web", Healing.NONE);
        lose(lost, "web");
        assertEquals(OperationState.FAILED, act(lost, ResourceAction.POWER_OFF).state());
        stop();
        assertEquals(Optional.of(resource(lost).name()), mayStillWrite());
    }

    @Test
    public void oneThatWasToldAndIsSilentMayHangWhileItShutsDown() throws Exception {
        power.controls = false;
        long id = runs("web", Healing.NONE);
        Operation off = core.resources.act(id, ResourceAction.POWER_OFF);
        org.qrm.core.Eventually.eventually(
                () -> "it goes down", () -> !power.of(id).isOn());
        core.database.change(change ->
                change.handle().execute("update resource set last_seen = last_seen - 60000 where id = ?", id));
        assertEquals(OperationState.FAILED, core.await(off).state());
    }

    @Test
    public void aStopByForceEndsWhereNobodyCutsThePower() throws Exception {
        long lost = runs("web", Healing.NONE);
        lose(lost, "web");
        power.refusal = "its BMC is silent";
        Operation stop = core.await(core.environments.stop("web", true));
        assertEquals(stop.reason(), OperationState.DONE, stop.state());
        assertTrue(log(stop), log(stop).contains("its power was not cut: its BMC is silent"));
        assertEquals(EnvironmentState.INACTIVE, environment("web").state());
        assertEquals(Optional.of(resource(lost).name()), mayStillWrite());
    }

    @Test
    public void whoSwitchesItOffIsAskedWhetherItIs() throws Exception {
        long lost = leftBehind();
        power.controls = true;
        power.state = machine -> PowerState.UNKNOWN;
        assertEquals(OperationState.FAILED, act(lost, ResourceAction.POWER_OFF).state());
        power.state = power::really;
        assertEquals(OperationState.DONE, act(lost, ResourceAction.POWER_OFF).state());
        assertEquals(ResourceState.OFF, resource(lost).state());
        assertEquals(Optional.empty(), mayStillWrite());
    }

    @Test
    public void itIsNotForgotten() throws Exception {
        long lost = leftBehind();
        refuses(lost, ResourceAction.REMOVE);
        core.await(core.environments.confirmFenced("web", lost));
        assertEquals(ResourceState.OFF, resource(lost).state());
        assertEquals(OperationState.DONE, act(lost, ResourceAction.REMOVE).state());
        assertEquals(Optional.empty(), core.resources.find(lost));
        long spare = idle();
        core.await(core.environments.start("web", StartRequest.ANYWHERE));
        activeOn("web", spare);
    }

    @Test
    public void anImageThatIsGoneIsNoReason() throws Exception {
        long lost = leftBehind();
        core.database.change(change -> {
            change.handle().execute("delete from environment where name = 'web'");
            return change.handle().execute("delete from filesystem_image where name = 'web'");
        });
        assertEquals(OperationState.DONE, act(lost, ResourceAction.REMOVE).state());
    }

    @Test
    public void whoTakesItBackFromMaintenanceKnowsNoMore() throws Exception {
        long lost = leftBehind();
        assertEquals(OperationState.DONE, act(lost, ResourceAction.MAINTENANCE).state());
        refuses(lost, ResourceAction.RESUME);
        power.boot(resource(lost));
        org.qrm.core.Eventually.eventually(
                () -> "it booted", () -> mayStillWrite().isEmpty());
        assertEquals(OperationState.DONE, act(lost, ResourceAction.RESUME).state());
        assertEquals(ResourceState.IDLE, resource(lost).state());
    }

    @Test
    public void oneThatItsImageIsClosedToKeepsItsAddress() throws Exception {
        power.controls = false;
        core.storage.abilities = Set.of(StorageAbility.FENCING);
        long lost = runs("web", RESTART);
        long spare = idle();
        lose(lost, "web");
        core.await(healing("web"));
        activeOn("web", spare);
        refuses(lost, ResourceAction.REMOVE);
        assertEquals(OperationState.FAILED, act(lost, ResourceAction.POWER_OFF).state());
        core.await(core.environments.confirmFenced("web", lost));
        assertEquals(OperationState.DONE, act(lost, ResourceAction.REMOVE).state());
        assertEquals(EnvironmentState.ACTIVE, environment("web").state());
        assertEquals(List.of(spare), environment("web").resources());
    }

    private Optional<String> mayStillWrite() {
        return core.database.read(handle -> Leftovers.mayStillWrite(handle, "web"));
    }
}
