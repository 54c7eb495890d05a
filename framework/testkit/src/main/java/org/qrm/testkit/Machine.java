package org.qrm.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.qrm.api.Tag;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.NetworkCard;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;

/** Makes a {@link Resource} for a test, which says only what matters to it. */
public final class Machine {

    private long id;
    private MacAddress mac;
    private String name;
    private ResourceKind kind = ResourceKind.NODE;
    private Long host;
    private String partitionOf;
    private ResourceState state = ResourceState.IDLE;
    private String reason = "";
    private Hardware hardware;
    private String address;
    private String environment;
    private List<Tag> tags = List.of();

    private Machine(long id, String macPrefix) {
        as(id, macPrefix);
        hardware(2, 2000, 4096).cards(1);
    }

    private void as(long newId, String macPrefix) {
        id = newId;
        mac = new MacAddress("%s:%02x:%02x:%02x".formatted(macPrefix, id >> 16 & 0xff, id >> 8 & 0xff, id & 0xff));
        name = "node-" + id;
        address = "10.77." + (id >> 8 & 0xff) + "." + (id & 0xff);
    }

    /** An idle machine with 2 CPUs of 2000 MHz, 4096 MiB, one card, and a name and addresses that come of its number. */
    public static Machine node(long id) {
        return new Machine(id, "52:54:00");
    }

    /**
     * An idle partition.
     *
     * @param host number of the machine that it runs on
     * @param plugin whose partition it is
     */
    public static Machine partition(long id, long host, String plugin) {
        Machine machine = new Machine(id, "02:00:00").ofKind(ResourceKind.PARTITION);
        machine.host = host;
        machine.partitionOf = plugin;
        return machine;
    }

    /** One like another. */
    public static Machine like(Resource other) {
        Machine machine =
                node(other.id()).named(other.name()).withCard(other.mac()).ofKind(other.kind());
        machine.host = other.hostId();
        machine.partitionOf = other.partitionOf();
        machine.state = other.state();
        machine.reason = other.reason();
        machine.hardware = other.hardware();
        machine.address = other.address();
        machine.environment = other.environmentId();
        machine.tags = other.tags();
        return machine;
    }

    /** Another one, whose name and addresses come of its number, too. */
    public Machine numbered(long newId) {
        as(newId, mac.value().substring(0, 8));
        return cards(hardware.nics().size());
    }

    /** Its name, {@code node-ID} otherwise. */
    public Machine named(String newName) {
        name = newName;
        return this;
    }

    /** The card that it boots from. */
    public Machine withCard(MacAddress newMac) {
        mac = newMac;
        return this;
    }

    /** What it is made of. */
    public Machine ofKind(ResourceKind newKind) {
        kind = newKind;
        return this;
    }

    /** Where it stands. */
    public Machine in(ResourceState newState) {
        state = newState;
        return this;
    }

    /**
     * What it has.
     *
     * @param memoryMb MiB
     */
    public Machine hardware(int cpus, int cpuMhz, long memoryMb) {
        List<NetworkCard> nics = hardware == null ? List.of() : hardware.nics();
        hardware = new Hardware(cpus, cpuMhz, memoryMb, nics, Map.of("arch", "x86_64"));
        return this;
    }

    /** So many network cards, that which it boots from first. */
    public Machine cards(int count) {
        List<NetworkCard> nics = new ArrayList<>();
        for (int card = 0; card < count; card++) {
            MacAddress each = card == 0
                    ? mac
                    : new MacAddress(
                            "52:54:%02x:%02x:%02x:%02x".formatted(card, id >> 16 & 0xff, id >> 8 & 0xff, id & 0xff));
            nics.add(new NetworkCard(each, "eth" + card, "e1000", 1000));
        }
        hardware = new Hardware(hardware.cpus(), hardware.cpuMhz(), hardware.memoryMb(), nics, hardware.details());
        return this;
    }

    /** It never registered: nothing is known of its hardware, and it has no address. */
    public Machine neverSeen() {
        hardware = Hardware.UNKNOWN;
        address = null;
        return this;
    }

    /** Bound to this virtual environment. */
    public Machine boundTo(String newEnvironment) {
        environment = newEnvironment;
        return this;
    }

    /** It. */
    public Resource resource() {
        return new Resource(
                id,
                mac,
                name,
                kind,
                host,
                partitionOf,
                state,
                reason,
                hardware,
                address,
                environment,
                0,
                tags,
                null,
                1);
    }
}
