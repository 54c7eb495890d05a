package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

public class EventsOverHttpTest {

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    @Rule
    public final Timeout timeout = Timeout.seconds(120);

    @Test
    public void listsEventsNewestFirst() {
        services.knownEvents.happen("first");
        services.knownEvents.happen("second");
        Reply reply = server.get("/api/v1/events?atLeast=warning&acknowledged=false");
        assertEquals(
                "second", reply.json().path("items").path(0).path("description").asText());
        assertEquals(
                0,
                server.get("/api/v1/events?atLeast=alarm").json().path("items").size());
        assertEquals(400, server.get("/api/v1/events?atLeast=loud").status());
    }

    @Test
    public void acknowledgesAnEvent() {
        services.knownEvents.happen("first");
        Reply reply = server.post("/api/v1/events/1/actions", "{\"action\":\"acknowledge\"}");
        assertEquals(200, reply.status());
        assertTrue(reply.json().path("acknowledged").asBoolean());
        assertEquals(
                404,
                server.post("/api/v1/events/2/actions", "{\"action\":\"acknowledge\"}")
                        .status());
        assertEquals(
                400,
                server.post("/api/v1/events/1/actions", "{\"action\":\"forget\"}")
                        .status());
    }

    @Test
    public void allEventsOfAnAlertAreAcknowledgedUpToTheLastThatWasSeen() {
        services.knownEvents.happen("first");
        services.knownEvents.happen("second");
        JsonNode alert = server.get("/api/v1/alerts").json().path("items").path(0);
        assertEquals("resource.state", alert.path("type").asText());
        assertEquals(
                List.of("resource/1"), List.of(alert.path("examples").path(0).asText()));
        String path = "/api/v1/alerts/resource.state/actions";
        assertEquals(400, server.post(path, "{\"action\":\"forget\"}").status());
        assertEquals(
                400,
                server.post(path, "{\"action\":\"acknowledge\",\"upTo\":\"x\"}").status());
        Reply one = server.post(path, "{\"action\":\"acknowledge\",\"upTo\":1}");
        assertEquals(1, one.json().path("events").asInt());
        assertEquals("admin: ", services.knownEvents.lastNote);
        Reply rest = server.post(path, "{\"action\":\"acknowledge\",\"note\":\" new switch \"}");
        assertEquals(1, rest.json().path("events").asInt());
        assertEquals("admin: new switch", services.knownEvents.lastNote);
        assertEquals(
                "longer than an event should be",
                400,
                server.post(path, "{\"action\":\"acknowledge\",\"note\":\"" + "x".repeat(201) + "\"}")
                        .status());
        assertEquals(0, server.get("/api/v1/alerts").json().path("items").size());
    }

    @Test
    public void streamsWhatHappensFromNowOn() throws Exception {
        services.knownEvents.happen("before");
        try (BufferedReader stream = stream(null)) {
            assertEquals("retry: 3000", stream.readLine());
            services.knownEvents.happen("now");
            assertEquals("2 now", next(stream));
        }
    }

    @Test
    public void whatHappensIsThereAtOnceByGzipToo() throws Exception {
        HttpResponse<InputStream> response = HttpClient.newHttpClient()
                .send(
                        server.request("/api/v1/events/stream?afterId=0")
                                .header("Authorization", RestServer.ADMIN)
                                .header(RestServer.TAKES_GZIP, "yes")
                                .build(),
                        BodyHandlers.ofInputStream());
        assertEquals("gzip", response.headers().firstValue("content-encoding").orElse(""));
        // its own available() says that there is more until all is over, which readers take for a word
        InputStream unpacked = new FilterInputStream(new GZIPInputStream(response.body())) {
            @Override
            public int available() {
                return 0;
            }
        };
        try (BufferedReader stream = new BufferedReader(new InputStreamReader(unpacked, StandardCharsets.UTF_8))) {
            for (int i = 1; i <= 100; i++) {
                services.knownEvents.happen("e" + i);
                assertEquals(i + " e" + i, next(stream));
            }
        }
    }

    @Test
    public void goesOnWhereAReaderWasCutOff() throws Exception {
        for (int i = 1; i <= 120; i++) {
            services.knownEvents.happen("e" + i);
        }
        try (BufferedReader stream = stream("7")) {
            for (int i = 8; i <= 120; i++) {
                assertEquals(i + " e" + i, next(stream));
            }
            services.knownEvents.happen("live");
            assertEquals("121 live", next(stream));
        }
    }

    @Test
    public void keepsAnEventOnOneLineWhateverItSays() throws Exception {
        services.knownEvents.happen("a\n\nid: 99\ndata: {}");
        try (BufferedReader stream = stream("0")) {
            assertEquals("1 a\n\nid: 99\ndata: {}", next(stream));
        }
    }

    @Test
    public void refusesALastEventIdThatIsNone() throws Exception {
        HttpRequest.Builder request = server.request("/api/v1/events/stream")
                .header("Authorization", RestServer.ADMIN)
                .header("Last-Event-ID", "latest");
        assertEquals(400, server.send(request, "GET", RestServer.NO_BODY).status());
        assertEquals(400, server.get("/api/v1/events/stream?afterId=x").status());
    }

    @Test
    public void forgetsAStreamWhoseReaderIsGone() throws Exception {
        stream(null).close();
        while (server.streams().count() > 0) {
            services.knownEvents.happen("is anybody there?");
            Thread.onSpinWait();
        }
    }

    @Test
    public void aReaderThatDoesNotReadHoldsUpNobody() throws Exception {
        String large = "x".repeat(50_000);
        try (Socket lazy = new Socket("127.0.0.1", server.securePort())) {
            lazy.setReceiveBufferSize(4096);
            lazy.getOutputStream()
                    .write(("GET /api/v1/events/stream?afterId=0 HTTP/1.1\r\nHost: x\r\nAuthorization: "
                                    + RestServer.ADMIN + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            lazy.getInputStream().read();
            try (BufferedReader attentive = stream("0")) {
                for (int i = 1; i <= 400; i++) {
                    services.knownEvents.happen(large);
                    assertEquals(i + " " + large, next(attentive));
                }
            }
        }
    }

    @Test
    public void oneReaderTakesNoStreamsFromOthers() throws Exception {
        for (int i = 0; i < 16; i++) {
            stream(null);
        }
        assertEquals(503, server.get("/api/v1/events/stream").status());
        HttpResponse<InputStream> other = HttpClient.newHttpClient()
                .send(
                        server.request("/api/v1/events/stream")
                                .header("Authorization", RestServer.basic("viewer", "viewer-secret"))
                                .build(),
                        BodyHandlers.ofInputStream());
        assertEquals(200, other.statusCode());
        other.body().close();
    }

    private BufferedReader stream(String lastEventId) throws IOException, InterruptedException {
        HttpRequest.Builder request = server.request("/api/v1/events/stream").header("Authorization", RestServer.ADMIN);
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        HttpResponse<InputStream> response =
                HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofInputStream());
        assertEquals(200, response.statusCode());
        assertEquals(
                "text/event-stream;charset=utf-8",
                response.headers().firstValue("content-type").orElse(""));
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** Id and description of the next event. */
    private static String next(BufferedReader stream) throws IOException {
        String line = stream.readLine();
        while (!line.startsWith("id: ")) {
            line = stream.readLine();
        }
        String data = stream.readLine();
        assertTrue(data, data.startsWith("data: "));
        return line.substring(4) + " "
                + new ObjectMapper()
                        .readTree(data.substring(6))
                        .path("description")
                        .asText();
    }
}
