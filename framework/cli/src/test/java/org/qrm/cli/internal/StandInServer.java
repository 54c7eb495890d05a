package org.qrm.cli.internal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** Answers requests with what a test said beforehand, and remembers them. */
final class StandInServer implements AutoCloseable {

    private record Answer(int status, String body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Deque<Answer>> answers = new HashMap<>();
    private final List<String> requests = new ArrayList<>();
    private String elsewhere;

    StandInServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1", this::answer);
        // a terminal's output is held while its keys come
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Answers in this order; the last one again and again. */
    StandInServer on(String request, int status, String body) {
        answers.computeIfAbsent(request, key -> new ArrayDeque<>()).add(new Answer(status, body.replace('\'', '"')));
        return this;
    }

    /** Each answer names this place below {@code /api/v1}, for who follows it. */
    StandInServer pointingTo(String path) {
        elsewhere = path;
        return this;
    }

    /** {@code POST /operations/7/actions {"action":"cancel"}} */
    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString().substring("/api/v1".length());
        String key = exchange.getRequestMethod() + " " + path;
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Answer answer;
        synchronized (this) {
            requests.add(body.isEmpty() ? key : key + " " + body);
            Deque<Answer> left = answers.getOrDefault(key, new ArrayDeque<>());
            answer = left.size() > 1 ? left.poll() : left.peek();
        }
        if (!authorized(exchange)) {
            answer = new Answer(401, "{\"detail\":\"Cannot log in: wrong user or password.\"}");
        }
        if (answer == null) {
            answer = new Answer(404, "{\"detail\":\"Cannot find it: there is no such path " + path + ".\"}");
        }
        if (answer.body.contains("\"data\":\"\",")) {
            // what has nothing to say yet is held
            LockSupport.parkNanos(50_000_000);
        }
        if (elsewhere != null) {
            exchange.getResponseHeaders().set("Location", "/api/v1" + elsewhere);
        }
        byte[] bytes = answer.body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static boolean authorized(HttpExchange exchange) {
        String expected =
                "Basic " + Base64.getEncoder().encodeToString("admin:secret".getBytes(StandardCharsets.UTF_8));
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        return expected.equals(given) || "Bearer qrm_x".equals(given);
    }
}
