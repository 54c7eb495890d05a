package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.qrm.commands.line.Failure;
import org.qrm.commands.line.Far;
import org.qrm.commands.line.Happenings;

/**
 * The REST interface: requests, and answers as JSON trees; problems become {@link Failure}s. What only reads goes through the JDK's
 * older client, which costs a process that lives for a second half of what the newer one does. What changes something does not: the
 * older client knows no PATCH, and sends a POST again where a connection breaks. Neither does a stream: the older client cannot hang
 * up while it waits.
 */
final class Rest implements Far {

    static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration TIME_TO_CONNECT = Duration.ofSeconds(10);
    private static final Duration TIME_TO_ANSWER = Duration.ofSeconds(60);
    private static final Duration TIME_TO_UPLOAD = Duration.ofMinutes(30);

    private final Account account;
    /** Null where the JDK's own does. */
    private final SSLContext trust;

    private HttpClient client;

    /** @param body without any: empty */
    private record Answer(int status, byte[] body) {}

    private interface Exchange {
        Answer answer() throws IOException, InterruptedException;
    }

    Rest(Account account) {
        this.account = account;
        this.trust = account.caCertificate() != null && account.url().startsWith("https:")
                ? trusting(account.caCertificate())
                : null;
    }

    Account account() {
        return account;
    }

    @Override
    public JsonNode send(String method, String path, JsonNode body) {
        if (method.equals("GET")) {
            return answer(() -> read(path));
        }
        HttpRequest.Builder request = request(path);
        return send(
                body == null
                        ? request.method(method, BodyPublishers.noBody())
                        : request.method(method, json(body)).header("Content-Type", "application/json"));
    }

    @Override
    public JsonNode upload(String path, Path file) {
        try {
            return send(request(path)
                    .PUT(BodyPublishers.ofFile(file))
                    .header("Content-Type", "application/octet-stream")
                    .timeout(TIME_TO_UPLOAD));
        } catch (FileNotFoundException e) {
            throw Failure.usage("Cannot read " + file + ": " + e.getMessage());
        }
    }

    @Override
    public Happenings happenings(Consumer<String> tell) {
        return new EventStream(this::stream, tell);
    }

    /** The stream of events; closing it hangs up. */
    private InputStream stream() throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = client().send(
                        request("/events/stream")
                                .setHeader("Accept", "text/event-stream")
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        if (answer.statusCode() != 200) {
            answer.body().close();
            throw new IOException("it answers HTTP status " + answer.statusCode());
        }
        return answer.body();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address(path))
                .timeout(TIME_TO_ANSWER)
                .header("Accept", "application/json")
                .header("Authorization", authorization());
    }

    private Answer read(String path) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) address(path).toURL().openConnection();
        if (trust != null) {
            ((HttpsURLConnection) connection).setSSLSocketFactory(trust.getSocketFactory());
        }
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout((int) TIME_TO_CONNECT.toMillis());
        connection.setReadTimeout((int) TIME_TO_ANSWER.toMillis());
        connection.setRequestProperty("Accept", "application/json");
        connection.setRequestProperty("Authorization", authorization());
        int status = connection.getResponseCode();
        try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return new Answer(status, body == null ? new byte[0] : body.readAllBytes());
        }
    }

    private URI address(String path) {
        return URI.create(account.url() + "/api/v1" + path);
    }

    private synchronized HttpClient client() {
        if (client == null) {
            HttpClient.Builder builder =
                    HttpClient.newBuilder().connectTimeout(TIME_TO_CONNECT).version(HttpClient.Version.HTTP_1_1);
            if (trust != null) {
                builder.sslContext(trust);
            }
            client = builder.build();
        }
        return client;
    }

    private String authorization() {
        if (account.token() != null) {
            return "Bearer " + account.token();
        }
        byte[] credentials = (account.user() + ":" + account.password()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(credentials);
    }

    private static BodyPublisher json(JsonNode body) {
        return BodyPublishers.ofString(body.toString());
    }

    private JsonNode send(HttpRequest.Builder request) {
        return answer(() -> {
            HttpResponse<byte[]> answer = client().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(answer.statusCode(), answer.body());
        });
    }

    private JsonNode answer(Exchange exchange) {
        Answer answer;
        try {
            answer = exchange.answer();
        } catch (SSLHandshakeException e) {
            throw unreachable(
                    "its certificate is not accepted (" + e.getMessage() + ")",
                    "Name the authority to trust in QRM_CACERT: tls/ca.pem of the server's data directory, also"
                            + " http://SERVER:8080/boot/ca.pem.");
        } catch (SSLException e) {
            throw unreachable("it speaks no TLS (" + e.getMessage() + ")", "Is QRM_URL that of its HTTPS port?");
        } catch (UnknownHostException e) {
            throw unreachable("there is no host of this name", "Is QRM_URL right?");
        } catch (IOException e) {
            String reason = e.getMessage() == null ? "no connection" : e.getMessage();
            throw unreachable(reason, "Is it running (qrm-server status), and is QRM_URL right?");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable("interrupted", "");
        }
        if (answer.status() >= 300) {
            throw problem(answer);
        }
        return answer.body().length == 0 ? MissingNode.getInstance() : parsed(answer.body());
    }

    private JsonNode parsed(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw unreachable("it answers something else than JSON", "Is QRM_URL the address of a QRM server?");
        }
    }

    private Failure problem(Answer answer) {
        int status = Failure.ofHttp(answer.status());
        String sentence = detail(answer.body());
        if (sentence.isEmpty()) {
            // while it starts, its web server answers before its interface is there; so does a proxy
            return unreachable(
                    "it answers HTTP status " + answer.status() + " and no word of QRM's",
                    "It may be starting (qrm-server status); else look whether QRM_URL is right.");
        }
        if (answer.status() == 401) {
            sentence += account.token() == null
                    ? " (User " + account.user() + " at " + account.url() + ".)"
                    : " (Token of QRM_TOKEN at " + account.url() + ".)";
        }
        return new Failure(status, sentence, errors(answer.body()));
    }

    private static Map<String, String> errors(byte[] body) {
        Map<String, String> errors = new LinkedHashMap<>();
        try {
            JSON.readTree(body)
                    .path("errors")
                    .properties()
                    .forEach(
                            error -> errors.put(error.getKey(), error.getValue().asText()));
        } catch (IOException e) {
            return Map.of();
        }
        return errors;
    }

    private static String detail(byte[] body) {
        try {
            StringBuilder text =
                    new StringBuilder(JSON.readTree(body).path("detail").asText(""));
            errors(body)
                    .forEach((field, why) ->
                            text.append("\n  ").append(field).append(": ").append(why));
            return text.toString();
        } catch (IOException e) {
            return "";
        }
    }

    private Failure unreachable(String reason, String remedy) {
        return new Failure(
                Failure.UNREACHABLE, "Cannot reach the server at " + account.url() + ": " + reason + ". " + remedy);
    }

    private static SSLContext trusting(Path pem) {
        try (InputStream file = Files.newInputStream(pem)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(file)) {
                trusted.setCertificateEntry("authority-" + number++, certificate);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw Failure.usage("Cannot read the certificate in " + pem + ": " + e.getMessage());
        }
    }
}
