package org.qrm.plugin.webhookpower.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.qrm.plugin.device.Machine.WEB1;
import static org.qrm.plugin.webhookpower.internal.SimulatedSwitch.saying;
import static org.qrm.plugin.webhookpower.internal.WebhookPowerTest.FAST;
import static org.qrm.plugin.webhookpower.internal.WebhookPowerTest.problem;
import static org.qrm.plugin.webhookpower.internal.WebhookPowerTest.with;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.power.PowerState;
import org.qrm.plugin.device.Machine;
import org.qrm.plugin.device.TestCertificate;

/** What services answer that is not as it should be. */
public class WebhookLiesTest {

    private static final String STATE = "GET /outlets/web1";
    private static final String ON = "POST /outlets/web1/on";

    private final SimulatedSwitch service = new SimulatedSwitch();
    private final SimulatedSwitch elsewhere = new SimulatedSwitch();
    private final Machine machine = machine(Map.of());

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    /** A lie, and how what is told of it begins. */
    private record Told(String request, HttpHandler lie, Problem.Kind kind, String reason) {}

    @After
    public void stop() {
        service.close();
        elsewhere.close();
    }

    @Test
    public void tellsEachLie() {
        List<Told> all = List.of(
                new Told(STATE, saying(401, "no"), Problem.Kind.FAILED, "token, or user and password, are not right"),
                new Told(STATE, saying(403, "no"), Problem.Kind.FAILED, "token, or user and password, are not right"),
                new Told(
                        STATE, saying(404, "<html>\u001b[2J"), Problem.Kind.FAILED, "answers 404 to STATE: <html>?[2J"),
                new Told(STATE, saying(400, "x".repeat(9000)), Problem.Kind.FAILED, "answers 400 to STATE: xxx"),
                new Told(STATE, saying(500, "Traceback"), Problem.Kind.UNREACHABLE, "answers 500 to STATE: Traceback"),
                new Told(STATE, saying(503, ""), Problem.Kind.UNREACHABLE, "the service answers 503 to STATE"),
                new Told(STATE, redirect(302), Problem.Kind.FAILED, "the service answers 302 to STATE"),
                new Told(STATE, redirect(307), Problem.Kind.FAILED, "the service answers 307 to STATE"),
                new Told(ON, redirect(308), Problem.Kind.FAILED, "the service answers 308 to ON"),
                new Told(ON, saying(401, "no"), Problem.Kind.FAILED, "token, or user and password, are not right"),
                new Told(ON, saying(422, "no such outlet"), Problem.Kind.FAILED, "422 to ON: no such outlet"),
                new Told(STATE, WebhookLiesTest::endless, Problem.Kind.FAILED, "the service's answer has more than"),
                new Told(STATE, HttpExchange::close, Problem.Kind.UNREACHABLE, "the connection broke"));
        List<String> wrong = new ArrayList<>();
        for (Told told : all) {
            service.beHonest();
            service.set("off");
            service.lie(told.request(), told.lie());
            with(machine, power -> {
                Problem problem = problem(() -> power.powerOn(WEB1, machine));
                String reason = told.reason().replace("STATE", STATE).replace("ON", ON);
                if (problem.kind() != told.kind()
                        || !problem.reason().contains(reason)
                        || problem.reason().length() > 320
                        || !problem.subject().equals("web1 (power service " + service.host() + ")")
                        || problem.remedy().isEmpty()) {
                    wrong.add(told + " was told as " + problem);
                }
            });
        }
        assertEquals(List.of(), wrong);
        assertEquals("nothing was sent elsewhere", List.of(), elsewhere.requests);
    }

    @Test
    public void tellsWhatCannotBeUnderstood() {
        for (String answer : List.of(
                "",
                "on",
                "{\"state\": ",
                "[]",
                "{\"state\": {\"on\": true}}",
                "{\"state\": null}",
                "{\"state\": \"off, going on\"}",
                "{\"a\":".repeat(5000) + "1" + "}".repeat(5000),
                "{\"state\": \"on\"} {\"state\": \"off\"}")) {
            service.lie(STATE, saying(200, answer));
            with(machine, power -> assertEquals(answer, PowerState.UNKNOWN, power.state(WEB1)));
        }
    }

    @Test
    public void believesNobodyWhoSaysWhatWasOrderedAndNotWhatIs() {
        service.lose(1);
        service.lie(ON, 1, exchange -> {
            service.lie(STATE, 1, saying(200, "{\"state\": \"on\"}"));
            saying(200, "{\"state\": \"on\"}").handle(exchange);
        });
        with(machine, power -> power.powerOn(WEB1, machine));
        assertEquals("on", service.state());
    }

    @Test
    public void tellsSilence() {
        Pace hasty = new Pace(FAST.look(), FAST.repeat(), Duration.ofMillis(1100), FAST.dark(), FAST.reserve());
        for (HttpHandler silence : List.<HttpHandler>of(exchange -> forEver(), WebhookLiesTest::drip)) {
            service.lie(STATE, silence);
            WebhookPowerController power = new WebhookPowerController(machine, hasty, null);
            Problem problem = problem(() -> power.powerOn(WEB1, machine));
            power.stop();
            assertEquals(Problem.Kind.UNREACHABLE, problem.kind());
            assertEquals("the service did not answer within 1 s", problem.reason());
        }
    }

    @Test
    public void bearsWhatPassesAfterTheOrder() {
        service.lie(ON, 1, exchange -> {
            service.set("on");
            service.lie(STATE, 2, saying(502, "bad gateway"));
            exchange.close();
        });
        with(machine, power -> power.powerOn(WEB1, machine));
        assertTrue(machine.log.toString(), machine.log.toString().contains("the service answers 502"));
    }

