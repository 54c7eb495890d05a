package org.qrm.plugin.simulator.internal.machine;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A hypervisor that exists only as arithmetic: what a simulated machine is from one start to the next. Its partitions are
 * simulated machines that boot, register and obey like any other; when it restarts they are off, and it has forgotten them.
 */
public final class SimulatedHost {

    /** First three bytes of the partitions' addresses. */
    public static final String MAC_PREFIX = MachineKind.PARTITION.prefix(0);

    /** MiB that a host keeps for itself. */
    public static final long RESERVED_MB = 512;

    /** MiB that each partition takes beside its memory. */
    public static final long OVERHEAD_MB = 8;

    private final MachineProfile hardware;
    private final Surroundings around;
    private final Map<String, Guest> guests = new LinkedHashMap<>();
    private boolean gone;

    /**
     * A partition that the host knows.
     *
     * @param cpuMhz share of each CPU in MHz, 0 for all of it
     * @param memoryMb MiB
     */
    public record Guest(SimulatedMachine machine, int cpus, int cpuMhz, long memoryMb) {

        boolean takesMemory() {
            return machine.phase() != Phase.OFF;
        }
    }

    SimulatedHost(MachineProfile hardware, Surroundings around) {
        this.hardware = hardware;
        this.around = around;
    }

    public MachineProfile hardware() {
        return hardware;
    }

    /** MiB that are left for new partitions, their overhead included. */
    public synchronized long freeMb() {
        long taken = guests.values().stream()
                .filter(Guest::takesMemory)
                .mapToLong(guest -> guest.memoryMb() + OVERHEAD_MB)
                .sum();
        return Math.max(0, hardware.memoryMb() - RESERVED_MB - taken);
    }

    public synchronized List<Guest> guests() {
        return List.copyOf(guests.values());
    }

    synchronized List<SimulatedMachine> machines() {
        return guests.values().stream().map(Guest::machine).toList();
    }

    /** @param mac of its card */
    public synchronized Optional<Guest> find(String mac) {
        return Optional.ofNullable(guests.get(mac));
    }

    /**
     * Makes a partition unless it is known, and switches it on unless it is.
     *
     * @throws IllegalArgumentException when the address is none of a partition
     * @throws IllegalStateException when there is no room
     */
    public synchronized SimulatedMachine start(String mac, int cpus, int cpuMhz, long memoryMb) {
        Guest known = guests.get(mac);
        if (known != null && known.takesMemory()) {
            return known.machine();
        }
        requireRoom(cpus, memoryMb + OVERHEAD_MB);
        MachineProfile profile = profile(cpus, cpuMhz, memoryMb);
        SimulatedMachine machine =
                known == null ? new SimulatedMachine(MachineIdentity.partition(mac), profile, around) : known.machine();
        machine.rebuild(profile);
        guests.put(mac, new Guest(machine, cpus, cpuMhz, memoryMb));
        machine.powerOn();
        return machine;
    }

    /**
     * Gives a partition that it knows another size.
     *
     * @throws IllegalStateException when there is no room
     */
    public synchronized void resize(String mac, int cpus, int cpuMhz, long memoryMb) {
        Guest known = guests.get(mac);
        if (known == null) {
            throw new IllegalStateException("there is no partition " + mac);
        }
        requireRoom(cpus, known.takesMemory() ? memoryMb - known.memoryMb() : 0);
        known.machine().rebuild(profile(cpus, cpuMhz, memoryMb));
        guests.put(mac, new Guest(known.machine(), cpus, cpuMhz, memoryMb));
    }

    private void requireRoom(int cpus, long neededMb) {
        if (gone) {
            throw new IllegalStateException("the host has been switched off");
        }
        if (cpus > hardware.cpus()) {
            throw new IllegalStateException(cpus + " CPUs are needed, the host has " + hardware.cpus());
        }
        if (neededMb > freeMb()) {
            throw new IllegalStateException(neededMb + " MiB are needed, " + freeMb() + " are free");
        }
    }

    /** A partition has no firmware: its host asks for what it boots at once. */
    private MachineProfile profile(int cpus, int cpuMhz, long memoryMb) {
        return hardware.withHardware(cpus, cpuMhz == 0 ? hardware.cpuMhz() : cpuMhz, memoryMb, 1)
                .withLoaderTime(Duration.ZERO);
    }

    /** Switches a partition off and forgets it; does nothing if there is none. */
    public synchronized void remove(String mac) {
        Guest known = guests.remove(mac);
        if (known != null) {
            known.machine().powerOff();
        }
    }

    /** The host loses its power. */
    synchronized void close() {
        gone = true;
        guests.values().forEach(guest -> guest.machine().powerOff());
        guests.clear();
    }
}
