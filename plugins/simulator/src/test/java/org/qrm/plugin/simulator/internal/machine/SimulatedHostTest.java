package org.qrm.plugin.simulator.internal.machine;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.node.Instruction;
import org.qrm.api.node.Registration;
import org.qrm.api.storage.Mount;

public class SimulatedHostTest {

    private static final long PATIENCE = 20;
    private static final String GUEST = "02:51:50:00:00:01";
    private static final String OTHER = "02:51:50:ab:cd:ef";

    @Rule
    public final SimulatedServer server = new SimulatedServer();

    private final ScriptedCore core = server.core;
    private SimulatedRack rack;
    private SimulatedMachine machine;

    @Before
    public void aMachineInItsImage() throws Exception {
        rack = server.rack();
        MachineProfile profile = MachineProfile.DEFAULT.withHardware(4, 2400, 4096, 2);
        machine = rack.machine(1, profile.withSpeed(20));
        machine.powerOn();
        assertNotNull(core.registrations.poll(PATIENCE, TimeUnit.SECONDS));
        until(() -> machine.phase() == Phase.IDLE);
        assertNotNull("a report that is held", core.reports.poll(PATIENCE, TimeUnit.SECONDS));
        assertEquals("an idle machine is no host", Optional.empty(), machine.host());
        core.tell(new Instruction.StartImage(
                "hosts", "host-1", new Mount("nfs", "10.77.0.2:/export/host", "vers=3"), true, List.of()));
        until(() -> machine.phase() == Phase.ACTIVE);
    }

    @Test
    public void aPartitionBootsByItsHostAndRegistersLikeAnyMachine() throws Exception {
        SimulatedMachine partition = host().start(GUEST, 2, 700, 256);
        Registration registration = core.registrations.poll(PATIENCE, TimeUnit.SECONDS);
        assertNotNull(partition.status().toString(), registration);
        assertEquals(GUEST, registration.mac().value());
        assertEquals(1, registration.hardware().nics().size());
        assertEquals(256, registration.hardware().memoryMb());
        assertEquals(700, registration.hardware().cpuMhz());
        assertEquals("100.64.0.1", registration.address());
        assertEquals(List.of(machine.mac(), GUEST), macs());
    }

    @Test
    public void aPartitionHasNoDiskToStartFrom() {
        core.local = true;
        SimulatedMachine partition = host().start(GUEST, 1, 0, 256);
        until(() -> partition.phase() == Phase.HUNG);
        assertTrue(partition.status().trouble().contains("a partition has none"));
    }

    @Test
    public void whatRunsTakesMemoryAndWhatIsOffDoesNot() {
        assertEquals(4096 - 512, host().freeMb());
        host().start(GUEST, 1, 0, 1024);
        SimulatedMachine second = host().start(OTHER, 1, 0, 2048);
        assertEquals(4096 - 512 - 1024 - 8 - 2048 - 8, host().freeMb());
        second.powerOff();
        assertEquals(4096 - 512 - 1024 - 8, host().freeMb());
        host().resize(GUEST, 1, 0, 2552);
        assertEquals(1024, host().freeMb());
        assertEquals(
                "2056 MiB are needed, 1024 are free",
                assertThrows(IllegalStateException.class, () -> host().start(OTHER, 1, 0, 2048))
                        .getMessage());
        host().remove(GUEST);
        host().start(OTHER, 1, 0, 2048);
        assertEquals(1, host().guests().size());
    }

    @Test
    public void noPartitionHasMoreThanItsHost() {
        assertThrows(IllegalStateException.class, () -> host().start(GUEST, 5, 0, 256));
        assertThrows(IllegalArgumentException.class, () -> host().start("52:54:00:aa:00:01", 1, 0, 256));
        assertEquals(List.of(), host().guests());
    }

    @Test
    public void startingWhatRunsChangesNothing() throws Exception {
        SimulatedMachine partition = host().start(GUEST, 1, 0, 2048);
        assertNotNull(core.registrations.poll(PATIENCE, TimeUnit.SECONDS));
        until(() -> partition.phase() == Phase.IDLE);
        assertEquals(partition, host().start(GUEST, 1, 0, 2048));
        assertEquals(Phase.IDLE, partition.phase());
    }

    @Test
    public void partitionsLoseTheirPowerWithTheirHostAndAreForgotten() throws Exception {
        SimulatedHost before = host();
        SimulatedMachine partition = before.start(GUEST, 1, 0, 256);
        assertNotNull(core.registrations.poll(PATIENCE, TimeUnit.SECONDS));
        until(() -> partition.phase() == Phase.IDLE);
        machine.powerOff();
        assertEquals(Phase.OFF, partition.phase());
        assertThrows(IllegalStateException.class, () -> before.start(OTHER, 1, 0, 256));
        assertEquals(List.of(machine.mac()), macs());
        machine.powerOn();
        assertNotNull(core.registrations.poll(PATIENCE, TimeUnit.SECONDS));
        assertEquals(List.of(machine.mac()), macs());
    }

    @Test
    public void nothingHappensInAPartitionThatIsPaused() {
        SimulatedMachine partition = host().start(GUEST, 1, 0, 256);
        partition.pause();
        assertEquals(Phase.PAUSED, partition.phase());
        SimulatedMachine other = host().start(OTHER, 1, 0, 256);
        until(() -> other.phase() == Phase.IDLE);
        assertEquals("", partition.status().resource());
        partition.resume();
        until(() -> partition.phase() == Phase.IDLE);
    }

    @Test
    public void aHostThatIsSilentAnswersNobody() {
        machine.fault(Fault.SILENT);
        assertEquals(Optional.empty(), machine.host());
    }

    private List<String> macs() {
        return rack.statuses().stream().map(SimulatedMachine.Status::mac).toList();
    }

    private SimulatedHost host() {
        return machine.host().orElseThrow();
    }

    private void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertTrue("still " + rack.statuses(), System.nanoTime() < deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
