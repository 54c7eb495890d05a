package org.qrm.plugin.webhookpower.internal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.qrm.plugin.device.TestCertificate;

/** A site's own service that switches one machine, with lies where a test wants some. */
public final class SimulatedSwitch implements AutoCloseable {

    public static final String TOKEN = "t0ken-of-the-switch";

    /** What was asked, with what was sent: {@code POST /outlets/web1/on}. */
    public final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    private final Map<String, Lie> lies = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger toLose = new AtomicInteger();
    private final HttpServer server;
    private final AtomicInteger starts = new AtomicInteger();
    private volatile String state = "off";

    private record Lie(AtomicInteger times, HttpHandler told) {}

    public SimulatedSwitch() {
        this(true);
    }

    SimulatedSwitch(boolean secure) {
        InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try {
            server = secure ? HttpsServer.create(here, 100) : HttpServer.create(here, 100);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        if (server instanceof HttpsServer https) {
            https.setHttpsConfigurator(new HttpsConfigurator(TestCertificate.context()));
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    String base() {
        return (server instanceof HttpsServer ? "https://" : "http://") + host();
    }

    /** What the plug-in is answered about a machine here. */
    public Map<String, String> answers(Map<String, String> others) {
        Map<String, String> answers = new LinkedHashMap<>();
        answers.put("onAddress", base() + "/outlets/{name}/on");
        answers.put("offAddress", base() + "/outlets/{name}/off");
        answers.put("stateAddress", base() + "/outlets/{name}");
        answers.put("method", "POST");
        answers.put("onBody", "");
        answers.put("offBody", "");
        answers.put("token", TOKEN);
        answers.put("user", "");
        answers.put("password", "");
        answers.put("pointer", "/state");
        answers.put("saysOn", "on");
        answers.put("saysOff", "off");
        answers.put("fingerprint", server instanceof HttpsServer ? TestCertificate.fingerprint() : "");
        answers.putAll(others);
        return answers;
    }

    public String state() {
        return state;
    }

    private synchronized void turn(String to) {
        if (to.equals("on") && !state.equals("on")) {
            starts.incrementAndGet();
        }
        state = to;
    }

    /** How often it was switched on that was not on. */
    int starts() {
        return starts.get();
    }

    void set(String now) {
        state = now;
    }

    /** Takes the next orders and does nothing. */
    void lose(int orders) {
        toLose.set(orders);
    }

    void lie(String request, int times, HttpHandler told) {
        lies.put(request, new Lie(new AtomicInteger(times), told));
    }

    void lie(String request, HttpHandler told) {
        lie(request, Integer.MAX_VALUE, told);
    }

    void beHonest() {
        lies.clear();
    }

    static HttpHandler saying(int status, String body) {
        return exchange -> {
            byte[] octets = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, octets.length == 0 ? -1 : octets.length);
            exchange.getResponseBody().write(octets);
        };
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String request =
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().toASCIIString();
            requests.add((request + " " + body).strip());
            Lie lie = lies.get(request);
            if (lie != null && lie.times.getAndDecrement() > 0) {
                lie.told.handle(exchange);
                return;
            }
            honestly(exchange, request);
        }
    }

    private void honestly(HttpExchange exchange, String request) throws IOException {
        String who = exchange.getRequestHeaders().getFirst("Authorization");
        if (!("Bearer " + TOKEN).equals(who)) {
            saying(401, "who is " + who + "?").handle(exchange);
        } else if (request.startsWith("GET ")) {
            saying(200, "{\"state\": \"" + state + "\"}").handle(exchange);
        } else {
            if (toLose.getAndDecrement() <= 0) {
                turn(request.substring(request.lastIndexOf('/') + 1));
            }
            saying(204, "").handle(exchange);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
