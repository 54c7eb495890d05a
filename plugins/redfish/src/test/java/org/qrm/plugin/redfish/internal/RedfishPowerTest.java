package org.qrm.plugin.redfish.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.qrm.plugin.device.Machine.WEB1;

import com.sun.net.httpserver.HttpHandler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.After;
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

public class RedfishPowerTest {

    static final Pace FAST =
            new Pace(Duration.ofMillis(30), Duration.ofMillis(600), Duration.ofSeconds(8), Duration.ofMillis(100));

    private static final String SYSTEM = "/redfish/v1/Systems/1";
    private static final String RESET = SYSTEM + "/Actions/ComputerSystem.Reset";

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
    public void returnsWhenTheMachineIsOn() {
        power.powerOn(WEB1, machine);
        assertTrue(system.isOn());
        assertEquals(List.of("On"), system.orders);
        assertTrue(machine.log.toString(), machine.log.contains(subject() + " is told: On"));
        assertTrue(
                machine.log.toString(),
                machine.log.get(machine.log.size() - 1).matches(Pattern.quote(subject()) + " is on after [0-9]+ s"));
    }

    @Test
    public void leavesAMachineThatIsOn() {
        system.on();
        power.powerOn(WEB1, machine);
        assertEquals(List.of(), system.orders);
        assertEquals(List.of(subject() + " is on already"), machine.log);
    }

    @Test
    public void switchesOffByForce() {
        system.on();
        power.powerOff(WEB1, machine);
        assertFalse(system.isOn());
        assertEquals(List.of("ForceOff"), system.orders);
    }

    @Test
    public void cyclesOnceItIsOff() {
        system.on();
        power.powerCycle(WEB1, machine);
        assertTrue(system.isOn());
        assertEquals(List.of("ForceOff", "On"), system.orders);
    }

    @Test
    public void cyclesOneThatIsOff() {
        power.powerCycle(WEB1, machine);
        assertTrue(system.isOn());
        assertEquals(List.of("On"), system.orders);
    }

    @Test
    public void tellsThatThePowerIsNotKnown() {
        service.lie("GET " + SYSTEM, RedfishSimulator.saying(200, "application/json", "{\"PowerState\":[true]}"));
        assertEquals(PowerState.UNKNOWN, power.state(WEB1));
    }

    @Test
    public void repeatsAnOrderThatWasLost() {
        system.losing(2);
        power.powerOn(WEB1, machine);
        assertTrue(system.isOn());
        assertEquals(List.of("On", "On", "On"), system.orders);
        assertTrue(machine.log.toString(), machine.log.contains(subject() + " is told again: On"));
    }

    @Test
    public void repeatsNoOrderThatIsSlow() {
        system.sayingThatItMoves().after(Duration.ofMillis(300));
        power.powerOn(WEB1, machine);
        assertEquals(List.of("On"), system.orders);
    }

    @Test
    public void bearsThatAnOrderIsRefusedTheSecondTime() {
        system.after(Duration.ofMillis(700));
        service.lie("POST " + RESET, 1, exchange -> {
            system.reset("On");
            service.lie("POST " + RESET, RedfishSimulator.saying(400, "application/json", "{}"));
            exchange.sendResponseHeaders(204, -1);
        });
        power.powerOn(WEB1, machine);
        assertTrue(system.isOn());
        assertEquals(List.of("On"), system.orders);
    }

    @Test
    public void doesNotBelieveAServiceThatSaysOnTooEarly() {
        system.losing(1);
        service.lie("POST " + RESET, 1, exchange -> {
            service.lie(
                    "GET " + SYSTEM,
                    1,
                    RedfishSimulator.saying(
                            200,
                            "application/json",
                            system.json().put("PowerState", "On").toString()));
            system.reset("On");
            exchange.sendResponseHeaders(204, -1);
        });
        power.powerOn(WEB1, machine);
        assertTrue(system.isOn());
        assertEquals(List.of("On", "On"), system.orders);
    }

    @Test
    public void hasItBootFromTheNetworkOnce() {
        power.powerOn(WEB1, machine);
        assertEquals("Pxe Once", system.boot());
        assertTrue(machine.log.toString(), machine.log.contains(subject() + ": it boots from the network"));
    }

