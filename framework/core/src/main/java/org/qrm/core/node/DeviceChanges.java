package org.qrm.core.node;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.qrm.api.resource.Device;
import org.qrm.api.resource.DeviceKind;

/** What is different between two lists of one machine's devices: a pure function. */
final class DeviceChanges {

    private static final int NAMED = 3;

    private DeviceChanges() {}

    /** In words, kind by kind; empty when only names or the order changed, as those of disks do. */
    static String between(List<Device> before, List<Device> now) {
        List<String> changes = new ArrayList<>();
        for (DeviceKind kind : DeviceKind.values()) {
            String change = ofKind(kind, only(kind, before), only(kind, now));
            if (!change.isEmpty()) {
                changes.add(change);
            }
        }
        return String.join("; ", changes);
    }

    private static String ofKind(DeviceKind kind, List<Device> before, List<Device> now) {
        List<Device> gone = without(before, now);
        List<Device> added = without(now, before);
        if (gone.isEmpty() && added.isEmpty()) {
            return "";
        }
        String counts =
                before.size() == now.size() ? words(kind, now.size()) : words(kind, now.size()) + were(before.size());
        return counts + " (" + named("gone", gone) + (gone.isEmpty() || added.isEmpty() ? "" : ", ")
                + named("new", added) + ")";
    }

    private static String were(int count) {
        return count == 1 ? ", there was 1" : ", there were " + count;
    }

    /** What of one list has no match in the other; a match counts for one alone. */
    private static List<Device> without(List<Device> devices, List<Device> others) {
        List<Device> left = new ArrayList<>(others);
        List<Device> unmatched = new ArrayList<>();
        for (Device device : devices) {
            if (!left.remove(left.stream()
                    .filter(other -> isAlike(device, other))
                    .findFirst()
                    .orElse(null))) {
                unmatched.add(device);
            }
        }
        return unmatched;
    }

    /** Names go by the order in which a kernel finds things. */
    private static boolean isAlike(Device one, Device other) {
        return one.serial().equals(other.serial())
                && identity(one).equals(identity(other))
                && one.sizeMb() == other.sizeMb()
                && one.details().equals(other.details());
    }

    /** PCI functions end with their numbers; which names a machine knows for those may be others at its next boot. */
    private static String identity(Device device) {
        return switch (device.kind()) {
            case GPU, ACCELERATOR, PCI ->
                device.model().substring(device.model().lastIndexOf(' ') + 1);
            default -> device.model();
        };
    }

    private static List<Device> only(DeviceKind kind, List<Device> devices) {
        return devices.stream().filter(device -> device.kind() == kind).toList();
    }

    private static String named(String what, List<Device> devices) {
        if (devices.isEmpty()) {
            return "";
        }
        String more = devices.size() <= NAMED ? "" : " and " + (devices.size() - NAMED) + " more";
        return devices.stream()
                .limit(NAMED)
                .map(DeviceChanges::text)
                .collect(Collectors.joining(", ", what + ": ", more));
    }

    private static String text(Device device) {
        String size = device.sizeMb() == 0 ? "" : " of " + device.sizeMb() + " MiB";
        String serial = device.serial().isEmpty() ? "" : " (serial number " + device.serial() + ")";
        String model = device.model().isEmpty() ? "" : " " + device.model();
        String details = device.details().isEmpty() ? "" : " " + device.details();
        return (device.name() + model + details + size + serial).strip();
    }

    private static String words(DeviceKind kind, int count) {
        String word = switch (kind) {
            case CPU -> "processor";
            case BOARD -> "mainboard";
            case FIRMWARE -> "firmware";
            case TPM -> "TPM";
            case MEMORY -> "memory module";
            case DISK -> "disk";
            case GPU -> "graphics processor";
            case ACCELERATOR -> "accelerator";
            case PCI -> "other PCI device";
            case NEIGHBOUR -> "network neighbour";
        };
        return (count == 0 ? "no" : count) + " " + word + (count == 1 ? "" : "s");
    }
}
