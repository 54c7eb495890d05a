package org.qrm.plugin.xen.internal;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The networks that this server is in. */
class Surroundings {

    private static final Path ROUTES = Path.of("/proc/net/route");

    /** Its addresses with their networks, the loopback network left out. */
    List<Ipv4Network> networks() {
        List<Ipv4Network> all = new ArrayList<>();
        try {
            for (NetworkInterface card : NetworkInterface.networkInterfaces().toList()) {
                if (card.isLoopback()) {
                    continue;
                }
                for (InterfaceAddress address : card.getInterfaceAddresses()) {
                    if (address.getAddress() instanceof Inet4Address) {
                        String cidr = address.getAddress().getHostAddress() + "/" + address.getNetworkPrefixLength();
                        Ipv4Network.parse(cidr).ifPresent(all::add);
                    }
                }
            }
        } catch (SocketException unknown) {
            return List.of();
        }
        return all;
    }

    /** Its own default gateway, if it has one. */
    Optional<String> gateway() {
        try {
            return gateway(Files.readAllLines(ROUTES));
        } catch (IOException unknown) {
            return Optional.empty();
        }
    }

    /** Reads the kernel's table (proc(5)): addresses in hexadecimal, in the byte order of a PC. */
    static Optional<String> gateway(List<String> table) {
        for (String line : table) {
            String[] fields = line.trim().split("\\s+");
            if (fields.length > 2 && fields[1].equals("00000000") && fields[2].matches("[0-9A-F]{8}")) {
                long bits = Long.parseLong(fields[2], 16);
                return Optional.of(
                        (bits & 255) + "." + (bits >> 8 & 255) + "." + (bits >> 16 & 255) + "." + (bits >> 24));
            }
        }
        return Optional.empty();
    }
}