    @Test
    public void hasItBootFromItsDiskOnce() {
        power.powerOn(WEB1, BootDevice.DISK, machine);
        assertTrue(system.isOn());
        assertEquals("Hdd Once", system.boot());
        assertTrue(machine.log.toString(), machine.log.contains(subject() + ": it boots from its disk"));
    }

    @Test
    public void setsWhatIsBootedNextAndSwitchesNothing() {
        system.on();
        power.bootNext(WEB1, BootDevice.DISK, machine);
        assertEquals("Hdd Once", system.boot());
        power.bootNext(WEB1, BootDevice.NETWORK, machine);
        assertEquals("Pxe Once", system.boot());
        assertEquals(List.of(), system.orders);
    }

    @Test
    public void tellsThatWhatIsBootedNextCannotBeSet() {
        service.lie(
                "PATCH " + SYSTEM,
                1,
                RedfishSimulator.saying(400, "application/json", RedfishSimulator.error("Boot is read-only.")));
        Problem problem = problem(() -> power.bootNext(WEB1, BootDevice.DISK, machine));
        assertEquals(Problem.Kind.FAILED, problem.kind());
        assertTrue(problem.reason(), problem.reason().endsWith("Boot is read-only."));
        system.bootingFrom("Pxe", "Cd");
        problem = problem(() -> power.bootNext(WEB1, BootDevice.DISK, machine));
        assertEquals("the service does not offer that it boots from its disk (Hdd)", problem.reason());
    }

    @Test
    public void setsTheBootAgainWhenTheTagIsOld() {
        service.lie("PATCH " + SYSTEM, 1, RedfishSimulator.saying(412, "application/json", "{}"));
        power.powerOn(WEB1, machine);
        assertEquals("Pxe Once", system.boot());
    }

    @Test
    public void takesAWeakTagForAStrongOne() {
        service.lie("GET " + SYSTEM, exchange -> {
            exchange.getResponseHeaders().add("ETag", "W/" + system.etag());
            RedfishSimulator.saying(200, "application/json", system.json().toString())
                    .handle(exchange);
        });
        power.powerOn(WEB1, machine);
        assertEquals("Pxe Once", system.boot());
    }

    @Test
    public void switchesOnAlsoWhenTheBootCannotBeSet() {
        service.lie(
                "PATCH " + SYSTEM,
                RedfishSimulator.saying(400, "application/json", RedfishSimulator.error("Boot is read-only.")));
        power.powerOn(WEB1, machine);
        assertTrue(system.isOn());
        assertTrue(
                machine.log.toString(),
                machine.log.contains(subject() + ": it could not be told to boot from the network: the service answers"
                        + " 400 to PATCH " + SYSTEM + ": Boot is read-only."));
    }

    @Test
    public void tellsThatTheUserMayNotSetTheBoot() {
        service.lie("PATCH " + SYSTEM, RedfishSimulator.saying(403, "application/json", "{}"));
        Problem problem = problem(() -> power.powerOn(WEB1, machine));
        assertEquals(Problem.Kind.FAILED, problem.kind());
        assertEquals(
                "the user may not do that: the service answers 403 to PATCH /redfish/v1/Systems/1", problem.reason());
        assertEquals(List.of(), system.orders);
    }

    @Test
    public void leavesTheBootAloneWhereThatWasAnswered() {
        Machine own = new Machine("redfish", service.answers(Map.of("bootFromNetwork", "false")));
        with(own, controller -> controller.bootNext(WEB1, BootDevice.DISK, own));
        with(own, controller -> controller.powerOn(WEB1, own));
        assertEquals("None Disabled", system.boot());
    }

    @Test
    public void ordersWhatIsOffered() {
        system.offeringInActionInfo("ForceOn", "ForceOff");
        power.powerOn(WEB1, machine);
        assertEquals(List.of("ForceOn"), system.orders);
    }