    @Test
    public void doesNotHoldUpAnotherMachine() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        service.lie(STATE, exchange -> {
            asked.countDown();
            forEver();
        });
        with(machine, power -> {
            Thread stuck = new Thread(() -> {
                try {
                    power.state(WEB1);
                } catch (CancelledException over) {
                    // the test is
                }
            });
            stuck.setDaemon(true);
            stuck.start();
            try (SimulatedSwitch other = new SimulatedSwitch()) {
                asked.await(10, TimeUnit.SECONDS);
                Machine healthy = new Machine(WebhookPower.ID, other.answers(Map.of()));
                with(healthy, fine -> fine.powerOn(WEB1, healthy));
                assertEquals("on", other.state());
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        });
        assertEquals(0, asked.getCount());
    }

    @Test
    public void repeatsNoSecretThatTheServiceRepeats() {
        service.lie(STATE, saying(400, "Bearer " + SimulatedSwitch.TOKEN + " is not good"));
        with(
                machine,
                power -> assertTrue(
                        problem(() -> power.powerOn(WEB1, machine)).reason().endsWith(": Bearer … is not good")));
        Machine own = machine(Map.of("token", "", "user", "qrm", "password", "s3cret"));
        service.lie("POST /outlets/web1/off", saying(200, ""));
        service.lie(
                STATE,
                exchange -> saying(
                                200,
                                "{\"state\":\"s3cret "
                                        + exchange.getRequestHeaders().getFirst("Authorization") + "\"}")
                        .handle(exchange));
        Machine hurried = own.within(Duration.ofMillis(1500));
        with(own, power -> {
            Problem problem = problem(() -> power.powerOff(WEB1, hurried));
            assertTrue(problem.reason(), problem.reason().endsWith("its answer has at /state: … Basic …"));
        });
    }

    @Test
    public void refusesACertificateThatNobodyKnows() {
        String other = "AB:".repeat(31) + "AB";
        Map<String, String> expected = Map.of(
                "",
                "its certificate is not trusted here, and no fingerprint was answered",
                other,
                "its certificate has the fingerprint " + TestCertificate.fingerprint() + ", not " + other);
        expected.forEach((fingerprint, reason) -> {
            Machine own = machine(Map.of("fingerprint", fingerprint));
            with(own, power -> {
                Problem problem = problem(() -> power.powerOn(WEB1, own));
                assertEquals(Problem.Kind.FAILED, problem.kind());
                assertTrue(problem.reason(), problem.reason().startsWith(reason));
                assertTrue(problem.remedy(), problem.remedy().contains(TestCertificate.fingerprint()));
            });
        });
        assertEquals("no token was told", List.of(), service.requests);
    }

    @Test
    public void trustsTheAuthoritiesOfTheSite() throws IOException {
        Path file = Files.writeString(folder.getRoot().toPath().resolve("site.pem"), TestCertificate.pem());
        for (String fingerprint : List.of("", TestCertificate.fingerprint())) {
            Machine own = machine(Map.of("fingerprint", fingerprint));
            WebhookPowerController power = new WebhookPowerController(own, FAST, file);
            assertEquals(PowerState.OFF, power.state(WEB1));
            power.stop();
        }
        Machine other = machine(Map.of(
                "fingerprint", "", "stateAddress", service.base().replace("127.0.0.1", "localhost") + "/outlets/web1"));
        WebhookPowerController power = new WebhookPowerController(other, FAST, file);
        Problem problem = problem(() -> power.powerOn(WEB1, other));
        power.stop();
        assertTrue("for another name", problem.reason().startsWith("its certificate is not trusted here"));
    }

    @Test
    public void tellsAuthoritiesThatCannotBeRead() throws IOException {
        Path none = folder.getRoot().toPath().resolve("none.pem");
        Path empty = Files.createFile(folder.getRoot().toPath().resolve("empty.pem"));
        for (Path file : List.of(none, empty)) {
            Machine own = machine(Map.of("fingerprint", ""));
            WebhookPowerController power = new WebhookPowerController(own, FAST, file);
            Problem problem = problem(() -> power.powerOn(WEB1, own));
            power.stop();
            assertTrue(problem.reason(), problem.reason().contains(file.toString()));
        }
    }

    @Test
    public void tellsWhereNobodyIs() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        Map<String, String> expected = Map.of(
                "http://127.0.0.1:" + port + "/",
                "nobody listens there",
                "http://switch.invalid/",
                "its host name is not known here");
        expected.forEach((address, reason) -> {
            Machine own = machine(Map.of("stateAddress", address, "fingerprint", "", "onAddress", address));
            with(own, power -> {
                Problem problem = problem(() -> power.powerOn(WEB1, own));
                assertEquals(Problem.Kind.UNREACHABLE, problem.kind());
                assertTrue(problem.reason(), problem.reason().startsWith(reason));
            });
        });
        assertFalse(expected.isEmpty());
    }

    private Machine machine(Map<String, String> others) {
        return new Machine(WebhookPower.ID, service.answers(others));
    }

    private HttpHandler redirect(int status) {
        return exchange -> {
            exchange.getResponseHeaders().add("Location", elsewhere.base() + "/outlets/web1");
            exchange.sendResponseHeaders(status, -1);
        };
    }

    private static void forEver() {
        try {
            new CountDownLatch(1).await(30, TimeUnit.SECONDS);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private static void endless(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        byte[] blanks = " ".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
        while (true) {
            exchange.getResponseBody().write(blanks);
        }
    }

    private static void drip(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try {
            while (true) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
                TimeUnit.MILLISECONDS.sleep(50);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }
}
