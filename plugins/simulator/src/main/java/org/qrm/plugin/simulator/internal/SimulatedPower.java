package org.qrm.plugin.simulator.internal;

import java.util.EnumSet;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.QrmException;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.power.PowerController;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.Resource;
import org.qrm.plugin.simulator.internal.machine.Phase;
import org.qrm.plugin.simulator.internal.machine.SimulatedMachine;

/** Switches simulated machines on and off. */
@Component
public class SimulatedPower implements PowerController {

    private final Simulator simulator;

    @Activate
    public SimulatedPower(@Reference Simulator simulator) {
        this.simulator = simulator;
    }

    @Override
    public boolean controls(Resource resource) {
        return simulator.find(resource.mac()).isPresent();
    }

    @Override
    public void powerOn(Resource resource, WorkContext work) {
        machine("switch on", resource).powerOn();
    }

    @Override
    public void powerOff(Resource resource, WorkContext work) {
        machine("switch off", resource).powerOff();
    }

    @Override
    public void powerCycle(Resource resource, WorkContext work) {
        machine("power-cycle", resource).powerCycle();
    }

    /** One that hangs does not hear it. */
    @Override
    public void shutDown(Resource resource, WorkContext work) {
        SimulatedMachine machine = machine("shut down", resource);
        if (machine.phase() != Phase.HUNG) {
            machine.shutDown();
        }
    }

    @Override
    public Set<PowerAbility> abilities(Resource resource) {
        return EnumSet.of(PowerAbility.ON, PowerAbility.OFF, PowerAbility.STATE, PowerAbility.SHUT_DOWN);
    }

    @Override
    public PowerState state(Resource resource) {
        return machine("ask power of", resource).phase() == Phase.OFF ? PowerState.OFF : PowerState.ON;
    }

    private SimulatedMachine machine(String attempted, Resource resource) {
        return simulator
                .find(resource.mac())
                .orElseThrow(() -> QrmException.notFound(attempted, "simulated machine", resource.name()));
    }
}
