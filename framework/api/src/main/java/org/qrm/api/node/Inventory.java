package org.qrm.api.node;

import java.util.List;
import org.qrm.api.resource.Device;

/**
 * What a machine found in itself while it was idle.
 *
 * @param resource its id
 * @param nodeToken the secret of its registration
 * @param devices at most 128, in its order
 * @param leftOut what of it cannot be read, in words, or empty
 */
public record Inventory(long resource, String nodeToken, List<Device> devices, String leftOut) {

    public Inventory {
        devices = List.copyOf(devices);
    }

    /** Leaves the secret out. */
    @Override
    public String toString() {
        return "Inventory[resource=" + resource + ", devices=" + devices + "]";
    }
}
