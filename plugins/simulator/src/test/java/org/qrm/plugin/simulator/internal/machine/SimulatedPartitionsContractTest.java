package org.qrm.plugin.simulator.internal.machine;

import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.Before;
import org.junit.Rule;
import org.qrm.api.admission.Admissions;
import org.qrm.api.node.Instruction;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.partition.PartitionSighting;
import org.qrm.api.partition.PartitionSize;
import org.qrm.api.partition.PartitionState;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;
import org.qrm.api.server.ServerSettings;
import org.qrm.api.storage.Mount;
import org.qrm.plugin.simulator.internal.SimulatedPartitions;
import org.qrm.plugin.simulator.internal.Simulator;
import org.qrm.testkit.Machine;
import org.qrm.testkit.PartitionProviderContract;
import org.qrm.testkit.Played;

/** A host whose partitions boot from a server. */
public class SimulatedPartitionsContractTest extends PartitionProviderContract {

    @Rule
    public final SimulatedServer server = new SimulatedServer();

    private Simulator simulator;
    private SimulatedMachine machine;
    private boolean stuck;

    @Before
    public void aMachineInItsImage() throws Exception {
        simulator = new Simulator(Played.by(ServerSettings.class, server), Played.unused(Admissions.class), null);
        MachineProfile profile = MachineProfile.DEFAULT.withHardware(4, 2400, 4096, 2);
        machine = server.closing(simulator.rack()).machine(1, profile.withSpeed(100));
        machine.powerOn();
        until(Phase.IDLE);
        server.core.reports.poll(20, TimeUnit.SECONDS);
        server.core.tell(new Instruction.StartImage(
                "hosts", "host-1", new Mount("nfs", "10.77.0.2:/export/host", "vers=3"), true, List.of()));
        until(Phase.ACTIVE);
    }

    private void until(Phase wanted) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (machine.phase() != wanted) {
            assertTrue("still " + machine.status(), System.nanoTime() - end < 0);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    protected PartitionProvider provider() {
        SimulatedPartitions provider = new SimulatedPartitions(simulator);
        provider.delay(stuck ? Duration.ofHours(1) : Duration.ZERO);
        return provider;
    }

    @Override
    protected Resource host() {
        return Machine.node(1).withCard(new MacAddress(machine.mac())).resource();
    }

    @Override
    protected Optional<PartitionSighting> onHost(MacAddress mac) {
        return machine.host()
                .orElseThrow()
                .find(mac.value())
                .map(guest -> new PartitionSighting(
                        mac,
                        state(guest.machine().phase()),
                        new PartitionSize(guest.cpus(), guest.cpuMhz(), guest.memoryMb()),
                        ""));
    }

    private static PartitionState state(Phase phase) {
        return switch (phase) {
            case OFF -> PartitionState.STOPPED;
            case PAUSED -> PartitionState.PAUSED;
            default -> PartitionState.RUNNING;
        };
    }

    @Override
    protected int starts(MacAddress mac) {
        return server.core.asked(mac);
    }

    @Override
    protected boolean disconnect() {
        machine.fault(Fault.SILENT);
        return true;
    }

    @Override
    protected boolean stick() {
        stuck = true;
        return true;
    }
}
