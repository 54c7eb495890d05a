package org.qrm.plugin.simulator.internal;

import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.environment.VirtualEnvironments;
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
    private final VirtualEnvironments environments;

    @Activate
    public SimulatorPlugin(
            @Reference Simulator simulator,
            @Reference Resources resources,
            @Reference ResourceAdmin admin,
            @Reference VirtualEnvironments environments) {
        this.environments = environments;
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
    public void checkUninstall() {
        refuseWhileNamed();
        refuseWhileBound(known());
    }

    private static void refuseWhileBound(List<Resource> known) {
        for (Resource resource : known) {
            if (resource.environmentId() != null) {
                throw QrmException.conflict(
                        "uninstall plug-in",
                        ID,
                        resource.name() + " runs the virtual environment " + resource.environmentId(),
                        "Stop that virtual environment first.");
            }
        }
    }

    @Override
    public void uninstall(WorkContext work) {
        refuseWhileNamed();
        List<Resource> known = known();
        refuseWhileBound(known);
        simulator.clear();
        for (Resource resource : known) {
            work.checkpoint();
            admin.act(resource.id(), ResourceAction.REMOVE);
        }
        work.log(known.size() + " simulated machines were taken away");
    }

    private void refuseWhileNamed() {
        List<String> users = Page.all(page -> environments.list(Filter.all(), page)).stream()
                .map(VirtualEnvironment::spec)
                .filter(spec ->
                        ID.equals(spec.partitioning()) || spec.runsOn().equals(EnvironmentSpec.ON_PARTITION + ID))
                .map(EnvironmentSpec::name)
                .toList();
        if (!users.isEmpty()) {
            throw QrmException.conflict(
                    "uninstall plug-in",
                    ID,
                    "virtual environments need it: " + String.join(", ", users),
                    "Stop and delete them first.");
        }
    }

    private List<Resource> known() {
        List<Resource> known = new ArrayList<>();
        for (SimulatedMachine machine : simulator.rack().machines()) {
            resources.find(new MacAddress(machine.mac())).ifPresent(known::add);
        }
        return known;
    }
}
