package org.qrm.api.power;

import org.qrm.api.Name;

/**
 * Firmware of a machine, as its BMC told. Texts are cut to 120 characters, without what a terminal obeys.
 *
 * @param name of what it runs on: {@code BIOS}
 * @param version as its maker writes it; may be empty
 */
public record Firmware(String name, String version) {

    private static final int MOST = 120;

    public Firmware {
        name = Name.printable(name, MOST);
        version = Name.printable(version, MOST);
    }
}
