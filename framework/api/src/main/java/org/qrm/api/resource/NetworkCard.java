package org.qrm.api.resource;

import java.util.Objects;

/**
 * A network card as the machine reported it.
 *
 * @param mac its address
 * @param name the kernel's name, {@code eth0}; may be empty
 * @param driver the kernel driver, {@code e1000}; may be empty
 * @param speedMbit link speed in Mbit/s, 0 when unknown
 */
public record NetworkCard(MacAddress mac, String name, String driver, int speedMbit) {
    public NetworkCard {
        Objects.requireNonNull(mac);
        Objects.requireNonNull(name);
        Objects.requireNonNull(driver);
    }
}
