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
 * @param address IPv4 address of the boot card
 * @param sshHostKey public host key of its qrm-execd, {@code type base64}
 * @param execdPort TCP port of its qrm-execd
 */
public record Registration(
        String token,
        String bootId,
        MacAddress mac,
        String image,
        Hardware hardware,
        String address,
        String sshHostKey,
        int execdPort) {}
