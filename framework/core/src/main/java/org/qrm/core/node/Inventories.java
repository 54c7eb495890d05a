package org.qrm.core.node;

import java.util.List;
import org.qrm.api.event.Priority;
import org.qrm.api.node.Inventory;
import org.qrm.api.resource.Device;
import org.qrm.api.resource.DeviceKind;
import org.qrm.core.resource.DeviceRows;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;

/** Keeps what machines find in themselves, and tells when that is not what it was. */
final class Inventories {

    private static final String TYPE = "resource.devices";

    private final Database database;
    private final ResourceRows rows;
    private final OwnWords words;

    Inventories(Database database, ResourceRows rows, OwnWords words) {
        this.database = database;
        this.rows = rows;
        this.words = words;
    }

    /** Most boots find what the one before found: nothing is written then. */
    void store(Inventory inventory) {
        List<Device> now = inventory.devices().stream().map(DeviceRows::cut).toList();
        List<Device> known = database.read(handle -> DeviceRows.of(handle, inventory.resource()));
        if (now.equals(known)) {
            return;
        }
        database.change(change -> {
            rows.find(change.handle(), inventory.resource())
                    .ifPresent(row -> store(change, row, now, inventory.leftOut()));
            return null;
        });
    }

    private void store(Change change, ResourceRow row, List<Device> now, String leftOut) {
        List<Device> before = DeviceRows.of(change.handle(), row.id());
        if (!before.isEmpty() && !words.mayBeNoted(row)) {
            return;
        }
        DeviceRows.replace(change, row.id(), now);
        int gpus = (int)
                now.stream().filter(device -> device.kind() == DeviceKind.GPU).count();
        rows.setDevices(change, row, largestDisk(now), gpus);
        String changes = before.isEmpty() ? "" : DeviceChanges.between(before, now);
        if (!changes.isEmpty()) {
            change.event(
                    Priority.WARNING,
                    TYPE,
                    ResourceService.lane(row.id()),
                    row.resource().name() + " has other devices than at its last boot: " + changes,
                    row.id());
        }
        if (!leftOut.isEmpty()) {
            change.event(
                    Priority.INFO,
                    TYPE,
                    ResourceService.lane(row.id()),
                    "Not all devices of " + row.resource().name() + " are listed: " + leftOut,
                    row.id());
        }
    }

    /** In GB, as disks are sold. */
    private static int largestDisk(List<Device> devices) {
        long mib = devices.stream()
                .filter(device -> device.kind() == DeviceKind.DISK)
                .mapToLong(Device::sizeMb)
                .max()
                .orElse(0);
        return (int) Math.min(Integer.MAX_VALUE, Math.round(mib * 1.048576 / 1000));
    }
}
