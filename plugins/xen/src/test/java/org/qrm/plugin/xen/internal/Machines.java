package org.qrm.plugin.xen.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.Requirements;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.NetworkCard;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;

/** Machines and environments for tests. */
final class Machines {

    private Machines() {}

    static Resource machine(int cards, long memoryMb) {
        List<NetworkCard> nics = new ArrayList<>();
        for (int i = 0; i < cards; i++) {
            nics.add(new NetworkCard(MacAddress.parse("52:54:00:aa:00:0" + i), "eth" + i, "e1000", 1000));
        }
        return new Resource(
                3,
                MacAddress.parse("52:54:00:aa:00:00"),
                "node-1",
                ResourceKind.NODE,
                null,
                null,
                ResourceState.ASSIGNED,
                "",
                new Hardware(2, 2400, memoryMb, nics, Map.of()),
                "10.77.0.101",
                "host",
                0,
                null,
                1);
    }

    static EnvironmentSpec environment(String partitioning) {
        return new EnvironmentSpec(
                "host",
                HostBootImage.NAME,
                HostFilesystemImage.NAME,
                EnvironmentMode.MULTI,
                partitioning,
                EnvironmentSpec.ON_NODE,
                Requirements.NONE,
                List.of(),
                "");
    }
}
