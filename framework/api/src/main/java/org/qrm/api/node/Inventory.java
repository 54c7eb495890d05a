package org.qrm.api.node;

import java.util.List;
import java.util.Set;
import org.qrm.api.resource.Device;
import org.qrm.api.resource.DeviceKind;

/**
 * What a machine found in itself while it was idle.
 *
 * @param resource its id
 * @param nodeToken the secret of its registration
 * @param devices at most 128, in its order
 * @param leftOut what of it cannot be read, in words, or empty
 * @param later kinds that it tells of later: until then those stay that are known
 */
public record Inventory(long resource, String nodeToken, List<Device> devices, String leftOut, Set<DeviceKind> later) {

    public Inventory {
        devices = List.copyOf(devices);
        later = Set.copyOf(later);
    }

    /** All that there is. */
    public Inventory(long resource, String nodeToken, List<Device> devices, String leftOut) {
        this(resource, nodeToken, devices, leftOut, Set.of());
    }

    /** Leaves the secret out. */
    @Override
    public String toString() {
        return "Inventory[resource=" + resource + ", devices=" + devices + "]";
    }
}
