package org.qrm.plugin.redfish.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.qrm.plugin.device.Machine.WEB1;
import static org.qrm.plugin.redfish.internal.RedfishPowerTest.FAST;
import static org.qrm.plugin.redfish.internal.RedfishPowerTest.forEver;
import static org.qrm.plugin.redfish.internal.RedfishPowerTest.problem;
import static org.qrm.plugin.redfish.internal.RedfishPowerTest.with;
import static org.qrm.plugin.redfish.internal.RedfishSimulator.saying;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.power.PowerState;
import org.qrm.plugin.device.Machine;
import org.qrm.plugin.device.TestCertificate;

/** What services answer that is not as it should be. */
public class RedfishLiesTest {

    private static final String ROOT = "/redfish/v1/";
    private static final String SYSTEMS = "/redfish/v1/Systems";
    private static final String SYSTEM = "/redfish/v1/Systems/1";
    private static final String RESET = SYSTEM + "/Actions/ComputerSystem.Reset";
    private static final String JSON = "application/json";

    private final RedfishSimulator service = new RedfishSimulator();
    private final RedfishSimulator elsewhere = new RedfishSimulator();
    private final SimulatedSystem system = service.add(new SimulatedSystem("1"));
    private final Machine machine = new Machine("redfish", service.answers(Map.of()));
    private final RedfishPower power = new RedfishPower(machine, FAST);
    private final RedfishPower hasty =
            new RedfishPower(machine, new Pace(FAST.look(), FAST.repeat(), Duration.ofMillis(1500), FAST.reserve()));

    /** A lie, and how what is told of it begins. */
    private record Told(String request, HttpHandler lie, Problem.Kind kind, String reason) {}

    @After
    public void stop() {
        power.stop();
        hasty.stop();
        service.close();
        elsewhere.close();
    }

    @Test
    public void tellsEachLie() {
        String there = "https://" + elsewhere.address();
        String deep = "{\"a\":".repeat(5000) + "1" + "}".repeat(5000);
        String wide = "{\"a\":[" + "[],".repeat(200_000) + "[]]}";
        List<Told> all = List.of(
                broken("GET " + ROOT, saying(200, "text/html", "<html>Welcome</html>"), "no JSON object (text/html)"),
                broken("GET " + ROOT, saying(200, JSON, ""), "no JSON object"),
                broken("GET " + ROOT, saying(200, JSON, "[1,2]"), "no JSON object"),
                broken("GET " + ROOT, saying(200, JSON, "{\"Systems\": {\"@odata.id\": \"/redf"), "no JSON object"),
                broken("GET " + ROOT, saying(200, JSON, deep), "no JSON object"),
                broken("GET " + ROOT, saying(200, JSON, wide), "no JSON object"),
                broken("GET " + ROOT, saying(200, JSON, "{\"Systems\": 7}"), "says nothing of systems"),
                broken("GET " + ROOT, link("Systems", there + "/redfish/v1/Systems"), "refers to another place"),
                broken("GET " + ROOT, link("Systems", "//" + elsewhere.address() + "/x"), "refers to another place"),
                broken("GET " + ROOT, link("Systems", "http://" + service.address() + "/x"), "refers to another place"),
                broken("GET " + ROOT, link("Systems", "https://u:p@" + service.address() + "/x"), "to another place"),
                broken("GET " + ROOT, link("Systems", "file:///etc/passwd"), "refers to another place"),
                broken("GET " + ROOT, link("Systems", "a b\\u0000"), "refers to another place"),
                broken("GET " + SYSTEMS, saying(200, JSON, "{\"Members\": \"none\"}"), "has no system"),
                broken("GET " + SYSTEMS, saying(200, JSON, "{\"Members\": [1, null, {}, []]}"), "has no system"),
                broken("GET " + SYSTEMS, members(there + SYSTEM), "refers to another place"),
                broken("GET " + SYSTEM, saying(200, JSON, "{\"PowerState\": \"Off\"}"), "how the machine is switched"),
                broken("GET " + SYSTEM, target(there + RESET), "refers to another place"),
                broken("GET " + SYSTEM, redirect(302, there + SYSTEM), "refers to another place"),
                broken("GET " + SYSTEM, redirect(301, SYSTEM), "leads nowhere"),
                broken("GET " + SYSTEM, redirect(307, ""), "leads nowhere"),
                broken("GET " + SYSTEM, RedfishLiesTest::endless, "has more than 1 MiB"),
                broken("GET " + SYSTEM, saying(404, "text/html", "<html>Not\nfound</html>"), "the service answers 404"),
                broken("POST " + RESET, redirect(302, SYSTEM), "leads nowhere"),
                broken("POST " + RESET, redirect(307, there + RESET), "refers to another place"),
                broken("POST " + RESET, saying(400, JSON, RedfishSimulator.error("No.")), "RESET: No."),
                passing("GET " + SYSTEM, saying(500, "text/html", "<html>Oops</html>"), "the service answers 500"),
                passing("GET " + SYSTEM, HttpExchange::close, "the connection broke"));
        List<String> wrong = new ArrayList<>();
        for (Told told : all) {
            service.beHonest();
            service.lie(told.request(), told.lie());
            Problem problem = problem(() -> power.powerOn(WEB1, machine));
            String reason = told.reason().replace("RESET", "POST " + RESET);
            if (problem.kind() != told.kind()
                    || !problem.reason().contains(reason)
                    || !problem.subject().equals("web1 (Redfish service " + service.address() + ")")
                    || problem.remedy().isEmpty()) {
                wrong.add(told + " was told as " + problem);
            }
        }
        assertEquals(List.of(), wrong);
        assertEquals("nothing was sent elsewhere", List.of(), elsewhere.requests);
        assertEquals(List.of(), system.orders);
    }

