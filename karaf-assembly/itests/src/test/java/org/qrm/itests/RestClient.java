package org.qrm.itests;

import static org.junit.Assert.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;

/** {@code /api/v1} as its administrator uses it. */
public final class RestClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final HttpClient http;
    private final String base;
    private final String password;

    public RestClient(int port, SSLContext trusting, String password) {
        this.base = "https://127.0.0.1:" + port;
        this.password = password;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(trusting)
                .connectTimeout(Duration.ofSeconds(20))
                .build();
    }

    public JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request("/api/v1" + path).GET());
        assertEquals(path + " answered " + answer.body(), 200, answer.statusCode());
        return JSON.readTree(answer.body());
    }

    /** Any answer: its status, and the body. */
    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(request("/api/v1" + path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    /** What must be accepted. */
    public JsonNode make(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = post(path, body);
        assertEquals(path + " answered " + answer.body(), 2, answer.statusCode() / 100);
        return JSON.readTree(answer.body());
    }

    /** A change; any answer. */
    HttpResponse<String> put(String path, String body) throws IOException, InterruptedException {
        return send(request("/api/v1" + path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body)));
    }

    /** A change that must be accepted. */
    public void replace(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = put(path, body);
        assertEquals(path + " answered " + answer.body(), 2, answer.statusCode() / 100);
    }

    /** Sends a file with its digest; any answer. */
    HttpResponse<String> upload(String path, byte[] content) throws IOException, InterruptedException {
        return send(request("/api/v1" + path + "?sha256=" + sha256(content))
                .header("Content-Type", "application/octet-stream")
                .PUT(BodyPublishers.ofByteArray(content)));
    }

    /** Says something of a thing, which is then as that says; answers it. */
    public JsonNode patch(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request("/api/v1" + path)
                .header("Content-Type", "application/json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(body)));
        assertEquals(answer.body(), 200, answer.statusCode());
        return JSON.readTree(answer.body());
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    HttpResponse<String> delete(String path) throws IOException, InterruptedException {
        return send(request("/api/v1" + path).DELETE());
    }

    /** The status of what somebody else reads, who has that token. */
    int withToken(String token, String path) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/api/v1" + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + token);
        return send(request.GET()).statusCode();
    }

    /** What a machine sends. */
    HttpResponse<String> node(String path, String token, HttpRequest.BodyPublisher body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/node/v1" + path))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "text/plain; charset=utf-8");
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return send(request.POST(body));
    }

    /** Waits until what a path answers is as it must become; the server may be away meanwhile. */
    public JsonNode await(String what, String path, Predicate<JsonNode> condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<JsonNode> answer = tryGet(path);
            if (answer.filter(condition).isPresent()) {
                return answer.get();
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + PATIENCE.toMinutes() + " minutes: " + what + "; it is "
                        + answer.map(JsonNode::toPrettyString).orElse("not answered"));
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    private Optional<JsonNode> tryGet(String path) throws InterruptedException {
        try {
            return Optional.of(get(path));
        } catch (IOException away) {
            return Optional.empty();
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(60))
                .header(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(("admin:" + password).getBytes(StandardCharsets.UTF_8)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
