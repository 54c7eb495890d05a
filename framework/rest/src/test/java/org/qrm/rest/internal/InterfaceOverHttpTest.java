package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.resource.ResourceState;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

/** What holds for every path: roles, bad requests, the description, figures. */
public class InterfaceOverHttpTest {

    private static final String ENVIRONMENTS = "/api/v1/virtual-environments";

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    @Test
    public void asksForALoginBeforeItSaysAnything() {
        for (String path : new String[] {"/api/v1/resources", "/api/v1/nowhere", "/api/v1/openapi.json", "/metrics"}) {
            Reply reply = server.send(server.request(path), "GET", RestServer.NO_BODY);
            assertEquals(path, 401, reply.status());
            assertTrue(reply.header("www-authenticate").startsWith("Basic"));
        }
    }

    @Test
    public void refusesPlainHttpWithoutAskingForAPassword() {
        for (String path : new String[] {"/api/v1/resources", "/metrics"}) {
            HttpRequest.Builder request = server.plainRequest(path).header("Authorization", RestServer.ADMIN);
            Reply reply = server.send(request, "GET", RestServer.NO_BODY);
            assertEquals(403, reply.status());
            assertEquals("", reply.header("www-authenticate"));
        }
    }

    @Test
    public void aViewerLooksButDoesNotTouch() {
        services.knownResources.add(1, "node-1", ResourceState.IDLE, null);
        assertEquals(
                200, server.send("viewer", "GET", "/api/v1/resources/1", null).status());
        Reply reply = server.send("viewer", "POST", "/api/v1/resources/1/actions", "{\"action\":\"reboot\"}");
        assertEquals(403, reply.status());
        assertTrue(reply.at("reason"), reply.at("reason").contains("operator"));
    }

    @Test
    public void anOperatorActsButDecidesNothing() {
        services.knownResources.add(1, "node-1", ResourceState.IDLE, null);
        String action = "{\"action\":\"reboot\"}";
        assertEquals(
                202,
                server.send("operator", "POST", "/api/v1/resources/1/actions", action)
                        .status());
        String[][] decisions = {
            {"POST", ENVIRONMENTS, "{}"},
            {"DELETE", ENVIRONMENTS + "/web1", null},
            {"POST", "/api/v1/boot-images", "{}"},
            {"PUT", "/api/v1/boot-images/a/files/b", "{}"},
            {"POST", "/api/v1/filesystem-images", "{}"},
            {"POST", "/api/v1/storage-servers", "{}"},
            {"GET", "/api/v1/subscriptions", null},
            {"POST", "/api/v1/plugins/xen/actions", "{}"},
            {"PUT", "/api/v1/plugins/xen/wizard", "{}"},
            {"PATCH", "/api/v1/resources/1", "{\"name\":\"other\"}"},
        };
        for (String[] decision : decisions) {
            assertEquals(
                    decision[0] + " " + decision[1],
                    403,
                    server.send("operator", decision[0], decision[1], decision[2])
                            .status());
        }
    }

