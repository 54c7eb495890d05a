package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.Sort;
import org.qrm.api.admission.ExpectedMachine;
import org.qrm.api.environment.EnvironmentField;
import org.qrm.api.resource.ResourceField;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.user.Role;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

/** Optimistic locking by entity tags, and the choice of fields. */
public class ChangesOverHttpTest {

    private static final String WEB1 = "/api/v1/virtual-environments/web1";

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    @Before
    public void oneEnvironment() {
        services.knownResources.add(7, "node-7", ResourceState.IDLE, null);
        server.post("/api/v1/virtual-environments", "{\"name\":\"web1\",\"filesystemImage\":\"debian\"}");
    }

    private Reply withTag(String method, String tag, String body) {
        return server.send(
                server.request(WEB1)
                        .header("Authorization", RestServer.ADMIN)
                        .header("Content-Type", "application/json")
                        .header("If-Match", tag),
                method,
                body == null ? RestServer.NO_BODY : BodyPublishers.ofString(body));
    }

    @Test
    public void changesWhatIsStillAsItWasRead() {
        String tag = server.get(WEB1).header("etag");
        Reply changed = withTag("PUT", tag, "{\"filesystemImage\":\"other\"}");
        assertEquals(200, changed.status());
        assertNotEquals(tag, changed.header("etag"));
        assertEquals(changed.header("etag"), server.get(WEB1).header("etag"));
    }

    @Test
    public void refusesToChangeWhatSomebodyElseHasChanged() {
        String tag = server.get(WEB1).header("etag");
        server.put(WEB1, "{\"filesystemImage\":\"other\"}");
        Reply refused = withTag("PUT", tag, "{\"filesystemImage\":\"mine\"}");
        assertEquals(412, refused.status());
        assertEquals("urn:qrm:problem:precondition-failed", refused.at("type"));
        assertEquals("other", server.get(WEB1).at("filesystemImage"));
        assertEquals(412, withTag("DELETE", tag, null).status());
        assertEquals(200, server.get(WEB1).status());
    }

    @Test
    public void takesAnyOfSeveralTagsOrAStar() {
        String tag = server.get(WEB1).header("etag");
        assertEquals(
                200,
                withTag("PUT", "\"old\", " + tag, "{\"filesystemImage\":\"b\"}").status());
        assertEquals(200, withTag("PUT", "*", "{\"filesystemImage\":\"c\"}").status());
        assertEquals(
                412, withTag("PUT", "W/" + tag, "{\"filesystemImage\":\"d\"}").status());
    }

    @Test
    public void letsOneOfManyThrough() {
        String tag = server.get(WEB1).header("etag");
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        IntStream.range(0, 12)
                .forEach(i -> all.add(
                        CompletableFuture.supplyAsync(() -> withTag("PUT", tag, "{\"filesystemImage\":\"x" + i + "\"}")
                                .status())));
        List<Integer> answers = all.stream().map(CompletableFuture::join).toList();
        assertEquals(1, answers.stream().filter(status -> status == 200).count());
        assertEquals(11, answers.stream().filter(status -> status == 412).count());
    }

    /** What to ask for at each path that has a tag: what is there, and a body that changes it. */
    private record Change(String path, String type, String body) {}

    private Map<String, Change> changes() {
        String terminal = server.post("/api/v1/resources/7/terminals", "{\"columns\":80,\"rows\":24}")
                .header("location");
        return Map.ofEntries(
                json("/virtual-environments/{name}", "/virtual-environments/web1", "{\"filesystemImage\":\"other\"}"),
                json("/resources/{id}", "/resources/7", "{\"name\":\"rack1\"}"),
                json("/partitions/{id}", "/partitions/50", "{\"memoryMb\":512}"),
                json(
                        "/storage-servers/{name}",
                        "/storage-servers/store",
                        "{\"address\":\"10.0.0.9\",\"exportRoot\":\"/export\"}"),
                json("/boot-images/{name}", "/boot-images/web", "{\"description\":\"other\"}"),
                json("/filesystem-images/{name}", "/filesystem-images/debian", "{\"description\":\"other\"}"),
                json("/users/{name}", "/users/ann", "{\"role\":\"operator\"}"),
                json("/plugins/{id}/wizard", "/plugins/xen/wizard", "{\"answers\":{\"path\":\"/other\"}}"),
                json("/subscriptions/{name}", "/subscriptions/chat", "{\"target\":\"https://other.example.org/\"}"),
                json("/filters/{filter}", "/filters/mine", "{\"query\":\"state:error\"}"),
                json("/tokens/{id}", "/tokens/1", null),
                json("/expected-machines/{id}", "/expected-machines/7", null),
                json("/terminals/{id}", terminal.substring("/api/v1".length()), null),
                json("/session", "/session", null),
                Map.entry(
                        "/plugin-files/{file}",
                        new Change("/plugin-files/power.jar", "application/octet-stream", "bb")));
    }