    @Test
    public void tellsWhatIsOfferedInstead() {
        system.on().offering("On", "PushPowerButton");
        Problem problem = problem(() -> power.powerOff(WEB1, machine));
        assertEquals("the service does not offer ForceOff, only: On, PushPowerButton", problem.reason());
    }

    @Test
    public void findsAMachineAmongOthers() {
        SimulatedSystem other = service.add(new SimulatedSystem("2"));
        Machine second = new Machine("redfish", service.answers(Map.of("system", "2")));
        with(second, controller -> controller.powerOn(WEB1, second));
        assertEquals(List.of("On"), other.orders);
        assertEquals(List.of(), system.orders);
    }

    @Test
    public void findsAMachineByItsPath() {
        service.add(new SimulatedSystem("2"));
        Machine first = new Machine("redfish", service.answers(Map.of("system", SYSTEM)));
        with(first, controller -> controller.powerOn(WEB1, first));
        assertEquals(List.of("On"), system.orders);
    }

    @Test
    public void turnsPages() {
        service.add(new SimulatedSystem("2"));
        SimulatedSystem third = service.add(new SimulatedSystem("3"));
        service.pageBy(1);
        Machine last = new Machine("redfish", service.answers(Map.of("system", "3")));
        with(last, controller -> controller.powerOn(WEB1, last));
        assertEquals(List.of("On"), third.orders);
    }

    @Test
    public void doesNotGuessAmongMachines() {
        service.add(new SimulatedSystem("blade-2"));
        Problem problem = problem(() -> power.powerOn(WEB1, machine));
        assertEquals("the service has more than one system, and none was answered: 1, blade-2", problem.reason());
    }

    @Test
    public void namesTheMachinesThatThereAre() {
        Machine wrong = new Machine("redfish", service.answers(Map.of("system", "9")));
        Problem problem = problem(() -> with(wrong, controller -> controller.powerOn(WEB1, wrong)));
        assertEquals("the service has no system 9, but: 1", problem.reason());
    }

    @Test
    public void tellsThatTheMachineDidNotObey() {
        system.losing(1000);
        // however slow this machine is: the first connection is made, and there is time left to tell what was wrong
        Machine own = new Machine("redfish", service.answers(Map.of()));
        Pace patient = new Pace(FAST.look(), FAST.repeat(), FAST.request(), Duration.ofSeconds(10));
        RedfishPower controller = new RedfishPower(own, patient);
        controller.state(WEB1);
        own.within(Duration.ofSeconds(12));
        Problem problem = problem(() -> controller.powerOn(WEB1, own));
        controller.stop();
        assertEquals(Problem.Kind.TIMEOUT, problem.kind());
        assertTrue(
                problem.reason(),
                problem.reason()
                        .matches(
                                "it is not on in time, though it was told (once|\\d+ times); at last the service says that its power is Off"));
        assertEquals(subject(), problem.subject());
    }

    @Test
    public void endsSoonWhenItIsInterrupted() throws InterruptedException {
        system.losing(1000);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        CountDownLatch ordered = new CountDownLatch(1);
        service.lie("POST " + RESET, 1, exchange -> {
            ordered.countDown();
            exchange.sendResponseHeaders(204, -1);
        });
        Thread caller = new Thread(() -> {
            try {
                power.powerOn(WEB1, machine);
            } catch (RuntimeException e) {
                thrown.set(e);
            }
        });
        caller.start();
        assertTrue(ordered.await(10, TimeUnit.SECONDS));
        caller.interrupt();
        caller.join(5000);
        assertEquals(CancelledException.class, thrown.get().getClass());
    }

    @Test
    public void endsWithTheComponent() {
        CountDownLatch asked = new CountDownLatch(1);
        service.lie("GET " + SYSTEM, exchange -> {
            asked.countDown();
            forEver();
        });
        CompletableFuture<Throwable> ended = CompletableFuture.supplyAsync(
                () -> assertThrows(CancelledException.class, () -> power.powerOn(WEB1, machine)));
        assertTrue(uninterrupted(() -> asked.await(10, TimeUnit.SECONDS)));
        power.stop();
        assertEquals("the plug-in stops", ended.join().getMessage());
        assertThrows(CancelledException.class, () -> power.state(WEB1));
    }

