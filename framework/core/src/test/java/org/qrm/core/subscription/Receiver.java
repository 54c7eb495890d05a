package org.qrm.core.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A receiver of events that answers what it is told to, and remembers what it has taken. */
final class Receiver implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    record Taken(Headers headers, String body) {

        JsonNode json() {
            try {
                return MAPPER.readTree(body);
            } catch (IOException malformed) {
                throw new UncheckedIOException(malformed);
            }
        }

        String description() {
            return json().path("data").path("description").asText();
        }
    }

    final List<Taken> taken = new CopyOnWriteArrayList<>();
    final List<Taken> refused = new CopyOnWriteArrayList<>();
    volatile int status = 204;
    /** Those that it answers 500 to. */
    volatile Predicate<Taken> refuses = event -> false;

    private final HttpServer server;

    Receiver() throws IOException {
        this(0);
    }

    Receiver(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Taken event = new Taken(
                    exchange.getRequestHeaders(),
                    new String(exchange.getRequestBody().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
            int answer = refuses.test(event) ? 500 : status;
            (answer / 100 == 2 ? taken : refused).add(event);
            exchange.getResponseHeaders().add("Location", url() + "elsewhere");
            exchange.sendResponseHeaders(answer, -1);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url() {
        return "http://127.0.0.1:" + port() + "/";
    }

    String descriptions() {
        return taken.stream().map(Taken::description).collect(Collectors.joining(" "));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