    private static Map.Entry<String, Change> json(String template, String path, String body) {
        return Map.entry(template, new Change(path, "application/json", body));
    }

    private void oneOfEach() {
        server.post(
                "/api/v1/storage-servers", "{\"name\":\"store\",\"address\":\"10.0.0.5\",\"exportRoot\":\"/export\"}");
        server.post("/api/v1/boot-images", "{\"name\":\"web\"}");
        server.post(
                "/api/v1/filesystem-images",
                "{\"name\":\"debian\",\"storageServer\":\"store\",\"source\":{\"type\":\"empty\"}}");
        services.knownUsers.add("ann", Role.VIEWER, "1");
        server.post("/api/v1/subscriptions", "{\"name\":\"chat\",\"target\":\"https://chat.example.org/\"}");
        server.post("/api/v1/filters", "{\"name\":\"mine\",\"list\":\"resources\",\"query\":\"state:idle\"}");
        services.knownTokens.create("backup", "admin", Role.VIEWER, Duration.ofDays(1));
        services.knownAdmissions.known.add(new ExpectedMachine(7, null, null, "SN-7", null));
        services.knownPluginFiles.contents.put("power.jar", new byte[] {1});
        services.knownResources.addPartitionOf(50, "guest", 1);
    }

    @Test
    public void whateverHasATagIsChangedOnlyWhileItIsStillSo() {
        oneOfEach();
        Map<String, Change> changes = changes();
        Set<String> asked = new HashSet<>();
        server.get("/api/v1/openapi.json").json().path("paths").properties().forEach(path -> {
            for (String method : List.of("PUT", "PATCH", "DELETE")) {
                JsonNode parameters =
                        path.getValue().path(method.toLowerCase(Locale.ROOT)).path("parameters");
                if (parameters.findValuesAsText("name").contains("If-Match")) {
                    Change change = changes.get(path.getKey());
                    assertNotNull("no change is known of " + path.getKey(), change);
                    if (method.equals("PATCH") && path.getValue().has("put")) {
                        change = new Change(change.path, change.type, "{\"owner\":\"ann\",\"note\":\"mine\"}");
                    }
                    assertHeeded(method, change);
                    asked.add(path.getKey());
                }
            }
        });
        assertEquals(changes.keySet(), asked);
    }

    private void assertHeeded(String method, Change change) {
        String path = "/api/v1" + change.path;
        String what = method + " " + path;
        Reply before = server.get(path);
        assertFalse(what, before.header("etag").isEmpty());
        for (String stale : List.of("\"stale\"", "W/" + before.header("etag"))) {
            Reply refused = send(method, change, stale);
            assertEquals(what, 412, refused.status());
            assertEquals(what, "urn:qrm:problem:precondition-failed", refused.at("type"));
            assertEquals(what, change.path, refused.at("subject"));
            assertEquals(what, before.text(), server.get(path).text());
        }
        assertEquals(what, 400, send(method, change, "stale").status());
        Reply done = send(method, change, "\"stale\", " + before.header("etag"));
        assertEquals(what + " " + done.text(), 2, done.status() / 100);
        if (done.status() == 200) {
            assertNotEquals(what, before.header("etag"), server.get(path).header("etag"));
        }
    }

    private Reply send(String method, Change change, String tag) {
        return server.send(
                server.request("/api/v1" + change.path)
                        .header("Authorization", RestServer.ADMIN)
                        .header("Content-Type", change.type)
                        .header("If-Match", tag),
                method,
                method.equals("DELETE") ? RestServer.NO_BODY : BodyPublishers.ofString(change.body));
    }

    @Test
    public void aFileThatIsNotThereIsNotAsAnybodyHasSeenIt() {
        Change file = new Change("/plugin-files/power.jar", "application/octet-stream", "bb");
        assertEquals(412, send("PUT", file, "*").status());
        assertEquals(404, send("DELETE", file, "*").status());
        assertEquals(Map.of(), services.knownPluginFiles.contents);
    }