    @Test
    public void everyChangeNeedsMoreThanAViewer() {
        JsonNode paths = server.get("/api/v1/openapi.json").json().path("paths");
        paths.properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    boolean viewerMay = List.of("viewer", "none")
                            .contains(operation.getValue().path("x-qrm-role").asText());
                    assertTrue(
                            path.getKey() + " " + operation.getKey(),
                            !viewerMay
                                    || operation.getKey().equals("get")
                                    || path.getKey().matches("/session|/users/\\{name}/password|/tokens.*|/filters.*"));
                }));
    }

    @Test
    public void namesAnUnknownField() {
        Reply reply = server.post(ENVIRONMENTS, "{\"name\":\"a\",\"filesystemImage\":\"b\",\"colour\":1}");
        assertEquals(400, reply.status());
        assertEquals("colour", reply.at("subject"));
        assertTrue(reply.at("remedy"), reply.at("remedy").contains("kernelArguments"));
    }

    @Test
    public void namesAnUnknownFieldWithinAnother() {
        String body = "{\"name\":\"a\",\"filesystemImage\":\"b\",\"requirements\":{\"cores\":1}}";
        assertEquals("requirements.cores", server.post(ENVIRONMENTS, body).at("subject"));
    }

    @Test
    public void takesNoTextForANumberNorTheOtherWayRound() {
        String prefix = "{\"name\":\"a\",\"filesystemImage\":\"b\",";
        for (String wrong : new String[] {
            "\"requirements\":{\"cpus\":\"2\"}}",
            "\"requirements\":{\"cpus\":2.5}}",
            "\"requirements\":{\"cpus\":99999999999}}",
            "\"requirements\":[]}",
            "\"description\":5}",
            "\"description\":{}}",
            "\"kernelArguments\":\"quiet\"}",
            "\"kernelArguments\":[1]}",
            "\"kernelArguments\":[null]}",
            "\"mode\":0}",
            "\"mode\":\"MULTI\"}",
        }) {
            Reply reply = server.post(ENVIRONMENTS, prefix + wrong);
            assertEquals(wrong, 400, reply.status());
            assertFalse(wrong, reply.at("subject").isEmpty());
        }
    }

    @Test
    public void saysWhereMalformedJsonBreaksOff() {
        Reply reply = server.post(ENVIRONMENTS, "{\"name\":\n  oops}");
        assertEquals(400, reply.status());
        assertTrue(reply.at("reason"), reply.at("reason").contains("line 2, column"));
    }

    @Test
    public void refusesWhatIsNotOneJsonObject() {
        for (String body : new String[] {
            "", "null", "[]", "\"x\"", "{} {}", "{\"name\":\"a\",\"name\":\"b\"}", "{'name':'a'}", "\u0000", "{"
        }) {
            assertEquals(body, 400, server.post(ENVIRONMENTS, body).status());
        }
    }

    @Test
    public void refusesDeepNestingAndEndlessTexts() {
        assertEquals(
                400,
                server.post(ENVIRONMENTS, "{\"requirements\":" + "[".repeat(10_000))
                        .status());
        assertEquals(
                400,
                server.post(ENVIRONMENTS, "{\"name\":\"" + "x".repeat(200_000) + "\"}")
                        .status());
        Reply longer = server.post(ENVIRONMENTS, "{\"name\":\"" + "x".repeat(64) + "\",\"filesystemImage\":\"a\"}");
        assertEquals("name", longer.at("subject"));
        assertTrue(longer.at("remedy"), longer.at("remedy").contains("63"));
    }

    @Test
    public void refusesMoreThanOneMebibyteWhetherAnnouncedOrNot() {
        byte[] body = new byte[1024 * 1024 + 1];
        HttpRequest.Builder announced = jsonRequest(ENVIRONMENTS);
        assertEquals(
                413,
                server.send(announced, "POST", BodyPublishers.ofByteArray(body)).status());
        HttpRequest.Builder chunked = jsonRequest(ENVIRONMENTS);
        Reply reply = server.send(chunked, "POST", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
        assertEquals(413, reply.status());
        assertEquals("application/problem+json", reply.header("content-type"));
    }

    @Test
    public void refusesAChunkThatIsNone() throws Exception {
        String answer = raw("Transfer-Encoding: chunked", "oops\r\n\r\n");
        assertTrue(answer, answer.startsWith("HTTP/1.1 400 "));
    }

    @Test
    public void survivesABodyThatBreaksOff() throws Exception {
        raw("Content-Length: 1000", "{\"name\":");
        assertEquals(200, server.get("/api/v1/server").status());
    }

    @Test
    public void refusesABodyThatIsNotJsonByItsOwnAccount() {
        HttpRequest.Builder request = server.request(ENVIRONMENTS)
                .header("Authorization", RestServer.ADMIN)
                .header("Content-Type", "text/plain");
        assertEquals(
                415, server.send(request, "POST", BodyPublishers.ofString("{}")).status());
    }

    @Test
    public void knowsWhichMethodsAPathHas() {
        Reply reply = request("DELETE", "/api/v1/resources");
        assertEquals(405, reply.status());
        assertEquals("GET", reply.header("allow"));
        assertEquals(405, request("OPTIONS", "/api/v1/operations/1").status());
    }

    @Test
    public void answersHeadLikeGetWithoutABody() {
        Reply reply = request("HEAD", "/api/v1/resources");
        assertEquals(200, reply.status());
        assertEquals("", reply.text());
    }

    @Test
    public void refusesPathsThatAreNone() {
        for (String path :
                new String[] {"/api/v1/", "/api/v1/nowhere", "/api/v1/resources/", "/api/v1/resources/1/x"}) {
            assertEquals(path, 404, request("GET", path).status());
        }
        for (String path : new String[] {"/api/v1/resources/%00", "/api/v1/resources/%ff", "/api/v1/resources;x=1"}) {
            assertEquals(path, 400, request("GET", path).status());
        }
    }

    @Test
    public void everyListTakesALimitAndACursor() {
        JsonNode paths = server.get("/api/v1/openapi.json").json().path("paths");
        Set<String> lists = new HashSet<>();
        paths.properties().forEach(path -> {
            JsonNode get = path.getValue().path("get");
            JsonNode schema = get.at("/responses/200/content/application~1json/schema");
            if (schema.path("properties").has("items")) {
                lists.add(path.getKey());
                String parameters = get.path("parameters").toString();
                assertTrue(path.getKey(), parameters.contains("\"limit\"") && parameters.contains("\"after\""));
            }
        });
        assertEquals(37, lists.size());
    }

    @Test
    public void refusesADoubledOrMalformedParameter() {
        assertEquals(400, request("GET", "/api/v1/resources?limit=1&limit=2").status());
        assertEquals(400, request("GET", "/api/v1/resources?text=%ff").status());
        assertEquals(400, request("GET", "/api/v1/resources?limit").status());
        assertEquals(
                400,
                request("GET", "/api/v1/resources?text=" + "x".repeat(1001)).status());
    }

    @Test
    public void answersTheUnexpectedWithoutItsInsides() {
        services.knownResources.add(1, "node-1", ResourceState.IDLE, null);
        Reply reply = server.get("/api/v1/resources?after=not-a-cursor");
        assertEquals(500, reply.status());
        assertFalse(reply.text(), reply.text().contains("NumberFormat"));
        assertTrue(reply.at("remedy"), reply.at("remedy").contains("reference"));
    }

    @Test
    public void describesEveryPathWithUniqueNamesAndReferencesThatLead() {
        JsonNode document = server.get("/api/v1/openapi.json").json();
        assertEquals("3.1.0", document.path("openapi").asText());
        Set<String> ids = new HashSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .forEach(operation -> assertTrue(
                                path.getKey(),
                                ids.add(operation.path("operationId").asText()))));
        document.findValuesAsText("$ref")
                .forEach(reference -> assertFalse(
                        reference, document.at(reference.substring(1)).isMissingNode()));
        assertTrue(ids.size() > 30);
    }

    @Test
    public void isDescribedInTheDocumentationAsItIs() throws IOException {
        Path now = Path.of("target/openapi.json");
        ObjectMapper json = new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
        JsonNode document = server.get("/api/v1/openapi.json").json();
        json.writeValue(now.toFile(), json.convertValue(document, Map.class));
        assertTrue(
                "the interface has changed: copy framework/rest/" + now + " to docs/openapi.json",
                document.equals(json.readTree(Path.of("../../docs/openapi.json").toFile())));
    }

    @Test
    public void showsTheServerAtAGlance() {
        services.knownResources.add(1, "node-1", ResourceState.IDLE, null);
        services.knownOperations.queue("resource.reboot", "resource/1");
        Reply reply = server.get("/api/v1/server");
        assertEquals("0.1.0", reply.at("version"));
        assertEquals("10.77.0.1", reply.at("address"));
        assertEquals(1, reply.json().path("resources").path("idle").asLong());
        assertEquals(1, reply.json().path("operations").path("queued").asLong());
        assertFalse(reply.text(), reply.text().contains("secret"));
    }

    @Test
    public void givesFiguresToPrometheus() {
        services.knownResources.add(1, "node-1", ResourceState.IDLE, null);
        services.knownEvents.happen("x");
        String text = request("GET", "/metrics").text();
        assertTrue(text, text.contains("qrm_resources{state=\"idle\"} 1\n"));
        assertTrue(text, text.contains("qrm_operations{state=\"failed\"} 0\n"));
        assertTrue(text, text.contains("qrm_events_total 1\n"));
        assertTrue(text, text.contains("jvm_memory_used_bytes{area=\"heap\"} "));
        assertFalse(text, text.contains("# EOF"));
    }

    @Test
    public void measuresRequestsByTheirRouteMethodAndKindOfAnswer() {
        services.knownResources.add(1, "node-1", ResourceState.IDLE, null);
        assertEquals(200, server.get("/api/v1/resources/1").status());
        assertEquals(404, server.get("/api/v1/resources/99").status());
        assertEquals(404, request("GET", "/api/v1/nowhere/" + "x".repeat(50)).status());
        String text = request("GET", "/metrics").text();
        String metric = "qrm_api_request_duration_seconds_count";
        for (String labels : new String[] {
            "route=\"/api/v1/resources/{id}\",method=\"GET\",status=\"2xx\"",
            "route=\"/api/v1/resources/{id}\",method=\"GET\",status=\"4xx\"",
            "route=\"other\",method=\"other\",status=\"4xx\""
        }) {
            assertTrue(text, text.contains("\n" + metric + "{" + labels + "} 1\n"));
        }
    }

    @Test
    public void leavesFiguresOutWhilePartsAreMissing() {
        services.loseAll();
        Reply reply = request("GET", "/metrics");
        assertEquals(200, reply.status());
        assertFalse(reply.text(), reply.text().contains("\nqrm_resources"));
        assertNull(reply.json());
    }

    @Test
    public void saysForEveryPathThatItsPartIsMissing() {
        services.loseAll();
        for (String noun : new String[] {
            "resources",
            "virtual-environments",
            "boot-images",
            "filesystem-images",
            "storage-servers",
            "plugins",
            "operations",
            "events",
            "server",
            "events/stream"
        }) {
            assertEquals(noun, 503, server.get("/api/v1/" + noun).status());
        }
    }

    private Reply request(String method, String path) {
        return server.send(server.request(path).header("Authorization", RestServer.ADMIN), method, RestServer.NO_BODY);
    }

    private HttpRequest.Builder jsonRequest(String path) {
        return server.request(path)
                .header("Authorization", RestServer.ADMIN)
                .header("Content-Type", "application/json");
    }

    /** The first line of what comes back, empty if nothing does. */
    private String raw(String header, String body) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.securePort())) {
            String request = "POST " + ENVIRONMENTS + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + RestServer.ADMIN
                    + "\r\nContent-Type: application/json\r\n" + header + "\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            byte[] answer = socket.getInputStream().readAllBytes();
            return new String(answer, StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        }
    }
}
