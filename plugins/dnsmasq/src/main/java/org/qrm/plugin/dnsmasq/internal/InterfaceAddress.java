package org.qrm.plugin.dnsmasq.internal;

import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;

/**
 * The IPv4 address of a network interface of this server.
 *
 * @param hardware its Ethernet address, six bytes; zeros if it has none
 */
record InterfaceAddress(Ipv4 address, Ipv4 mask, byte[] hardware) {

    /** @throws org.qrm.api.QrmException REFUSED when there is no such interface, or it has no IPv4 address */
    static InterfaceAddress of(String name) throws SocketException {
        NetworkInterface found = NetworkInterface.getByName(name);
        if (found == null) {
            throw Launcher.refusal(
                    "there is no network interface " + name,
                    "Name one that exists (ip -brief address); it starts by itself when the interface appears.");
        }
        byte[] hardware = found.getHardwareAddress();
        return found.getInterfaceAddresses().stream()
                .filter(candidate -> candidate.getAddress() instanceof Inet4Address)
                .map(candidate -> new InterfaceAddress(
                        Ipv4.of((Inet4Address) candidate.getAddress()),
                        Ipv4.maskOfLength(candidate.getNetworkPrefixLength()),
                        hardware == null || hardware.length != 6 ? new byte[6] : hardware))
                .findFirst()
                .orElseThrow(() -> Launcher.refusal(
                        "network interface " + name + " has no IPv4 address",
                        "Give it one; it starts by itself then."));
    }
}
