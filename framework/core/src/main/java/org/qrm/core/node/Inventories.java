package org.qrm.core.node;

import java.util.List;
import java.util.stream.Stream;
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
    private static final int MOST = 256;

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
        List<Device> known = database.read(handle -> DeviceRows.of(handle, inventory.resource()));
        if (now(inventory, known).equals(known)) {
            return;
        }
        database.change(change -> {
            rows.find(change.handle(), inventory.resource()).ifPresent(row -> store(change, row, inventory));
            return null;
        });
    }

    /** What it told, and behind that what is known of the kinds that it tells of later. */
    private static List<Device> now(Inventory inventory, List<Device> known) {
        Stream<Device> kept = known.stream().filter(device -> inventory.later().contains(device.kind()));
        return Stream.concat(inventory.devices().stream().map(DeviceRows::cut), kept)
                .limit(MOST)
                .toList();
    }

    private void store(Change change, ResourceRow row, Inventory inventory) {
        String leftOut = inventory.leftOut();
        List<Device> before = DeviceRows.of(change.handle(), row.id());
        List<Device> now = now(inventory, before);
        boolean first = isFirstWord(before, now);
        if (!first && !words.mayBeNoted(row)) {
            return;
        }
        DeviceRows.replace(change, row.id(), now);
        int gpus = (int)
                now.stream().filter(device -> device.kind() == DeviceKind.GPU).count();
        rows.setDevices(change, row, largestDisk(now), gpus);
        String changes = first ? "" : DeviceChanges.between(before, now);
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

    /** Neighbours are told later than all else. */
    private static boolean isFirstWord(List<Device> before, List<Device> now) {
        return before.isEmpty()
                || before.equals(now.stream()
                        .filter(device -> device.kind() != DeviceKind.NEIGHBOUR)
                        .toList());
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
