package org.qrm.plugin.redfish.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.qrm.plugin.device.Machine.WEB1;
import static org.qrm.plugin.redfish.internal.RedfishPowerTest.FAST;
import static org.qrm.plugin.redfish.internal.RedfishPowerTest.problem;
import static org.qrm.plugin.redfish.internal.RedfishPowerTest.with;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.power.PowerState;
import org.qrm.plugin.device.Machine;
import org.qrm.plugin.device.TestCertificate;

public class RedfishLoginTest {

    private static final String SYSTEM = "/redfish/v1/Systems/1";
    private static final String OTHER = "00:".repeat(31) + "00";

    private final RedfishSimulator service = new RedfishSimulator();
    private final SimulatedSystem system = service.add(new SimulatedSystem("1"));
    private final Machine machine = new Machine("redfish", service.answers(Map.of()));
    private final RedfishPower power = new RedfishPower(machine, FAST);

    @After
    public void stop() {
        power.stop();
        service.close();
    }

    @Test
    public void needsNoSessionWhereBasicIsTaken() {
        power.powerOn(WEB1, machine);
        assertEquals(0, service.sessionsBegun.get());
    }

    @Test
    public void beginsASessionWhereBasicIsRefused() {
        service.refuseBasic();
        power.powerOn(WEB1, machine);
        assertTrue(system.isOn());
        assertEquals("Pxe Once", system.boot());
        assertEquals(1, service.sessionsBegun.get());
        assertEquals(Map.of(), service.sessions);
    }

    @Test
    public void endsItsSessionAlsoWhenItFails() {
        service.refuseBasic();
        system.losing(1000);
        machine.within(Duration.ofMillis(1200));
        assertEquals(
                Problem.Kind.TIMEOUT,
                problem(() -> power.powerOn(WEB1, machine)).kind());
        assertEquals(1, service.sessionsBegun.get());
        assertEquals(Map.of(), service.sessions);
    }

    @Test
    public void endsItsSessionAlsoWhenItIsInterrupted() throws InterruptedException {
        service.refuseBasic();
        CountDownLatch ordered = new CountDownLatch(1);
        service.lie("POST " + SYSTEM + "/Actions/ComputerSystem.Reset", exchange -> {
            ordered.countDown();
            exchange.sendResponseHeaders(204, -1);
        });
        Thread caller = new Thread(() -> assertThrows(RuntimeException.class, () -> power.powerOn(WEB1, machine)));
        caller.start();
        assertTrue(ordered.await(10, TimeUnit.SECONDS));
        caller.interrupt();
        caller.join(5000);
        assertEquals(1, service.sessionsBegun.get());
        assertEquals(Map.of(), service.sessions);
    }

    @Test(timeout = 20_000)
    public void endsItsSessionAlsoWhenThePlugInStops() throws InterruptedException {
        service.refuseBasic();
        system.losing(1000);
        Thread caller = new Thread(() -> assertThrows(RuntimeException.class, () -> power.powerOn(WEB1, machine)));
        service.lie("POST " + SYSTEM + "/Actions/ComputerSystem.Reset", exchange -> RedfishPowerTest.forEver());
        caller.start();
        while (!service.requests.contains("POST " + SYSTEM + "/Actions/ComputerSystem.Reset")) {
            Thread.onSpinWait();
        }
        power.stop();
        assertEquals(1, service.sessionsBegun.get());
        assertEquals(Map.of(), service.sessions);
        caller.join(5000);
    }

    @Test
    public void beginsAnotherSessionWhenTheServiceForgotIt() {
        service.refuseBasic();
        service.lie("PATCH " + SYSTEM, 1, exchange -> {
            service.sessions.clear();
            exchange.sendResponseHeaders(401, -1);
        });
        power.powerOn(WEB1, machine);
        assertEquals("Pxe Once", system.boot());
        assertEquals(2, service.sessionsBegun.get());
        assertEquals(Map.of(), service.sessions);
    }