    @Test
    public void givesOneOrderAtATimeToAMachine() {
        // however slow the box is, none is given again
        Pace patient = new Pace(FAST.look(), Duration.ofMinutes(1), FAST.request(), FAST.reserve());
        RedfishPower patiently = new RedfishPower(machine, patient);
        system.after(Duration.ofMillis(200)).on();
        CompletableFuture<?> cycle = CompletableFuture.runAsync(() -> patiently.powerCycle(WEB1, machine));
        CompletableFuture<?> other = CompletableFuture.runAsync(() -> patiently.powerCycle(WEB1, machine));
        cycle.join();
        other.join();
        patiently.stop();
        assertEquals(List.of("ForceOff", "On", "ForceOff", "On"), system.orders);
    }

    @Test
    public void controlsMachinesWhoseServiceWasAnswered() {
        assertTrue(power.controls(WEB1));
        assertFalse(new RedfishPower(new Machine("redfish", null), FAST).controls(WEB1));
    }

    @Test
    public void asksForWhatWasNotAnswered() {
        Problem problem =
                problem(() -> with(new Machine("redfish", null), controller -> controller.powerOn(WEB1, machine)));
        assertEquals(Problem.Kind.UNAVAILABLE, problem.kind());
    }

    @Test
    public void tellsSensorsOfAllChassis() {
        assertEquals(
                List.of(
                        new Sensor("Inlet Temp", SensorStatus.OK, 24.0, "degrees C", ""),
                        new Sensor("Fan 1", SensorStatus.WARNING, 9000.0, "RPM", ""),
                        new Sensor("Server Power", SensorStatus.UNKNOWN, 212.5, "W", ""),
                        new Sensor("PS1", SensorStatus.CRITICAL, 106.0, "W", "UnavailableOffline")),
                power.sensors(WEB1));
    }

    @Test
    public void tellsSensorsOfServicesThatHaveACollectionOfThem() {
        String all = "/redfish/v1/Chassis/1/Sensors";
        service.lie("GET /redfish/v1/Chassis/1", json("{'Sensors':{'@odata.id':'" + all + "'}}"));
        service.lie("GET " + all, json("{'Members':[{'@odata.id':'" + all + "/a'},{'@odata.id':'" + all + "/none'}]}"));
        service.lie(
                "GET " + all + "/a",
                json(
                        "{'Name':'Intake','Reading':21.5,'ReadingUnits':'Cel','Status':{'Health':'OK','State':'Enabled'}}"));
        assertEquals(List.of(new Sensor("Intake", SensorStatus.OK, 21.5, "degrees C", "")), power.sensors(WEB1));
    }

    @Test
    public void tellsTheLogTheNewestFirst() {
        assertEquals(
                List.of(
                        new BmcLogEntry(
                                "2",
                                Instant.parse("2026-01-03T03:04:05Z"),
                                "Temperature",
                                "Critical: Inlet Temp is above its limit"),
                        new BmcLogEntry("1", Instant.parse("2026-01-02T02:04:05Z"), "", "Log cleared"),
                        new BmcLogEntry("3", null, "", "No clock")),
                power.bmcLog(WEB1));
    }

    @Test
    public void tellsTheFirmwareAndLeavesOutWhatIsNotThere() {
        assertEquals(List.of(new Firmware("BMC", "1.02.03"), new Firmware("BIOS", "U30 v2.76")), power.firmware(WEB1));
        service.lie("GET /redfish/v1/UpdateService", RedfishSimulator.saying(404, "application/json", "{}"));
        assertEquals(List.of(new Firmware("BIOS", "U30 v2.76")), power.firmware(WEB1));
    }

    @Test
    public void asksTheSystemToShutDownOnce() {
        power.shutDown(WEB1, machine);
        assertEquals("it is off", List.of(), system.orders);
        system.on().losing(10);
        power.shutDown(WEB1, machine);
        assertEquals("it obeys or not", List.of("GracefulShutdown"), system.orders);
        assertTrue(machine.log.toString(), machine.log.contains(subject() + " is told: GracefulShutdown"));
    }

