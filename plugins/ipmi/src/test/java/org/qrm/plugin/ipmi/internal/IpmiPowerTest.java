package org.qrm.plugin.ipmi.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.qrm.plugin.device.Machine.WEB1;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.power.BmcLogEntry;
import org.qrm.api.power.BootDevice;
import org.qrm.api.power.Firmware;
import org.qrm.api.power.PowerState;
import org.qrm.api.power.Sensor;
import org.qrm.api.power.SensorStatus;
import org.qrm.plugin.device.Machine;

/** Against a BMC that OpenIPMI simulates. */
public class IpmiPowerTest {

    private static final Pace FAST =
            new Pace(Duration.ofMillis(20), Duration.ofMillis(300), Duration.ofSeconds(10), Duration.ofSeconds(3), 1);

    @Rule
    public final IpmiSimulator bmc = new IpmiSimulator();

    @Test
    public void switchesOnFromTheNetwork() throws IOException {
        Machine machine = machine(Map.of());
        power(machine).powerOn(WEB1, machine);
        assertEquals("1", bmc.power());
        assertEquals(List.of("set boot pxe", "set power 1"), bmc.orders());
        assertTrue(
                machine.log.toString(),
                machine.log.get(0).matches("web1 \\(BMC 127\\.0\\.0\\.1:\\d+\\) was told: on, .*"));
        assertTrue(machine.log.toString(), machine.log.get(1).matches(".* is on after \\d+ s"));
    }

    @Test
    public void leavesTheOrderOfBootDevicesAloneIfToldSo() throws IOException {
        Machine machine = machine(Map.of("bootFromNetwork", "false"));
        power(machine).powerOn(WEB1, machine);
        assertEquals(List.of("set power 1"), bmc.orders());
    }

    @Test
    public void switchesOnFromTheDisk() throws IOException {
        for (String uefi : List.of("false", "true")) {
            bmc.power("0");
            Machine machine = machine(Map.of("uefi", uefi));
            power(machine).powerOn(WEB1, BootDevice.DISK, machine);
            assertEquals("1", bmc.power());
            assertTrue(machine.log.toString(), machine.log.get(0).endsWith("was told: on, boot from the disk"));
        }
        String disk = "set boot default";
        assertEquals(List.of(disk, "set power 1", disk, "set power 1"), bmc.orders());
    }

    @Test
    public void setsWhatIsBootedNextAndSwitchesNothing() throws IOException {
        bmc.power("1");
        Machine machine = machine(Map.of());
        power(machine).bootNext(WEB1, BootDevice.DISK, machine);
        power(machine).bootNext(WEB1, BootDevice.NETWORK, machine);
        assertEquals(List.of("set boot default", "set boot pxe"), bmc.orders());
        assertTrue(machine.log.toString(), machine.log.get(0).endsWith("was told: boot from the disk next"));
    }

    @Test
    public void leavesWhatIsBootedNextAloneIfToldSo() throws IOException {
        Machine machine = machine(Map.of("bootFromNetwork", "false"));
        power(machine).bootNext(WEB1, BootDevice.DISK, machine);
        power(machine).powerOn(WEB1, BootDevice.DISK, machine);
        assertEquals(List.of("set power 1"), bmc.orders());
        assertTrue(machine.log.toString(), machine.log.get(0).contains("are left alone"));
    }

    @Test
    public void bootsUefiMachinesFromTheNetwork() throws IOException {
        Machine machine = machine(Map.of("uefi", "true"));
        power(machine).powerOn(WEB1, machine);
        assertEquals(List.of("set boot pxe", "set power 1"), bmc.orders());
    }

    @Test
    public void leavesAloneWhatIsAsWanted() throws IOException {
        Machine machine = machine(Map.of());
        power(machine).powerOff(WEB1, machine);
        bmc.power("1");
        power(machine).powerOn(WEB1, machine);
        assertEquals(List.of(), bmc.orders());
        assertTrue(machine.log.toString(), machine.log.get(0).endsWith("is off already"));
    }