    @Test
    public void guessesNoPasswordAgainAndAgain() {
        service.refuseBasic();
        service.offerNoSessions();
        Problem problem = problem(() -> power.powerOn(WEB1, machine));
        assertEquals(Problem.Kind.FAILED, problem.kind());
        assertTrue(
                problem.reason(),
                problem.reason().startsWith("user or password is not right: the service answers 401"));
        assertEquals(
                1,
                service.requests.stream()
                        .filter("GET /redfish/v1/Systems"::equals)
                        .count());
    }

    @Test
    public void tellsAWrongPassword() {
        Machine wrong = new Machine("redfish", service.answers(Map.of("password", "another-s3cret")));
        QrmException refused =
                assertThrows(QrmException.class, () -> with(wrong, controller -> controller.powerOn(WEB1, wrong)));
        assertEquals(Problem.Kind.FAILED, refused.problem().kind());
        assertTrue(
                refused.problem().remedy(),
                refused.problem().remedy().startsWith("Correct user and password in what the plug-in redfish"));
        assertFalse(refused.toString().contains("another-s3cret"));
        assertFalse(wrong.log.toString().contains("another-s3cret"));
    }

    @Test
    public void endsSoonWhenAFirmwareUpdateForgotTheUser() {
        service.offerNoSessions();
        service.lie("POST " + SYSTEM + "/Actions/ComputerSystem.Reset", 1, exchange -> {
            service.refuseBasic();
            exchange.sendResponseHeaders(204, -1);
        });
        Problem problem = problem(() -> power.powerOn(WEB1, machine));
        assertTrue(problem.reason(), problem.reason().startsWith("user or password is not right"));
    }

    @Test
    public void keepsThePasswordOutOfWhatTheServiceRepeats() {
        String basic = Service.of("web1", service.answers(Map.of())).basic();
        service.lie(
                "GET " + SYSTEM,
                RedfishSimulator.saying(
                        400,
                        "application/json",
                        RedfishSimulator.error("x".repeat(190) + " " + RedfishSimulator.PASSWORD, basic)));
        Problem problem = problem(() -> power.powerOn(WEB1, machine));
        assertFalse(problem.sentence(), problem.sentence().contains(RedfishSimulator.PASSWORD.substring(0, 5)));
        assertFalse(problem.sentence(), problem.sentence().contains(basic.substring(6, 12)));
    }

    @Test
    public void namesBothFingerprintsOfAnotherCertificate() {
        Machine other = new Machine("redfish", service.answers(Map.of("fingerprint", OTHER)));
        Problem problem = problem(() -> with(other, controller -> controller.powerOn(WEB1, other)));
        assertEquals(Problem.Kind.FAILED, problem.kind());
        assertEquals(
                "its certificate has the fingerprint " + TestCertificate.fingerprint() + ", not " + OTHER
                        + " as was answered",
                problem.reason());
        assertTrue(service.requests.isEmpty());
    }

    @Test
    public void tellsTheFirstFingerprint() {
        Machine none = new Machine("redfish", service.answers(Map.of("fingerprint", "")));
        Problem problem = problem(() -> with(none, controller -> controller.state(WEB1)));
        assertEquals(Problem.Kind.FAILED, problem.kind());
        assertEquals(
                "its certificate is not trusted here, and no fingerprint was answered: no authority that is trusted here has"
                        + " signed it",
                problem.reason());
        assertTrue(
                problem.remedy(),
                problem.remedy().startsWith("Its fingerprint is " + TestCertificate.fingerprint() + "."));
        assertTrue(service.requests.isEmpty());
    }

    @Test
    public void takesAFingerprintHoweverItIsWritten() {
        String plain = TestCertificate.fingerprint().replace(":", "").toLowerCase(java.util.Locale.ROOT);
        Machine other = new Machine("redfish", service.answers(Map.of("fingerprint", plain)));
        with(other, controller -> assertEquals(PowerState.OFF, controller.state(WEB1)));
    }
}