    @Test
    public void pressesTheButtonWhereNothingElseIsOffered() {
        system.on().offering("On", "ForceOff", "PushPowerButton");
        power.shutDown(WEB1, machine);
        assertEquals(List.of("PushPowerButton"), system.orders);
    }

    @Test
    public void tellsThatItCannotAskTheSystemToShutDown() {
        system.on().offering("On", "ForceOff");
        Problem none = problem(() -> power.shutDown(WEB1, machine));
        assertEquals(Problem.Kind.FAILED, none.kind());
        assertEquals(
                "the service does not offer GracefulShutdown or PushPowerButton, only: On, ForceOff", none.reason());
        assertEquals(List.of(), system.orders);
    }

    @Test
    public void tellsThatTheSystemCouldNotBeAskedToShutDown() {
        system.on();
        service.lie("POST " + RESET, 1, RedfishSimulator.saying(409, "application/json", "{}"));
        assertEquals(
                Problem.Kind.UNREACHABLE,
                problem(() -> power.shutDown(WEB1, machine)).kind());
        service.lie("POST " + RESET, 1, RedfishSimulator.saying(400, "application/json", "{}"));
        assertEquals(
                Problem.Kind.FAILED,
                problem(() -> power.shutDown(WEB1, machine)).kind());
        assertTrue(system.isOn());
    }

    @Test
    public void lightsItsLocatorUntilItIsPutOut() {
        power.identify(WEB1, true);
        assertTrue(system.isLit());
        power.identify(WEB1, false);
        assertFalse(system.isLit());
    }

    @Test
    public void lightsTheLedOfOlderServicesAndSaysWhereThereIsNone() {
        AtomicReference<String> sent = new AtomicReference<>();
        service.lie("GET " + SYSTEM, json("{'IndicatorLED':'Off'}"));
        service.lie("PATCH " + SYSTEM, exchange -> {
            sent.set(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(204, -1);
        });
        power.identify(WEB1, true);
        assertEquals(SYSTEM, sent.get());
        service.lie("GET " + SYSTEM, json("{'Id':'1'}"));
        QrmException none = assertThrows(QrmException.class, () -> power.identify(WEB1, true));
        assertTrue(none.getMessage(), none.getMessage().contains("the service tells of no light of this machine"));
    }

    @Test
    public void whatAHostileServiceTellsIsBounded() {
        StringBuilder fans = new StringBuilder("{'Fans':[");
        for (int number = 0; number < 5000; number++) {
            fans.append("{'Name':'\\u001b[2J").append(RedfishSimulator.PASSWORD).append("','Reading':1e999},");
        }
        service.lie(
                "GET /redfish/v1/Chassis/1/Thermal", json(fans.append("{}]}").toString()));
        List<Sensor> sensors = power.sensors(WEB1);
        assertEquals(300, sensors.size());
        assertEquals(new Sensor("?[2J…", SensorStatus.UNKNOWN, null, "", ""), sensors.get(0));
        service.lie(
                "GET /redfish/v1/Chassis/1",
                json("{'Thermal':{'@odata.id':'https://elsewhere.example/redfish/v1/x'}}"));
        assertThrows(QrmException.class, () -> power.sensors(WEB1));
    }

    private static HttpHandler json(String text) {
        return RedfishSimulator.saying(200, "application/json", text.replace('\'', '"'));
    }

    private String subject() {
        return "web1 (Redfish service " + service.address() + ")";
    }

    static void with(Machine machine, java.util.function.Consumer<RedfishPower> attempt) {
        RedfishPower controller = new RedfishPower(machine, FAST);
        try {
            attempt.accept(controller);
        } finally {
            controller.stop();
        }
    }

    static Problem problem(org.junit.function.ThrowingRunnable attempt) {
        return assertThrows(QrmException.class, attempt).problem();
    }

    /** Until the service is closed. */
    static void forEver() {
        uninterrupted(() -> new CountDownLatch(1).await(30, TimeUnit.SECONDS));
    }

    private static boolean uninterrupted(java.util.concurrent.Callable<Boolean> wait) {
        try {
            return wait.call();
        } catch (Exception e) {
            return false;
        }
    }
}
