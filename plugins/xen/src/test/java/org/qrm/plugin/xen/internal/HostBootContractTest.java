package org.qrm.plugin.xen.internal;

import java.util.List;
import java.util.Map;
import org.qrm.api.assignment.Assignment;
import org.qrm.api.assignment.AssignmentListener;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.testkit.AssignmentListenerContract;
import org.qrm.testkit.Environment;
import org.qrm.testkit.FakePlugins;
import org.qrm.testkit.Machine;

public class HostBootContractTest extends AssignmentListenerContract {

    @Override
    protected AssignmentListener listener() {
        FakePlugins plugins = new FakePlugins(XenPlugin.ID).answered(Map.of("defaultGateway", "10.77.0.1"));
        return new HostBoot(plugins, Map.of());
    }

    @Override
    protected Assignment concerned() {
        return HostBootTest.host().on(Machine.node(3).cards(2).resource());
    }

    @Override
    protected BootConfiguration planned() {
        return HostBootTest.PLANNED;
    }

    @Override
    protected List<Assignment> unconcerned() {
        return List.of(
                Environment.named("web1").on(Machine.node(4).resource()),
                Environment.named("host").partitioning("kvm").on(Machine.node(4).resource()));
    }
}
