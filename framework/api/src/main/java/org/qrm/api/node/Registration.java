package org.qrm.api.node;

import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.MacAddress;

/**
 * What a machine says of itself when it has booted. Bounds are those of docs/node-protocol.md; nothing in it is trusted
 * but what the token proves: that this machine was given this boot configuration.
 *
 * @param token the boot token of its configuration
 * @param bootId its kernel's random id of this boot
 * @param mac the card it booted from
 * @param image the boot image it runs
 * @param hardware what it is made of
 * @param address IPv4 address of the boot card, as the machine says it
 * @param sshHostKey public host key of its qrm-execd, {@code type base64}
 * @param execdPort TCP port of its qrm-execd
 * @param peer address that the registration came from, which nobody can choose
 */
public record Registration(
        String token,
        String bootId,
        MacAddress mac,
        String image,
        Hardware hardware,
        String address,
        String sshHostKey,
        int execdPort,
        String peer) {

    /** One that came from the address that it tells. */
    public Registration(
            String token,
            String bootId,
            MacAddress mac,
            String image,
            Hardware hardware,
            String address,
            String sshHostKey,
            int execdPort) {
        this(token, bootId, mac, image, hardware, address, sshHostKey, execdPort, address);
    }
}