    @Test
    public void tellsSilence() {
        for (HttpHandler silence : List.<HttpHandler>of(exchange -> forEver(), RedfishLiesTest::drip)) {
            service.lie("GET " + SYSTEM, silence);
            Problem problem = problem(() -> hasty.powerOn(WEB1, machine));
            assertEquals(Problem.Kind.UNREACHABLE, problem.kind());
            assertEquals("the service did not answer within 1 s", problem.reason());
        }
    }

    @Test
    public void tellsTheFirstWordsOfTheService() {
        service.lie("GET " + SYSTEM, saying(400, JSON, RedfishSimulator.error("Clear\u001b[2Jed", "x".repeat(10_000))));
        Problem problem = problem(() -> power.powerOn(WEB1, machine));
        assertTrue(
                problem.reason(),
                problem.reason().startsWith("the service answers 400 to GET " + SYSTEM + ": Clear?[2Jed x"));
        assertTrue(problem.reason(), problem.reason().length() < 300);
    }

    @Test
    public void followsARedirectAtTheService() {
        service.lie("GET " + ROOT, redirect(308, "/redfish/v1"));
        service.lie("GET " + SYSTEMS, redirect(302, "https://" + service.address() + SYSTEMS + "/"));
        assertEquals(PowerState.OFF, power.state(WEB1));
    }

    @Test
    public void asksABusyServiceAgainWhenItWantsToBe() {
        HttpHandler busy = exchange -> {
            exchange.getResponseHeaders().add("Retry-After", "1");
            exchange.sendResponseHeaders(503, -1);
        };
        service.lie("GET " + SYSTEM, 1, busy);
        service.lie("PATCH " + SYSTEM, 1, busy);
        service.lie("POST " + RESET, 1, busy);
        power.powerOn(WEB1, machine);
        assertEquals(List.of("On"), system.orders);
        assertEquals("Pxe Once", system.boot());
    }

    @Test
    public void doesNotWaitForEver() {
        service.lie("GET " + SYSTEM, exchange -> {
            exchange.getResponseHeaders().add("Retry-After", "999999");
            exchange.sendResponseHeaders(503, -1);
        });
        Problem problem = problem(() -> power.state(WEB1));
        assertEquals(Problem.Kind.UNREACHABLE, problem.kind());
        assertTrue(problem.reason(), problem.reason().startsWith("the service answers 503"));
    }

    @Test
    public void bearsSilenceAfterTheOrder() {
        service.lie("POST " + RESET, 1, exchange -> {
            system.reset("On");
            service.lie("GET " + SYSTEM, 1, silent -> forEver());
            forEver();
        });
        hasty.powerOn(WEB1, machine);
        assertTrue(system.isOn());
    }

    @Test
    public void bearsAConnectionThatBreaks() {
        service.lie("GET " + SYSTEM, 1, HttpExchange::close);
        service.lie("PATCH " + SYSTEM, 1, HttpExchange::close);
        power.powerOn(WEB1, machine);
        assertEquals("Pxe Once", system.boot());
    }

    @Test
    public void givesAnOrderAgainThatWasRefusedInThatMoment() {
        service.lie("POST " + RESET, 1, saying(409, JSON, RedfishSimulator.error("The resource is in transition.")));
        power.powerOn(WEB1, machine);
        assertEquals(List.of("On"), system.orders);
        assertTrue(machine.log.toString(), machine.log.toString().contains("The resource is in transition."));
    }

