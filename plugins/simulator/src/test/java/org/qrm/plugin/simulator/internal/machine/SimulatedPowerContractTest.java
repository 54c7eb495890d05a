package org.qrm.plugin.simulator.internal.machine;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.admission.Admissions;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.PowerController;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;
import org.qrm.api.server.ServerSettings;
import org.qrm.plugin.simulator.internal.SimulatedPower;
import org.qrm.plugin.simulator.internal.Simulator;
import org.qrm.testkit.Machine;
import org.qrm.testkit.Played;
import org.qrm.testkit.PowerControllerContract;

/** A machine that starts from its own disk whenever it is switched on. */
public class SimulatedPowerContractTest extends PowerControllerContract {

    @Rule
    public final SimulatedServer server = new SimulatedServer();

    private Simulator simulator;
    private SimulatedMachine machine;

    @Before
    public void makeAMachine() {
        server.core.local = true;
        simulator = new Simulator(Played.by(ServerSettings.class, server), Played.unused(Admissions.class), null);
        machine = server.closing(simulator.rack()).machine(1, MachineProfile.DEFAULT.withSpeed(100));
    }

    @Test
    public void aSystemShutsDownUnlessItHangs() throws Exception {
        power(true);
        starts();
        controller().shutDown(machine(), Played.unused(WorkContext.class));
        assertFalse("it runs on", hasPower());
        machine.fault(Fault.NEVER_BOOTS);
        power(true);
        while (machine.phase() != Phase.HUNG) {
            LockSupport.parkNanos(1_000_000);
        }
        controller().shutDown(machine(), Played.unused(WorkContext.class));
        assertTrue("it hangs, and went off", hasPower());
    }

    @Override
    protected PowerController controller() {
        return new SimulatedPower(simulator);
    }

    @Override
    protected Resource machine() {
        return Machine.node(1).withCard(new MacAddress(machine.mac())).resource();
    }

    @Override
    protected boolean hasPower() {
        return machine.phase() != Phase.OFF;
    }

    @Override
    protected void power(boolean on) {
        if (on) {
            machine.powerOn();
        } else {
            machine.powerOff();
        }
    }

    /** Each start asks for what it boots, once. */
    @Override
    protected int starts() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (hasPower() && machine.phase() != Phase.LOCAL_DISK && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        return (int) simulator.rack().traffic().configurations();
    }
}
