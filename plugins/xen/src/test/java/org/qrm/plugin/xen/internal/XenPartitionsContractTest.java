package org.qrm.plugin.xen.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.partition.PartitionSighting;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;
import org.qrm.testkit.FakeCommands;
import org.qrm.testkit.Machine;
import org.qrm.testkit.PartitionProviderContract;

/** With a host that answers as qrm-xen-manage does. */
public class XenPartitionsContractTest extends PartitionProviderContract {

    private final PlayedHost played = new PlayedHost();
    private final FakeCommands commands = new FakeCommands().machine(3, played);

    @Override
    protected PartitionProvider provider() {
        return new XenPartitions(commands, Map.of());
    }

    @Override
    protected Resource host() {
        return Machine.node(3).cards(2).resource();
    }

    @Override
    protected Optional<PartitionSighting> onHost(MacAddress mac) {
        return HostText.sightings(played.run(List.of("xen/manage", "list"), "").output()).orElseThrow().stream()
                .filter(each -> each.mac().equals(mac))
                .findFirst();
    }

    @Override
    protected int starts(MacAddress mac) {
        return played.starts(mac.value());
    }

    @Override
    protected boolean disconnect() {
        commands.disconnect();
        return true;
    }

    @Override
    protected boolean stick() {
        commands.hang();
        return true;
    }
}
