package org.qrm.plugin.webhookpower.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.qrm.plugin.device.Machine.WEB1;

import com.sun.net.httpserver.HttpExchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.After;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.power.PowerState;
import org.qrm.plugin.device.Machine;

/** Against a service that does what it says. */
public class WebhookPowerTest {

    static final Pace FAST = new Pace(
            Duration.ofMillis(20),
            Duration.ofMillis(300),
            Duration.ofSeconds(10),
            Duration.ofMillis(50),
            Duration.ofSeconds(1));

    private final SimulatedSwitch service = new SimulatedSwitch();
    private final Machine machine = machine(Map.of());

    @After
    public void stop() {
        service.close();
    }

    @Test
    public void switchesOnAndLooksTwice() {
        with(machine, power -> power.powerOn(WEB1, machine));
        assertEquals("on", service.state());
        assertEquals(
                List.of("GET /outlets/web1", "POST /outlets/web1/on", "GET /outlets/web1", "GET /outlets/web1"),
                service.requests);
        assertEquals(subject() + " is told: on", machine.log.get(0));
        assertTrue(machine.log.toString(), machine.log.get(1).startsWith(subject() + " is on after "));
    }

    @Test
    public void leavesAloneWhatIsAsWanted() {
        with(machine, power -> power.powerOff(WEB1, machine));
        assertEquals(List.of("GET /outlets/web1"), service.requests);
        assertEquals(List.of(subject() + " is off already"), machine.log);
    }

    @Test
    public void switchesOffAndOn() {
        service.set("on");
        with(machine, power -> power.powerCycle(WEB1, machine));
        assertEquals(
                List.of("POST /outlets/web1/off", "POST /outlets/web1/on"),
                service.requests.stream()
                        .filter(each -> each.startsWith("POST"))
                        .toList());
        assertEquals("on", service.state());
    }

    @Test
    public void asksTheSystemToShutDownOnce() {
        Machine own = machine(Map.of(
                "shutDownAddress", service.base() + "/systems/{name}/shutdown", "shutDownBody", "{\"for\": \"{id}\"}"));
        service.lie("POST /systems/web1/shutdown", SimulatedSwitch.saying(202, ""));
        with(own, power -> {
            power.shutDown(WEB1, own);
            assertEquals("it is off", List.of("GET /outlets/web1"), service.requests);
            service.set("on");
            power.shutDown(WEB1, own);
        });
        assertEquals(
                List.of("GET /outlets/web1", "POST /systems/web1/shutdown {\"for\":\"12\"}"),
                service.requests.subList(1, service.requests.size()));
        assertEquals(List.of(subject() + " is off already", subject() + " was told: shut down"), own.log);
    }

    @Test
    public void asksNoSystemWithoutAnAddress() {
        service.set("on");
        with(machine, power -> {
            Problem problem = problem(() -> power.shutDown(WEB1, machine));
            assertEquals(Problem.Kind.REFUSED, problem.kind());
            assertEquals("no shutDownAddress was answered", problem.reason());
        });
        assertEquals(List.of(), service.requests);
    }

    @Test
    public void tellsThePower() {
        with(machine, power -> {
            assertEquals(PowerState.OFF, power.state(WEB1));
            service.set("on");
            assertEquals(PowerState.ON, power.state(WEB1));
            service.set("ON");
            assertEquals(PowerState.UNKNOWN, power.state(WEB1));
        });
    }

    @Test
    public void canWhatItHasAddressesFor() {
        assertEquals(Set.of(PowerAbility.ON, PowerAbility.OFF, PowerAbility.STATE), abilities(Map.of()));
        assertEquals(Set.of(PowerAbility.ON, PowerAbility.OFF), abilities(Map.of("stateAddress", "")));
        assertEquals(
                Set.of(PowerAbility.OFF, PowerAbility.SHUT_DOWN),
                abilities(Map.of("onAddress", "", "stateAddress", "", "shutDownAddress", "https://pdu/{id}/soft")));
        assertEquals(Set.of(PowerAbility.STATE), abilities(Map.of("onAddress", "", "offAddress", "")));
        Machine unknown = new Machine(WebhookPower.ID, null);
        with(unknown, power -> {
            assertFalse(power.controls(WEB1));
            assertEquals(Set.of(), power.abilities(WEB1));
            assertEquals(
                    Problem.Kind.UNAVAILABLE,
                    problem(() -> power.powerOn(WEB1, unknown)).kind());
        });
    }