    @Test
    public void asksTheSystemToShutDownOnce() throws IOException {
        Machine machine = machine(Map.of());
        power(machine).shutDown(WEB1, machine);
        assertEquals("it is off", List.of(), bmc.orders());
        assertTrue(machine.log.toString(), machine.log.get(0).endsWith("is off already"));
        bmc.power("1");
        bmc.lose(10);
        power(machine).shutDown(WEB1, machine);
        assertEquals("it obeys or not", List.of("set shutdown 1"), bmc.orders());
        assertTrue(machine.log.toString(), machine.log.get(1).endsWith("was told: shut down"));
    }

    @Test
    public void tellsThatTheBmcCannotAskTheSystemToShutDown() throws IOException {
        bmc.power("1");
        bmc.refuseToShutDown();
        Machine machine = machine(Map.of());
        Problem problem = problem(() -> power(machine).shutDown(WEB1, machine));
        assertEquals(problem.toString(), Problem.Kind.FAILED, problem.kind());
        assertTrue(problem.reason(), problem.reason().contains("Chassis Power Control to Soft"));
        assertEquals("1", bmc.power());
    }

    @Test
    public void switchesOff() throws IOException {
        bmc.power("1");
        Machine machine = machine(Map.of());
        power(machine).powerOff(WEB1, machine);
        assertEquals("0", bmc.power());
        assertEquals(List.of("set power 0"), bmc.orders());
    }

    @Test
    public void cyclesByOffAndOn() throws IOException {
        bmc.power("1");
        Machine machine = machine(Map.of());
        power(machine).powerCycle(WEB1, machine);
        assertEquals(List.of("set power 0", "set boot pxe", "set power 1"), bmc.orders());
    }

    @Test
    public void cyclesOneThatIsOffByOn() throws IOException {
        Machine machine = machine(Map.of());
        power(machine).powerCycle(WEB1, machine);
        assertEquals(List.of("set boot pxe", "set power 1"), bmc.orders());
    }

    @Test
    public void tellsWhatTheBmcKeeps() throws IOException {
        IpmiPower power = power(machine(Map.of()));
        assertEquals(
                List.of(
                        new Sensor("Inlet Temp", SensorStatus.OK, 24.0, "degrees C", ""),
                        new Sensor("Fan 1", SensorStatus.OK, 6000.0, "RPM", "")),
                power.sensors(WEB1));
        List<BmcLogEntry> log = power.bmcLog(WEB1);
        assertEquals(log.toString(), 1, log.size());
        assertEquals("Temperature Inlet Temp", log.get(0).sensor());
        assertTrue(log.toString(), log.get(0).message().startsWith("Upper Non-critical going high, Asserted"));
        assertEquals(List.of(new Firmware("BMC (MontaVista Software, Inc.)", "9.08")), power.firmware(WEB1));
        power.identify(WEB1, true);
        power.identify(WEB1, false);
        assertEquals(List.of("0 1", "0 0"), bmc.lights());
    }

    @Test
    public void saysWhatIsWrongWithALoginAlsoWhereIpmitoolDoesNot() {
        IpmiPower power = power(machine(Map.of("password", "another")));
        for (Runnable question : List.<Runnable>of(
                () -> power.sensors(WEB1), () -> power.bmcLog(WEB1), () -> power.identify(WEB1, true))) {
            QrmException refused = assertThrows(QrmException.class, question::run);
            assertEquals(Problem.Kind.FAILED, refused.problem().kind());
            assertTrue(refused.getMessage(), refused.getMessage().contains("the password is not that of this user"));
        }
    }

    @Test
    public void repeatsAnOrderThatTheBmcLost() throws IOException {
        bmc.lose(1);
        Machine machine = machine(Map.of());
        power(machine).powerOn(WEB1, machine);
        assertEquals(List.of("set boot pxe", "set power 1", "set boot pxe", "set power 1"), bmc.orders());
        assertTrue(machine.log.toString(), machine.log.get(1).contains("was told again: on"));
    }

    @Test
    public void looksWhatBecameOfAnOrderThatWasNotAnswered() throws IOException {
        bmc.ponder("3");
        Machine machine = machine(Map.of()).within(Duration.ofSeconds(40));
        power(machine).powerOn(WEB1, machine);
        assertEquals("1", bmc.power());
        assertTrue(machine.log.toString(), machine.log.get(0).contains(", but the BMC does not answer"));
    }

