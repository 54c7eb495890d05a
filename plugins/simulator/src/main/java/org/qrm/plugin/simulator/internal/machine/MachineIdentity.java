package org.qrm.plugin.simulator.internal.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What tells one simulated machine from another; the same number gives the same machine.
 *
 * @param number 1..16777214
 */
record MachineIdentity(int number) {

    /** Locally administered addresses; the last byte but three counts the card. */
    private static final int FIRST_CARD = 0x51;

    MachineIdentity {
        if (number < 1 || number > 0xfffffe) {
            throw new IllegalArgumentException("machines have numbers from 1 to 16777214, not " + number);
        }
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
        return "02:51:%02x:%02x:%02x:%02x"
                .formatted(FIRST_CARD + card, number >> 16 & 0xff, number >> 8 & 0xff, number & 0xff);
    }

    /** An address that nobody answers at, in 10.128.0.0/9. */
    String address() {
        return "10." + (128 | number >> 16 & 0x7f) + "." + (number >> 8 & 0xff) + "." + (number & 0xff);
    }

    String serial() {
        return "SIM-%08d".formatted(number);
    }

    String uuid() {
        return new UUID(0x51524d53494d4000L, 0x8000000000000000L | number).toString();
    }
}