    @Test
    public void nobodyWaitsForWhatSomebodyElseSendsSlowly() throws Exception {
        Map<String, String> slow = Map.of(
                "/api/v1/plugin-files/slow.jar", "application/octet-stream",
                "/api/v1/storage-servers/slow", "application/json");
        for (Map.Entry<String, String> each : slow.entrySet()) {
            PipedOutputStream rest = new PipedOutputStream();
            PipedInputStream body = new PipedInputStream(rest);
            rest.write("{".getBytes(StandardCharsets.US_ASCII));
            CompletableFuture<Reply> sending = CompletableFuture.supplyAsync(() -> server.send(
                    server.request(each.getKey())
                            .header("Authorization", RestServer.ADMIN)
                            .header("Content-Type", each.getValue()),
                    "PUT",
                    BodyPublishers.ofInputStream(() -> body)));
            try {
                CompletableFuture<Integer> other = CompletableFuture.supplyAsync(() ->
                        server.delete(each.getKey().replace("slow", "other")).status());
                assertEquals(each.getKey(), 404, (int) other.get(20, TimeUnit.SECONDS));
                assertFalse(each.getKey(), sending.isDone());
            } finally {
                rest.close();
            }
            sending.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    public void refusesTheHeaderWhereItIsNotHeeded() {
        Reply refused = server.send(
                server.request(WEB1 + "/actions")
                        .header("Authorization", RestServer.ADMIN)
                        .header("Content-Type", "application/json")
                        .header("If-Match", "\"x\""),
                "POST",
                BodyPublishers.ofString("{\"action\":\"start\"}"));
        assertEquals(400, refused.status());
        String tag = server.get("/api/v1/resources").header("etag");
        assertTrue("weak, so that it fits no change: " + tag, tag.startsWith("W/"));
    }

    @Test
    public void tellsNoChangeByAHeartbeat() {
        String before = server.get("/api/v1/resources/7").header("etag");
        services.knownResources.heartbeat(7, 3.5);
        Reply after = server.get("/api/v1/resources/7");
        assertEquals(3.5, after.json().path("load").asDouble(), 0);
        assertEquals(before, after.header("etag"));
        server.patch("/api/v1/resources/7", "{\"name\":\"rack1\"}");
        assertNotEquals(before, server.get("/api/v1/resources/7").header("etag"));
    }

    @Test
    public void answersTheFieldsThatWereAskedFor() {
        Reply one = server.get(WEB1 + "?fields=state,name");
        assertEquals(Set.of("name", "state"), Set.copyOf(names(one)));
        assertEquals(server.get(WEB1).header("etag"), one.header("etag"));
        Reply list = server.get("/api/v1/resources?fields=id&limit=1");
        assertTrue(list.json().has("next"));
        assertEquals("{\"id\":7}", list.json().path("items").path(0).toString());
    }

    private static List<String> names(Reply reply) {
        List<String> names = new ArrayList<>();
        reply.json().fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    public void sortsByTheFieldThatIsAskedFor() {
        assertEquals(200, server.get("/api/v1/resources?sort=-memoryMb").status());
        assertEquals(new Sort<>(ResourceField.MEMORY_MB, true), services.knownResources.lastSort);
        server.get("/api/v1/resources");
        assertEquals(Sort.by(ResourceField.ID), services.knownResources.lastSort);
        server.get("/api/v1/virtual-environments?sort=state");
        assertEquals(Sort.by(EnvironmentField.STATE), services.knownEnvironments.lastSort);
        for (String wrong : List.of("", "-", "--name", "memory_mb", "name;drop%20table")) {
            Reply refused = server.get("/api/v1/resources?sort=" + wrong);
            assertEquals(400, refused.status());
            assertTrue(refused.at("remedy").contains("memoryMb"));
        }
    }

    @Test
    public void refusesAFieldThatThereNeverIs() {
        Reply refused = server.get("/api/v1/resources?fields=id,password");
        assertEquals(400, refused.status());
        assertEquals("password", refused.at("subject"));
        assertTrue(refused.at("remedy").contains("memoryMb"));
        assertEquals(400, server.get("/api/v1/resources?fields=").status());
    }
}
