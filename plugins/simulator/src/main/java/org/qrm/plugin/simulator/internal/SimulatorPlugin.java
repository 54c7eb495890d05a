package org.qrm.plugin.simulator.internal;

import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.QrmException;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.plugin.Plugin;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.resource.ResourceAdmin;
import org.qrm.api.resource.Resources;
import org.qrm.plugin.simulator.internal.machine.SimulatedMachine;

/** Identity and life cycle of this plug-in: run_once switches the machines on, uninstall takes them away. */
@Component
public class SimulatorPlugin implements Plugin {

    static final String ID = "simulator";

    private final Simulator simulator;
    private final Resources resources;
    private final ResourceAdmin admin;

    @Activate
    public SimulatorPlugin(
            @Reference Simulator simulator, @Reference Resources resources, @Reference ResourceAdmin admin) {
        this.simulator = simulator;
        this.resources = resources;
        this.admin = admin;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "Simulated machines, for trying out, tests and demonstrations";
    }

    @Override
    public void runOnce(WorkContext work) {
        simulator.start();
        work.log(simulator.rack().machines().size() + " simulated machines are being switched on");
    }

    /** Refused while one of them is in use; else they are switched off and forgotten. */
    @Override
    public void uninstall(WorkContext work) {
        List<Resource> known = known(work);
        for (Resource resource : known) {
            if (resource.environmentId() != null) {
                throw QrmException.conflict(
                        "uninstall plug-in",
                        ID,
                        resource.name() + " runs the virtual environment " + resource.environmentId(),
                        "Stop that virtual environment first.");
            }
        }
        simulator.clear();
        for (Resource resource : known) {
            work.checkpoint();
            admin.act(resource.id(), ResourceAction.REMOVE);
        }
        work.log(known.size() + " simulated machines were taken away");
    }

    private List<Resource> known(WorkContext work) {
        List<Resource> known = new ArrayList<>();
        for (SimulatedMachine machine : simulator.rack().machines()) {
            work.checkpoint();
            resources.find(new MacAddress(machine.mac())).ifPresent(known::add);
        }
        return known;
    }
}
