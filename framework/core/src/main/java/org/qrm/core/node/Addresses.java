package org.qrm.core.node;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.qrm.api.Problem;
import org.qrm.api.node.Registration;
import org.qrm.api.server.ServerSettings;
import org.qrm.core.environment.ClosedMachines;
import org.qrm.core.resource.ResourceRows;

/**
 * Which address a machine has: the one that it comes from, since storage is opened to it and commands go to it. Only of those who
 * stand behind others does their word count.
 */
final class Addresses {

    private final ServerSettings settings;
    private final ResourceRows rows;
    private final Incumbents incumbents;

    Addresses(ServerSettings settings, ResourceRows rows, Incumbents incumbents) {
        this.settings = settings;
        this.rows = rows;
        this.incumbents = incumbents;
    }

    /** The same registration, with the address that its machine has. */
    Registration located(Registration said) {
        boolean many = settings.nodeNat().stream().anyMatch(network -> contains(network, said.peer()));
        return new Registration(
                said.token(),
                said.bootId(),
                said.mac(),
                said.image(),
                said.hardware(),
                many ? said.address() : said.peer(),
                said.sshHostKey(),
                said.execdPort(),
                said.peer());
    }

    /**
     * Why no machine has that address.
     *
     * @param id of the machine that would have it
     * @throws org.qrm.api.QrmException CONFLICT while it is being found out whether another one is up that has it
     */
    Optional<Problem> against(Handle handle, long id, String address) {
        long bits = bits(address);
        int first = (int) (bits >> 24);
        if (bits < 0 || first == 0 || first == 127 || first >= 224) {
            return no(
                    Problem.Kind.INVALID,
                    address,
                    "is none that a machine on a network has",
                    "Correct its DHCP server, or QRM_NODE_NAT.");
        }
        if (address.equals(settings.address())) {
            return no(
                    Problem.Kind.INVALID,
                    address,
                    "is this server's",
                    "Give the machine another one, or name it in QRM_NODE_NAT.");
        }
        if (isOfStorage(handle, address)) {
            return no(Problem.Kind.INVALID, address, "is that of a storage server", "Give the machine another one.");
        }
        Optional<String> closed = ClosedMachines.holder(handle, address, id);
        if (closed.isPresent()) {
            return no(
                    Problem.Kind.CONFLICT,
                    address,
                    "is that of " + closed.get() + ", which may be on, and to which images are closed",
                    "Restart " + closed.get() + ", or switch it off; or have the DHCP server give another address.");
        }
        return rows.ofAddress(handle, address).stream()
                .filter(other -> other.id() != id && incumbents.holds("register", handle, other))
                .findFirst()
                .flatMap(other -> no(
                        Problem.Kind.CONFLICT,
                        address,
                        "is that of " + other.resource().name() + ", which is up",
                        "Look for who gives one address to two machines."));
    }

    private static Optional<Problem> no(Problem.Kind kind, String address, String reason, String remedy) {
        return Optional.of(new Problem(kind, "register", address, "the address " + address + " " + reason, remedy));
    }

    private static boolean isOfStorage(Handle handle, String address) {
        return handle.createQuery("select count(*) from storage_server"
                                + " where address = :address or management_address = :address")
                        .bind("address", address)
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    /** Whether an address is in a network, {@code 10.0.0.0/8}, or is that one address. */
    static boolean contains(String network, String address) {
        List<String> parts = List.of(network.split("/", 2));
        long first = bits(parts.get(0));
        long other = bits(address);
        int free = parts.size() == 2 ? 32 - Integer.parseInt(parts.get(1)) : 0;
        return first >= 0 && other >= 0 && first >> free == other >> free;
    }

    /** 32 bits, or -1 for what is no IPv4 address. */
    private static long bits(String address) {
        String[] octets = address.split("\\.", -1);
        long bits = 0;
        for (String octet : octets) {
            if (!octet.matches("[0-9]{1,3}") || Integer.parseInt(octet) > 255) {
                return -1;
            }
            bits = bits << 8 | Integer.parseInt(octet);
        }
        return octets.length == 4 ? bits : -1;
    }
}
