package org.qrm.plugin.simulator.internal.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What tells one simulated machine from another; the same number gives the same machine.
 *
 * @param number of a node 1..16777214, of a partition 0..16777215
 */
record MachineIdentity(MachineKind kind, int number) {

    private static final int HEXADECIMAL = 16;

    MachineIdentity {
        int first = kind == MachineKind.NODE ? 1 : 0;
        if (number < first || number > kind.last) {
            throw new IllegalArgumentException(
                    "machines have numbers from " + first + " to " + kind.last + ", not " + number);
        }
    }

    static MachineIdentity node(int number) {
        return new MachineIdentity(MachineKind.NODE, number);
    }

    /**
     * The partition with a card.
     *
     * @throws IllegalArgumentException when partitions here have no such addresses
     */
    static MachineIdentity partition(String mac) {
        if (!mac.matches(MachineKind.PARTITION.prefix(0) + "(:[0-9a-f]{2}){3}")) {
            throw new IllegalArgumentException(mac + " is no address of a simulated partition");
        }
        return new MachineIdentity(
                MachineKind.PARTITION, Integer.parseInt(mac.substring(9).replace(":", ""), HEXADECIMAL));
    }

    String mac() {
        return mac(0);
    }

    /** The addresses of its cards, the boot card first. */
    List<String> macs(int cards) {
        List<String> macs = new ArrayList<>(cards);
        for (int card = 0; card < cards; card++) {
            macs.add(mac(card));
        }
        return macs;
    }

    private String mac(int card) {
        return "%s:%02x:%02x:%02x".formatted(kind.prefix(card), number >> 16 & 0xff, number >> 8 & 0xff, number & 0xff);
    }

    /** An address that nobody answers at: of nodes in 10.128.0.0/9, of partitions in 100.64.0.0/10 (RFC 6598). */
    String address() {
        int second = kind == MachineKind.NODE ? 128 | number >> 16 & 0x7f : 64 | number >> 16 & 0x3f;
        return (kind == MachineKind.NODE ? "10." : "100.") + second + "." + (number >> 8 & 0xff) + "."
                + (number & 0xff);
    }

    String serial() {
        return kind.serialPrefix + "-%08d".formatted(number);
    }

    String uuid() {
        return new UUID(0x51524d53494d4000L + kind.ordinal(), 0x8000000000000000L | number).toString();
    }
}
