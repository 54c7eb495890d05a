package org.qrm.plugin.simulator.internal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.environment.Requirements;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.partition.HostCapacity;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.partition.PartitionSighting;
import org.qrm.api.partition.PartitionSize;
import org.qrm.api.partition.PartitionState;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;
import org.qrm.plugin.simulator.internal.machine.Fault;
import org.qrm.plugin.simulator.internal.machine.Phase;
import org.qrm.plugin.simulator.internal.machine.SimulatedHost;
import org.qrm.plugin.simulator.internal.machine.SimulatedHost.Guest;
import org.qrm.plugin.simulator.internal.machine.SimulatedMachine;

/** Simulated machines as hosts of partitions, which are simulated machines, too. Calls can be made slow, and to fail. */
@Component(service = {PartitionProvider.class, SimulatedPartitions.class})
public final class SimulatedPartitions implements PartitionProvider {

    private static final int CARDS = 2;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    /** Until its boot configuration is there; what is not there by then comes later. */
    private static final Duration LOADING = Duration.ofSeconds(15);

    private static final Duration SHUTDOWN = Duration.ofSeconds(15);

    private final Simulator simulator;
    private final CallFaults faults = new CallFaults(
            "simulated host",
            "simulator:hypervisor",
            "capacity",
            "list",
            "start",
            "stop",
            "pause",
            "change",
            "remove",
            "console");

    @Activate
    public SimulatedPartitions(@Reference Simulator simulator) {
        this.simulator = simulator;
    }

    /** Makes every call take that long. */
    public void delay(Duration delay) {
        faults.delay(delay);
    }

    /**
     * Makes a call fail until it is repaired.
     *
     * @param call {@code capacity}, {@code list}, {@code start}, {@code stop}, {@code pause}, {@code change}, {@code
     *     remove} or {@code console}
     * @param reason why; null repairs it
     */
    public void fail(String call, String reason) {
        faults.fail(call, reason);
    }

    @Override
    public String plugin() {
        return SimulatorPlugin.ID;
    }

    /** As of hosts with a real hypervisor: one card boots, the other carries the guests. */
    @Override
    public Requirements hostNeeds() {
        return new Requirements(0, 0, 0, CARDS);
    }

    @Override
    public String macPrefix() {
        return SimulatedHost.MAC_PREFIX;
    }

    @Override
    public HostCapacity capacity(Resource host) {
        SimulatedHost on = on("capacity", host, null);
        return new HostCapacity(
                on.hardware().cpus(),
                on.hardware().cpuMhz(),
                on.hardware().memoryMb(),
                SimulatedHost.RESERVED_MB,
                on.freeMb(),
                SimulatedHost.OVERHEAD_MB);
    }

    @Override
    public List<PartitionSighting> list(Resource host) {
        return on("list", host, null).guests().stream()
                .map(SimulatedPartitions::sighting)
                .toList();
    }

    private static PartitionSighting sighting(Guest guest) {
        SimulatedMachine.Status status = guest.machine().status();
        PartitionState state = state(status);
        return new PartitionSighting(
                new MacAddress(status.mac()),
                state,
                new PartitionSize(guest.cpus(), guest.cpuMhz(), guest.memoryMb()),
                state == PartitionState.ERROR ? status.trouble() : "");
    }

    /** One that was broken hangs unseen by its host; one that cannot boot is seen. */
    private static PartitionState state(SimulatedMachine.Status status) {
        return switch (status.phase()) {
            case OFF -> PartitionState.STOPPED;
            case PAUSED -> PartitionState.PAUSED;
            case HUNG -> status.fault() == Fault.NEVER_BOOTS ? PartitionState.RUNNING : PartitionState.ERROR;
            default -> PartitionState.RUNNING;
        };
    }

    @Override
    public void start(Resource host, Partition partition, WorkContext work) {
        SimulatedHost on = on("start", host, work);
        PartitionSize size = partition.size();
        try {
            SimulatedMachine machine = on.start(partition.mac().value(), size.cpus(), size.cpuMhz(), size.memoryMb());
            await(machine, LOADING, work, phase -> phase != Phase.LOADING);
            if (state(machine.status()) == PartitionState.ERROR) {
                String why = machine.status().trouble();
                machine.powerOff();
                throw new IllegalStateException(why);
            }
        } catch (IllegalStateException | IllegalArgumentException refused) {
            throw failed("start", host, partition, refused);
        }
    }

    @Override
    public void stop(Resource host, Partition partition, boolean force, WorkContext work) {
        with(on("stop", host, work), partition, machine -> {
            if (!force) {
                machine.shutDown();
                await(machine, SHUTDOWN, work, phase -> phase == Phase.OFF);
            }
            machine.powerOff();
        });
    }

    private static void await(SimulatedMachine machine, Duration limit, WorkContext work, Predicate<Phase> wanted) {
        long end = System.nanoTime() + limit.toNanos();
        while (!wanted.test(machine.phase()) && System.nanoTime() < end) {
            work.checkpoint();
            CallFaults.pause(LOOK_AGAIN);
        }
    }

    @Override
    public void pause(Resource host, Partition partition, boolean pause, WorkContext work) {
        with(on("pause", host, work), partition, pause ? SimulatedMachine::pause : SimulatedMachine::resume);
    }

    @Override
    public void change(Resource host, Partition partition, WorkContext work) {
        SimulatedHost on = on("change", host, work);
        PartitionSize size = partition.size();
        try {
            on.resize(partition.mac().value(), size.cpus(), size.cpuMhz(), size.memoryMb());
        } catch (IllegalStateException refused) {
            throw failed("change", host, partition, refused);
        }
    }

    @Override
    public void remove(Resource host, Partition partition, WorkContext work) {
        on("remove", host, work).remove(partition.mac().value());
    }

    /** There is little to tell. */
    @Override
    public String console(Resource host, Partition partition, int bytes) {
        String text = on("console", host, null)
                .find(partition.mac().value())
                .map(guest -> guest.machine().status())
                .map(status -> "simulated partition " + status.mac() + ": "
                        + status.phase().word() + "\n" + status.trouble())
                .orElse("");
        return text.length() > bytes ? text.substring(text.length() - bytes) : text;
    }

    private static void with(SimulatedHost on, Partition partition, Consumer<SimulatedMachine> action) {
        on.find(partition.mac().value()).map(Guest::machine).ifPresent(action);
    }

    /** The host, if it answers and that call of it is not broken. */
    private SimulatedHost on(String call, Resource host, WorkContext work) {
        faults.pretend(call, host.name(), work);
        Optional<SimulatedMachine> machine = simulator.find(host.mac());
        if (machine.isEmpty()) {
            throw unavailable(
                    call, host, "this server does not simulate it", "Hosts are to be machines of this plug-in.");
        }
        return machine.flatMap(SimulatedMachine::host)
                .orElseThrow(() -> unavailable(call, host, "it does not answer", "See simulator:list."));
    }

    private static QrmException unavailable(String call, Resource host, String reason, String remedy) {
        return new QrmException(
                new Problem(Problem.Kind.UNAVAILABLE, call + " on simulated host", host.name(), reason, remedy));
    }

    private static QrmException failed(String call, Resource host, Partition partition, RuntimeException refused) {
        return QrmException.failed(
                call + " partition " + partition.name() + " on simulated host",
                host.name(),
                refused.getMessage(),
                "",
                refused);
    }
}
