package org.qrm.core.resource;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.Before;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.BootDevice;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.power.PowerController;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.CoreFixture;

/** Machines that run from their own disks start from them, and not by way of the network, where their BMCs can be told. */
public class DiskBootTest extends DiskSite {

    private static final Set<PowerAbility> SWITCHES = EnumSet.of(PowerAbility.ON, PowerAbility.OFF);

    private final Board board = new Board();

    @Before
    public void open() throws Exception {
        open(CoreFixture.QUICK, board);
    }

    @Test
    public void theBmcIsToldBeforeTheMachineReboots() throws Exception {
        act(ResourceAction.LOCAL_BOOT);
        assertEquals(List.of("next DISK"), board.told);
    }

    /** Somebody else had the machine at that moment. */
    @Test
    public void theBmcIsToldToBootFromTheNetworkWhenItComesToNothing() throws Exception {
        board.whenTold = () -> core.database.change(
                change -> change.handle().execute("update resource set state = 'ACTIVE' where id = ?", id));
        Operation failed = core.await(core.resources.act(id, ResourceAction.LOCAL_BOOT));
        assertEquals(OperationState.FAILED, failed.state());
        assertEquals(List.of("next DISK", "next NETWORK"), board.told);
    }

    @Test
    public void aBmcThatRefusesIsNoReasonToStay() throws Exception {
        board.fault = new QrmException(new Problem(Problem.Kind.UNREACHABLE, "boot", "node", "silence", "Look."));
        Operation booted = act(ResourceAction.LOCAL_BOOT);
        assertEquals(ResourceState.MAINTENANCE, resource().state());
        assertTrue(log(booted), log(booted).contains("could not be told to boot from its disk"));
        assertTrue(log(booted), log(booted).contains("silence"));
    }

    @Test
    public void theWayBackIsByTheNetwork() throws Exception {
        act(ResourceAction.LOCAL_BOOT);
        act(ResourceAction.RESUME);
        assertEquals(List.of("next DISK", "cycle"), board.told);
    }

    /** It was heard of a moment ago, and is on its way to its disk. */
    @Test
    public void aBmcThatIsBusyIsNoReasonToTakeItForOneOfThePool() throws Exception {
        act(ResourceAction.LOCAL_BOOT);
        board.cycleFault = new QrmException(new Problem(Problem.Kind.UNREACHABLE, "cycle", "node", "busy", "Wait."));
        act(ResourceAction.RESUME);
        assertEquals(List.of("next DISK", "cycle", "cycle"), board.told);
        assertEquals(ResourceState.OFF, resource().state());
    }

    @Test
    public void itIsSwitchedOnFromItsDisk() throws Exception {
        act(ResourceAction.LOCAL_BOOT);
        act(ResourceAction.POWER_ON);
        assertEquals(List.of("next DISK", "on DISK"), board.told);
    }

    /** It reports nothing that could be waited for. */
    @Test
    public void itIsSwitchedOffAndOnFromItsDisk() throws Exception {
        act(ResourceAction.LOCAL_BOOT);
        act(ResourceAction.POWER_CYCLE);
        assertEquals(List.of("next DISK", "off", "on DISK"), board.told);
        assertEquals(ResourceState.MAINTENANCE, resource().state());
    }

    @Test
    public void whoCannotTellItIsNotAsked() throws Exception {
        board.abilities = SWITCHES;
        act(ResourceAction.LOCAL_BOOT);
        act(ResourceAction.POWER_ON);
        act(ResourceAction.POWER_CYCLE);
        assertEquals(List.of("on", "cycle"), board.told);
    }

    /** As one that can only be told what to boot from, beside one that only wakes. */
    @Test
    public void whoCannotSwitchItOnIsNotAskedTo() throws Exception {
        board.abilities = EnumSet.of(PowerAbility.BOOT_DEVICE);
        Board waking = new Board();
        waking.abilities = EnumSet.of(PowerAbility.ON);
        core.controllers.add(waking);
        act(ResourceAction.LOCAL_BOOT);
        act(ResourceAction.POWER_ON);
        assertEquals(List.of("next DISK"), board.told);
        assertEquals(List.of("on"), waking.told);
    }

    @Test
    public void aMachineOfThePoolIsSwitchedOnAsEver() throws Exception {
        act(ResourceAction.POWER_ON);
        assertEquals(List.of("on"), board.told);
    }

    @Test
    public void itIsNotToldToRebootWhatItDoesNotHear() throws Exception {
        act(ResourceAction.LOCAL_BOOT);
        QrmException deaf = assertThrows(QrmException.class, () -> core.resources.act(id, ResourceAction.REBOOT));
        assertEquals(Problem.Kind.CONFLICT, deaf.problem().kind());
        assertTrue(deaf.getMessage(), deaf.getMessage().contains("runs from its own disk"));
    }

    /** A machine's BMC. */
    private static final class Board implements PowerController {
        final List<String> told = new CopyOnWriteArrayList<>();
        volatile Set<PowerAbility> abilities = EnumSet.of(PowerAbility.ON, PowerAbility.OFF, PowerAbility.BOOT_DEVICE);
        volatile QrmException fault;
        volatile QrmException cycleFault;
        volatile Runnable whenTold = () -> {};

        @Override
        public boolean controls(Resource resource) {
            return true;
        }

        @Override
        public Set<PowerAbility> abilities(Resource resource) {
            return abilities;
        }

        @Override
        public void powerOn(Resource resource, WorkContext work) {
            told.add("on");
        }

        @Override
        public void powerOn(Resource resource, BootDevice device, WorkContext work) {
            told.add("on " + device);
        }

        @Override
        public void powerOff(Resource resource, WorkContext work) {
            told.add("off");
        }

        @Override
        public void powerCycle(Resource resource, WorkContext work) {
            told.add("cycle");
            QrmException now = cycleFault;
            cycleFault = null;
            if (now != null) {
                throw now;
            }
        }

        @Override
        public void bootNext(Resource resource, BootDevice device, WorkContext work) {
            told.add("next " + device);
            whenTold.run();
            if (fault != null) {
                throw fault;
            }
        }
    }
}
