package org.qrm.plugin.simulator.internal.machine;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.node.Instruction;
import org.qrm.api.node.Registration;
import org.qrm.api.node.Report;
import org.qrm.api.node.Report.NodeState;
import org.qrm.api.storage.Mount;

public class SimulatedMachineTest {

    private static final long PATIENCE = 20;

    @Rule
    public final SimulatedServer server = new SimulatedServer();

    private final ScriptedCore core = server.core;
    private SimulatedRack rack;
    private SimulatedMachine machine;

    @Before
    public void install() throws Exception {
        rack = server.rack();
        machine = rack.machine(1, MachineProfile.DEFAULT.withSpeed(20));
    }

    @Test
    public void registersAndStaysIdle() throws Exception {
        machine.powerOn();
        Registration registration = core.registrations.poll(PATIENCE, TimeUnit.SECONDS);
        assertEquals("02:51:51:00:00:01", registration.mac().value());
        assertEquals(2, registration.hardware().nics().size());
        assertEquals("10.128.0.1", registration.address());
        assertEquals(NodeState.IDLE, nextReport().state());
        assertEquals("7", machine.status().resource());
    }

    @Test
    public void startsAnImageWithItsBootServices() throws Exception {
        core.services.put("xen", "package".getBytes(StandardCharsets.UTF_8));
        machine.powerOn();
        nextReport();
        core.tell(start(Wire.sha256("package".getBytes(StandardCharsets.UTF_8))));
        reportOf(NodeState.ACTIVE);
        assertEquals("web", machine.status().environment());
    }

    @Test
    public void refusesABootServiceWithAnotherDigest() throws Exception {
        core.services.put("xen", "other".getBytes(StandardCharsets.UTF_8));
        machine.powerOn();
        nextReport();
        core.tell(start("ab".repeat(32)));
        until(() -> machine.status().trouble().startsWith("the boot service xen has the digest"));
        assertEquals(Phase.MOUNTING, machine.phase());
    }

    @Test
    public void restartsWithANewBootIdAndToken() throws Exception {
        machine.powerOn();
        Registration first = core.registrations.poll(PATIENCE, TimeUnit.SECONDS);
        nextReport();
        core.tell(new Instruction.Reboot());
        Registration second = core.registrations.poll(PATIENCE, TimeUnit.SECONDS);
        assertNotEquals(first.bootId(), second.bootId());
        assertNotEquals(first.token(), second.token());
    }

    @Test
    public void saysThatItStopsBeforeItLeavesAnImage() throws Exception {
        core.services.put("xen", new byte[0]);
        machine.powerOn();
        nextReport();
        core.tell(start(Wire.sha256(new byte[0])));
        reportOf(NodeState.ACTIVE);
        core.tell(new Instruction.PowerOff());
        reportOf(NodeState.STOPPING);
        until(() -> machine.phase() == Phase.OFF);
    }

    @Test
    public void startsFromItsDiskWhenToldTo() throws Exception {
        machine.powerOn();
        nextReport();
        core.local = true;
        core.tell(new Instruction.LocalBoot());
        until(() -> machine.phase() == Phase.LOCAL_DISK);
    }

    @Test
    public void tellsWhyItCannotMountAndTriesAgain() throws Exception {
        core.services.put("xen", new byte[0]);
        machine.fault(Fault.MOUNT_ERROR);
        machine.powerOn();
        nextReport();
        core.tell(start(Wire.sha256(new byte[0])));
        Report report = reportOf(NodeState.MOUNTING);
        while (report.error().isEmpty()) {
            report = reportOf(NodeState.MOUNTING);
        }
        assertTrue(report.error(), report.error().startsWith("cannot mount 10.77.0.2:/export/web1"));
        machine.fault(Fault.NONE);
        reportOf(NodeState.ACTIVE);
    }

    @Test
    public void hangsAfterItsConfiguration() {
        machine.fault(Fault.NEVER_BOOTS);
        machine.powerOn();
        until(() -> machine.phase() == Phase.HUNG);
        machine.fault(Fault.NONE);
        machine.powerCycle();
        until(() -> machine.phase() == Phase.IDLE);
    }

    @Test
    public void presentsAnOldToken() throws Exception {
        machine.fault(Fault.REUSE_TOKEN);
        machine.powerOn();
        Registration first = core.registrations.poll(PATIENCE, TimeUnit.SECONDS);
        until(() -> machine.phase() == Phase.IDLE);
        machine.powerCycle();
        assertEquals(
                first.token(),
                core.registrations.poll(PATIENCE, TimeUnit.SECONDS).token());
        until(() -> machine.status().trouble().contains("the boot token was used before"));
    }

    @Test
    public void fallsSilent() throws Exception {
        machine.fault(Fault.SILENT);
        machine.powerOn();
        assertNotNull(core.registrations.poll(PATIENCE, TimeUnit.SECONDS));
        until(() -> machine.phase() == Phase.IDLE);
        assertTrue(core.reports.isEmpty());
        machine.fault(Fault.NONE);
        nextReport();
    }

    private static Instruction start(String digest) {
        return new Instruction.StartImage(
                "web",
                "web-1",
                new Mount("nfs", "10.77.0.2:/export/web1", "vers=3"),
                true,
                List.of(new Instruction.BootServicePackage("xen", digest)));
    }

    private Report nextReport() throws InterruptedException {
        Report report = core.reports.poll(PATIENCE, TimeUnit.SECONDS);
        assertNotNull("no report; " + machine.status(), report);
        return report;
    }

    private Report reportOf(NodeState state) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        Report report = nextReport();
        while (report.state() != state) {
            assertTrue("no such report; " + machine.status(), System.nanoTime() < deadline);
            report = nextReport();
        }
        return report;
    }

    private void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertTrue("still " + machine.status(), System.nanoTime() < deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
