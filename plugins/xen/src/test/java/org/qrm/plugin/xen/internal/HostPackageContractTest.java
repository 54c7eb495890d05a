package org.qrm.plugin.xen.internal;

import java.util.List;
import org.qrm.api.assignment.Assignment;
import org.qrm.api.boot.BootService;
import org.qrm.testkit.BootServiceContract;
import org.qrm.testkit.Environment;
import org.qrm.testkit.Machine;

public class HostPackageContractTest extends BootServiceContract {

    @Override
    protected BootService service() {
        return new HostPackage();
    }

    @Override
    protected Assignment concerned() {
        return HostBootTest.host().on(Machine.node(3).cards(2).resource());
    }

    @Override
    protected List<Assignment> unconcerned() {
        return List.of(
                Environment.named("web1").on(Machine.node(4).resource()),
                Environment.named("host").partitioning("kvm").on(Machine.node(4).resource()));
    }
}
