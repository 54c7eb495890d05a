package org.qrm.netboot.internal;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.qrm.api.QrmException;
import org.qrm.api.node.Inventory;
import org.qrm.api.resource.Device;
import org.qrm.api.resource.DeviceKind;

/**
 * Reads {@code POST /node/v1/inventory}; its bounds are those of docs/node-protocol.md. A device that cannot be read is left
 * out, and told of.
 */
final class InventoryForm {

    static final int MAX_DEVICES = 128;

    private static final Set<String> REPEATED = Set.of("device", "left-out", "later");
    private static final int MAX_TEXT = 64;
    /** 4 EiB, the most that fits into a place of the database. */
    private static final long MAX_SIZE_MB = 1L << 42;

    private static final Map<String, DeviceKind> KINDS = Map.of(
            "cpu", DeviceKind.CPU,
            "board", DeviceKind.BOARD,
            "firmware", DeviceKind.FIRMWARE,
            "tpm", DeviceKind.TPM,
            "memory", DeviceKind.MEMORY,
            "disk", DeviceKind.DISK,
            "gpu", DeviceKind.GPU,
            "accelerator", DeviceKind.ACCELERATOR,
            "pci", DeviceKind.PCI,
            "neighbour", DeviceKind.NEIGHBOUR);

    private final List<Device> devices = new ArrayList<>();
    private final LeftOut leftOut = new LeftOut();
    private final Set<DeviceKind> later = EnumSet.noneOf(DeviceKind.class);
    private int untaken;

    private InventoryForm() {}

    /** @throws QrmException INVALID for a key that nobody knows */
    static Inventory read(NodeMessage message, NodeCredentials credentials) {
        message.allowing(Set.of(), REPEATED);
        InventoryForm form = new InventoryForm();
        message.lines("device").forEach(form::device);
        if (form.untaken > 0) {
            form.leftOut.add(form.untaken + " more devices: " + MAX_DEVICES + " are taken");
        }
        message.lines("left-out").forEach(form::leftOut);
        message.lines("later").forEach(form::later);
        return new Inventory(
                credentials.resource(), credentials.token(), form.devices, form.leftOut.text(), form.later);
    }

    private void device(NodeMessage.Line line) {
        try {
            String[] parts = line.value().split(",", 6);
            DeviceKind kind = KINDS.get(parts[0]);
            if (parts.length != 6 || kind == null) {
                leftOut.add("device", line.value(), "it is not <kind>,<name>,<MiB>,<serial>,<model>,<details>");
            } else if (devices.size() == MAX_DEVICES) {
                untaken++;
            } else {
                devices.add(new Device(
                        kind,
                        text(parts[1]),
                        size(parts[1], parts[2]),
                        text(parts[3]),
                        text(parts[4]),
                        text(parts[5])));
            }
        } catch (QrmException unreadable) {
            leftOut.add("device", unreadable);
        }
    }

    private void leftOut(NodeMessage.Line line) {
        try {
            leftOut.add(line.value());
        } catch (QrmException unreadable) {
            leftOut.add("left-out", unreadable);
        }
    }

    private void later(NodeMessage.Line line) {
        try {
            DeviceKind kind = KINDS.get(line.value());
            if (kind == null) {
                leftOut.add("later", line.value(), "it is no kind of device");
            } else {
                later.add(kind);
            }
        } catch (QrmException unreadable) {
            leftOut.add("later", unreadable);
        }
    }

    private static String text(String said) {
        String stripped = said.strip();
        String text =
                stripped.length() > MAX_TEXT ? stripped.substring(0, MAX_TEXT).strip() : stripped;
        return HardwareForm.isPlaceholder(text) ? "" : text;
    }

    private long size(String name, String digits) {
        try {
            return NodeMessage.numberOf("size", digits, 0, MAX_SIZE_MB);
        } catch (QrmException unreadable) {
            leftOut.add("size of " + text(name), digits, unreadable.problem().reason());
            return 0;
        }
    }
}