    @Test
    public void readsAnswersInPieces() {
        service.lie("GET " + SYSTEM, exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                for (byte octet : system.json().toString().getBytes(StandardCharsets.UTF_8)) {
                    out.write(octet);
                    out.flush();
                }
            }
        });
        assertEquals(PowerState.OFF, power.state(WEB1));
    }

    @Test
    public void tellsThatNobodyListens() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        assertEquals(Problem.Kind.UNREACHABLE, at("127.0.0.1:" + port).kind());
    }

    @Test
    public void tellsThatTheHostIsNotKnown() {
        Problem problem = at("bmc.invalid");
        assertEquals(Problem.Kind.UNREACHABLE, problem.kind());
        assertEquals("its host name is not known here", problem.reason());
    }

    @Test
    public void tellsThatHeadersDoNotEnd() throws IOException {
        try (ServerSocket endless = TestCertificate.context()
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture.runAsync(() -> {
                try (var connection = endless.accept()) {
                    OutputStream out = connection.getOutputStream();
                    out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
                    byte[] header = ("X-" + "x".repeat(8_000) + ": y\r\n").getBytes(StandardCharsets.US_ASCII);
                    while (true) {
                        out.write(header);
                    }
                } catch (IOException closed) {
                    // the test is over
                }
            });
            Problem problem = at("127.0.0.1:" + endless.getLocalPort());
            assertEquals(problem.toString(), Problem.Kind.UNREACHABLE, problem.kind());
        }
    }

    @Test
    public void tellsThatTheServiceSpeaksNoTls() throws IOException {
        try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture.runAsync(() -> {
                try {
                    while (true) {
                        try (var connection = plain.accept()) {
                            connection
                                    .getOutputStream()
                                    .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                        }
                    }
                } catch (IOException closed) {
                    // the test is over
                }
            });
            Problem problem = at("127.0.0.1:" + plain.getLocalPort());
            assertEquals(Problem.Kind.UNREACHABLE, problem.kind());
        }
    }

    @Test
    public void asksABoundedNumberAtATime() throws InterruptedException {
        // as slow as this machine may be
        Duration patience = Duration.ofSeconds(100);
        RedfishPower patient = new RedfishPower(
                machine, FAST, new Pace(FAST.look(), FAST.repeat(), patience, FAST.reserve()), patience);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch full = new CountDownLatch(32);
        service.lie("GET " + SYSTEM, exchange -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            full.countDown();
            try {
                full.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
            now.decrementAndGet();
            saying(200, JSON, system.json().toString()).handle(exchange);
        });
        List<Thread> callers = new ArrayList<>();
        AtomicInteger told = new AtomicInteger();
        for (int i = 0; i < 60; i++) {
            Thread caller = new Thread(() -> {
                if (patient.state(WEB1) == PowerState.OFF) {
                    told.incrementAndGet();
                }
            });
            callers.add(caller);
            caller.start();
        }
        for (Thread caller : callers) {
            caller.join(patience.toMillis());
        }
        patient.stop();
        assertEquals(60, told.get());
        assertEquals(32, most.get());
    }

    private Problem at(String address) {
        Machine there = new Machine("redfish", service.answers(Map.of("address", address)));
        Problem[] problem = new Problem[1];
        with(there, controller -> problem[0] = problem(() -> controller.powerOn(WEB1, there)));
        assertFalse(problem[0].remedy().isEmpty());
        return problem[0];
    }

    private static Told broken(String request, HttpHandler lie, String reason) {
        return new Told(request, lie, Problem.Kind.FAILED, reason);
    }

    private static Told passing(String request, HttpHandler lie, String reason) {
        return new Told(request, lie, Problem.Kind.UNREACHABLE, reason);
    }

    private static HttpHandler link(String name, String to) {
        return saying(200, JSON, "{\"" + name + "\": {\"@odata.id\": \"" + to + "\"}}");
    }

    private static HttpHandler members(String to) {
        return saying(200, JSON, "{\"Members\": [{\"@odata.id\": \"" + to + "\"}]}");
    }

    private static HttpHandler target(String to) {
        return saying(
                200,
                JSON,
                "{\"PowerState\": \"Off\", \"Actions\": {\"#ComputerSystem.Reset\": {\"target\": \"" + to + "\"}}}");
    }

    private static HttpHandler redirect(int status, String to) {
        return exchange -> {
            exchange.getResponseHeaders().add("Location", to);
            exchange.sendResponseHeaders(status, -1);
        };
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