    @Test
    public void waitsUntilItIsOff() throws IOException {
        bmc.power("1");
        bmc.dawdle(4);
        Machine machine = machine(Map.of());
        power(machine).powerOff(WEB1, machine);
        assertEquals("0", bmc.power());
        assertEquals("set power 0", bmc.orders().get(0));
    }

    @Test
    public void saysAtTheDeadlineWhatTheBmcSaid() throws IOException {
        bmc.lose(1000);
        Machine machine = machine(Map.of()).within(Duration.ofSeconds(5));
        Problem problem = problem(() -> power(machine).powerOn(WEB1, machine));
        assertEquals(Problem.Kind.TIMEOUT, problem.kind());
        assertTrue(
                problem.sentence(),
                problem.sentence()
                        .matches(
                                "Cannot switch on \"web1 \\(BMC 127.0.0.1:\\d+\\)\": it is"
                                        + " not on in time, though it was told (once|\\d+ times); at last the BMC says that it is off\\. .*"));
    }

    @Test
    public void asksOnWhenTheBmcFallsSilentAfterItsOrder() throws IOException {
        bmc.lose(1000);
        Machine machine = machine(Map.of()).within(Duration.ofSeconds(7));
        CompletableFuture<Problem> done =
                CompletableFuture.supplyAsync(() -> problem(() -> power(machine).powerOn(WEB1, machine)));
        await(() -> !machine.log.isEmpty());
        bmc.end();
        Problem problem = done.orTimeout(20, TimeUnit.SECONDS).join();
        assertEquals(problem.sentence(), Problem.Kind.TIMEOUT, problem.kind());
        assertTrue(problem.sentence(), problem.reason().contains("at last the BMC d"));
    }

    @Test
    public void tellsAWrongPassword() {
        Problem problem = failing(Map.of("password", "something else"));
        assertEquals(Problem.Kind.FAILED, problem.kind());
        assertEquals(
                "the password is not that of this user at the BMC, ipmitool says \"RAKP 2 HMAC is invalid\"",
                problem.reason());
        assertFalse(problem.sentence(), problem.sentence().contains("something else"));
    }

    @Test
    public void tellsAnUnknownUser() {
        Problem problem = failing(Map.of("user", "nobody"));
        assertEquals(Problem.Kind.FAILED, problem.kind());
        assertTrue(problem.reason(), problem.reason().startsWith("the BMC knows no such user"));
    }

    @Test
    public void tellsThatThePrivilegeIsNotEnough() {
        Map<String, String> answers = bmc.answers(Map.of());
        Bmc reader = new Bmc(
                "web1",
                answers.get("address"),
                answers.get("port"),
                IpmiSimulator.USER,
                IpmiSimulator.PASSWORD,
                "USER",
                "3",
                false,
                false);
        Machine work = machine(Map.of());
        PowerSwitch web1 = new PowerSwitch(new Ipmitool(Ipmitool::find), reader, "switch on", work, FAST);
        Problem problem = problem(() -> web1.bring(PowerState.ON));
        assertEquals(Problem.Kind.FAILED, problem.kind());
        assertEquals(
                "the user has not the privilege at the BMC, ipmitool says"
                        + " \"Set Chassis Power Control to Up/On failed: Insufficient privilege level\"",
                problem.reason());
    }

    @Test
    public void tellsACipherSuiteThatTheBmcDoesNotTake() {
        Problem problem = failing(Map.of("cipherSuite", "17"));
        assertEquals(Problem.Kind.FAILED, problem.kind());
        assertTrue(problem.reason(), problem.reason().startsWith("the BMC does not take this cipher suite"));
    }