    @Test
    public void believesWhoTakesAnOrderWhereNobodyTells() {
        Machine blind = machine(Map.of("stateAddress", ""));
        with(blind, power -> power.powerCycle(WEB1, blind));
        assertEquals(List.of("POST /outlets/web1/off", "POST /outlets/web1/on"), service.requests);
        assertEquals(subject() + " was told: off; nobody tells whether it is", blind.log.get(0));
    }

    @Test
    public void cutsNoPowerThatItCannotGiveBack() {
        service.set("on");
        Machine without = machine(Map.of("onAddress", ""));
        with(without, power -> {
            Problem problem = problem(() -> power.powerCycle(WEB1, without));
            assertEquals("no onAddress was answered", problem.reason());
        });
        assertEquals(List.of(), service.requests);
    }

    @Test
    public void fillsAddressesAndBodies() {
        String entity = "{\"entity\": [\"outlet.{mac}\", 1], \"for\": \"{name} \\\"{id}\\\"\"}";
        Machine own = machine(Map.of(
                "onAddress",
                service.base() + "/switch/{mac}/on?machine={id}&x=%20/on",
                "onBody",
                entity,
                "method",
                "PUT"));
        with(own, power -> power.powerOn(WEB1, own));
        assertEquals(
                "PUT /switch/52:54:00:aa:00:01/on?machine=12&x=%20/on"
                        + " {\"entity\":[\"outlet.52:54:00:aa:00:01\",1],\"for\":\"web1 \\\"12\\\"\"}",
                service.requests.get(1));
    }

    @Test
    public void saysWhoAsks() {
        List<String> who = new ArrayList<>();
        service.lie("GET /outlets/web1", exchange -> {
            who.add(header(exchange));
            SimulatedSwitch.saying(200, "{\"state\":\"on\"}").handle(exchange);
        });
        for (Map<String, String> each : List.of(
                Map.<String, String>of(),
                Map.of("token", "", "user", "qrm", "password", "pässword"),
                Map.of("token", ""))) {
            with(machine(each), power -> assertEquals(PowerState.ON, power.state(WEB1)));
        }
        String basic =
                Base64.getEncoder().encodeToString("qrm:pässword".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertEquals(List.of("Bearer " + SimulatedSwitch.TOKEN, "Basic " + basic, "null"), who);
    }

    @Test
    public void repeatsAnOrderThatWasLost() {
        service.lose(2);
        with(machine, power -> power.powerOn(WEB1, machine));
        assertEquals(
                3,
                service.requests.stream()
                        .filter(each -> each.startsWith("POST"))
                        .count());
        assertTrue(machine.log.toString(), machine.log.contains(subject() + " is told again: on"));
    }

    @Test
    public void tellsThatItDoesNotObey() {
        service.lose(1000);
        Machine hurried = machine(Map.of()).within(Duration.ofMillis(2200));
        with(hurried, power -> {
            Problem problem = problem(() -> power.powerOn(WEB1, hurried));
            assertEquals(Problem.Kind.TIMEOUT, problem.kind());
            assertTrue(
                    problem.reason(),
                    problem.reason()
                            .matches("it is not on in time, though it was told \\d+ times; at last its answer has at"
                                    + " /state: off"));
        });
    }

    @Test
    public void speaksPlainHttpWhereThatIsAnswered() {
        try (SimulatedSwitch plain = new SimulatedSwitch(false)) {
            Machine own = new Machine(WebhookPower.ID, plain.answers(Map.of()));
            with(own, power -> power.powerOn(WEB1, own));
            assertEquals("on", plain.state());
        }
    }

    private Set<PowerAbility> abilities(Map<String, String> others) {
        WebhookPowerController power = new WebhookPowerController(machine(others), FAST, null);
        try {
            return power.abilities(WEB1);
        } finally {
            power.stop();
        }
    }

    private Machine machine(Map<String, String> others) {
        return new Machine(WebhookPower.ID, service.answers(others));
    }

    private String subject() {
        return "web1 (power service " + service.host() + ")";
    }

    private static String header(HttpExchange exchange) {
        return String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    }

    static void with(Machine machine, Consumer<WebhookPowerController> attempt) {
        WebhookPowerController power = new WebhookPowerController(machine, FAST, null);
        try {
            attempt.accept(power);
        } finally {
            power.stop();
        }
    }

    static Problem problem(ThrowingRunnable attempt) {
        return assertThrows(QrmException.class, attempt).problem();
    }
}
