package org.qrm.plugin.simulator.internal.machine;

import java.net.URI;

/** How a simulated machine comes by what it boots, and how its addresses are told from others'. */
enum MachineKind {
    /** Its own boot loader asks; further cards have the bytes that follow. */
    NODE(0x51, 0xfffffe, "Simulated machine", "SIM") {
        @Override
        String path(String mac) {
            return "/boot/pxelinux.cfg/01-" + mac.replace(':', '-');
        }

        @Override
        LoaderConfiguration parse(String text) {
            return LoaderConfiguration.parse(text);
        }
    },
    /** A partition: its host asks for it. It has one card. */
    PARTITION(0x50, 0xffffff, "Simulated partition", "SIMP") {
        @Override
        String path(String mac) {
            return "/boot/configuration/" + mac;
        }

        @Override
        LoaderConfiguration parse(String text) {
            return LoaderConfiguration.parseForPartition(text);
        }
    };

    /** Third byte of the first card's address. */
    final int firstCard;

    final int last;
    final String product;
    final String serialPrefix;

    MachineKind(int firstCard, int last, String product, String serialPrefix) {
        this.firstCard = firstCard;
        this.last = last;
        this.product = product;
        this.serialPrefix = serialPrefix;
    }

    /** Where the configuration of the machine with that card is. */
    abstract String path(String mac);

    /** @throws IllegalArgumentException when it cannot boot that */
    abstract LoaderConfiguration parse(String text);

    URI configuration(URI server, String mac) {
        return server.resolve(path(mac));
    }

    /** {@code 02:51:50}. */
    String prefix(int card) {
        return "02:51:%02x".formatted(firstCard + card);
    }
}