    @Test
    public void tellsSilence() throws IOException {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Machine machine = new Machine("ipmi", IpmiSimulator.answers(silent.getLocalPort(), Map.of()))
                    .within(Duration.ofSeconds(60));
            Problem problem = problem(() -> power(machine).powerOn(WEB1, machine));
            assertEquals(Problem.Kind.UNREACHABLE, problem.kind());
            assertTrue(problem.reason(), problem.reason().startsWith("the BMC does not answer"));
        }
    }

    @Test
    public void endsAnIpmitoolThatIsTooSlow() throws IOException {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Bmc web1 = Bmc.of("web1", IpmiSimulator.answers(silent.getLocalPort(), Map.of()));
            Ipmitool ipmitool = new Ipmitool(Ipmitool::find);
            Problem problem = problem(() -> PowerSwitch.ask(ipmitool, web1, "ask", Duration.ofSeconds(1), 3));
            assertEquals(Problem.Kind.UNREACHABLE, problem.kind());
            assertTrue(problem.reason(), problem.reason().startsWith("the BMC did not answer within 1 s"));
            assertEquals(List.of(), children());
        }
    }

    @Test
    public void endsItsIpmitoolWhenItIsInterrupted() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Machine machine = new Machine("ipmi", IpmiSimulator.answers(silent.getLocalPort(), Map.of()))
                    .within(Duration.ofSeconds(60));
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread caller = new Thread(() -> {
                try {
                    power(machine).state(WEB1);
                } catch (RuntimeException e) {
                    thrown.set(e);
                }
            });
            caller.start();
            await(() -> !children().isEmpty());
            caller.interrupt();
            caller.join(5000);
            assertEquals(CancelledException.class, thrown.get().getClass());
            await(() -> children().isEmpty());
        }
    }

    @Test
    public void keepsThePasswordOutOfEveryCommandLine() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Machine machine = new Machine("ipmi", IpmiSimulator.answers(silent.getLocalPort(), Map.of()))
                    .within(Duration.ofSeconds(60));
            CompletableFuture<Problem> asked = CompletableFuture.supplyAsync(
                    () -> problem(() -> power(machine).powerOn(WEB1, machine)));
            await(() -> commandLines().stream()
                    .anyMatch(line -> line.contains("\0-p\0" + silent.getLocalPort() + "\0-U\0qrm\0-E\0")));
            for (String line : commandLines()) {
                assertFalse(line, line.contains(IpmiSimulator.PASSWORD));
            }
            asked.join();
        }
    }

    @Test
    public void tellsThatIpmitoolIsNotThere() {
        Machine machine = machine(Map.of());
        IpmiPower power = new IpmiPower(machine, new Ipmitool(Optional::empty), FAST);
        Problem problem = problem(() -> power.powerOn(WEB1, machine));
        assertEquals(Problem.Kind.UNAVAILABLE, problem.kind());
        assertTrue(
                problem.sentence(),
                problem.sentence().endsWith("ipmitool is not there. Install it: apt-get install ipmitool"));
    }

    @Test
    public void controlsMachinesWhoseBmcWasAnswered() {
        assertTrue(power(machine(Map.of())).controls(WEB1));
        assertFalse(power(new Machine("ipmi", null)).controls(WEB1));
    }

    @Test
    public void asksForWhatWasNotAnswered() {
        Machine machine = new Machine("ipmi", null);
        Problem problem = problem(() -> power(machine).powerOn(WEB1, machine));
        assertEquals(Problem.Kind.UNAVAILABLE, problem.kind());
    }

    private Machine machine(Map<String, String> answers) {
        return new Machine("ipmi", bmc.answers(answers)).within(Duration.ofSeconds(60));
    }

    private static IpmiPower power(Machine machine) {
        return new IpmiPower(machine, new Ipmitool(Ipmitool::find), FAST);
    }

    private Problem failing(Map<String, String> answers) {
        Machine machine = machine(answers);
        return problem(() -> power(machine).powerOn(WEB1, machine));
    }

    private static Problem problem(org.junit.function.ThrowingRunnable attempt) {
        return assertThrows(QrmException.class, attempt).problem();
    }

    private static List<ProcessHandle> children() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("/ipmitool"))
                .toList();
    }

    private static List<String> commandLines() throws IOException {
        List<String> lines = new ArrayList<>();
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                try {
                    lines.add(Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1));
                } catch (NoSuchFileException gone) {
                    // it ended meanwhile
                } catch (IOException gone) {
                    // so did that
                }
            }
        }
        return lines;
    }

    /** What may become true. */
    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Condition condition) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.holds()) {
            assertTrue("it did not come true", System.nanoTime() < end);
            Thread.onSpinWait();
        }
    }
}
