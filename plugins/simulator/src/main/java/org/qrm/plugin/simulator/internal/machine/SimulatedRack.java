package org.qrm.plugin.simulator.internal.machine;

import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Simulated machines around one server. Closing it takes the power away from all. */
public final class SimulatedRack implements AutoCloseable {

    private static final int THREADS = Math.max(2, Runtime.getRuntime().availableProcessors());

    private final ConcurrentSkipListMap<Integer, SimulatedMachine> machines = new ConcurrentSkipListMap<>();
    private final Traffic traffic = new Traffic();
    private final ScheduledThreadPoolExecutor timer;
    private final ThreadPoolExecutor threads;
    private final Surroundings surroundings;

    /** @param server {@code http://10.77.0.1:8080}: where boot loaders ask */
    public SimulatedRack(URI server) {
        timer = new ScheduledThreadPoolExecutor(2, work -> daemon(work, "qrm-simulator-timer"));
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                work -> daemon(work, "qrm-simulator"));
        surroundings = new Surroundings(server, new Wire(threads), timer, traffic, HostKey.generate());
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** The machine with that number; it is made, switched off, if it is new. */
    public SimulatedMachine machine(int number, MachineProfile profile) {
        return machines.computeIfAbsent(
                number, n -> new SimulatedMachine(MachineIdentity.node(n), profile, surroundings));
    }

    /**
     * Adds machines and switches them on, evenly over a time.
     *
     * @param first number of the first one; those that exist already are switched on
     */
    public void add(int first, int count, MachineProfile profile, Duration over) {
        for (int i = 0; i < count; i++) {
            SimulatedMachine machine = machine(first + i, profile);
            timer.schedule(machine::powerOn, over.toNanos() / Math.max(1, count) * i, TimeUnit.NANOSECONDS);
        }
    }

    /** The addresses of the cards that machines of these numbers boot from. */
    public static List<String> macs(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(number -> MachineIdentity.node(number).mac())
                .toList();
    }

    /** Takes those with a higher number away. */
    public void keepUpTo(int number) {
        Map<Integer, SimulatedMachine> gone = machines.tailMap(number, false);
        gone.values().forEach(SimulatedMachine::powerOff);
        gone.clear();
    }

    public Collection<SimulatedMachine> machines() {
        return machines.values();
    }

    /** By number or MAC address, as a person types it. */
    public Optional<SimulatedMachine> find(String numberOrMac) {
        String wanted = numberOrMac.toLowerCase(Locale.ROOT);
        return withPartitions()
                .filter(machine -> machine.mac().equals(wanted)
                        || Integer.toString(machine.status().number()).equals(wanted))
                .findFirst();
    }

    /** Each machine, and then its partitions. */
    public Stream<SimulatedMachine> withPartitions() {
        return machines.values().stream()
                .flatMap(machine -> Stream.concat(Stream.of(machine), machine.guests().stream()));
    }

    /** A machine that is no partition, by the MAC address of its boot card. */
    public Optional<SimulatedMachine> findByMac(String mac) {
        return machines.values().stream()
                .filter(machine -> machine.mac().equals(mac))
                .findFirst();
    }

    public List<SimulatedMachine.Status> statuses() {
        return withPartitions().map(SimulatedMachine::status).toList();
    }

    /** How many are in each phase; phases without any are absent. */
    public Map<Phase, Integer> phases() {
        Map<Phase, Integer> phases = new EnumMap<>(Phase.class);
        machines.values().forEach(machine -> phases.merge(machine.phase(), 1, Integer::sum));
        return phases;
    }

    public Traffic traffic() {
        return traffic;
    }

    @Override
    public void close() {
        machines.values().forEach(SimulatedMachine::powerOff);
        timer.shutdownNow();
        threads.shutdown();
    }
}
