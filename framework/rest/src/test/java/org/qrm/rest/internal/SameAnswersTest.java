package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.user.Role;
import org.qrm.commands.AuditTrail;
import org.qrm.commands.Caller;
import org.qrm.commands.Commands;
import org.qrm.commands.LocalFar;
import org.qrm.commands.Route;
import org.qrm.commands.Router;
import org.qrm.commands.line.Verb;
import org.qrm.rest.internal.fake.FakeLogin;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

/** What is typed at the Karaf console answers the JSON that the interface answers, which is that of {@code bin/qrm}. */
public class SameAnswersTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** For what stands in paths; a query that a verb needs. */
    private static final Map<String, String> EXAMPLES = Map.of(
            "/resources/{id}", "/resources/1",
            "/resources/{id}/load", "/resources/1/load",
            "/resources/{id}/devices", "/resources/1/devices",
            "/resources/{id}/partitions", "/resources/1/partitions",
            "/resources/{id}/capacity", "/resources/1/capacity",
            "/partitions/{id}", "/partitions/1",
            "/plugin-commands/meter/readings", "/plugin-commands/meter/readings?meter=m1");

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    @Test
    public void everyVerbThatReadsAnswersTheSameOnBothSides() throws Exception {
        services.knownResources.add(1, "host", ResourceState.ACTIVE, null);
        services.knownEvents.happen("first");
        services.knownCommands.there = true;
        services.knownOperations.queue("resource.reboot", "resource/1");
        Commands commands = new Commands(services, new FakeLogin());
        LocalFar console = new LocalFar(
                new Router(commands.routes(), commands::routesOfPlugins),
                new AuditTrail(services),
                new Caller("admin", Role.ADMIN, Caller.Means.CONSOLE),
                "qrm:test");
        List<Route> routes = new ArrayList<>(commands.routes());
        routes.addAll(commands.routesOfPlugins());
        List<String> answered = new ArrayList<>();
        for (Route route : routes) {
            for (Verb verb : route.verbs()) {
                if (verb.method().equals("GET")) {
                    String path = path(verb.path());
                    Reply reply = server.get("/api/v1" + path);
                    if (reply.status() == 200) {
                        assertEquals(
                                verb.words(),
                                calm(reply.json()),
                                calm(JSON.readTree(console.get(path).toString())));
                        answered.add(verb.words());
                    }
                }
            }
        }
        assertTrue(answered.toString(), answered.size() >= 20);
    }

    private String path(String template) {
        if (EXAMPLES.containsKey(template)) {
            return EXAMPLES.get(template);
        }
        return template.contains("{") ? first(template) : template;
    }

    /** The first thing of the list that a path begins with. */
    private String first(String template) {
        String list = template.substring(0, template.indexOf('{') - 1);
        Reply reply = server.get("/api/v1" + list);
        JsonNode item = reply.json() == null
                ? JSON.createObjectNode()
                : reply.json().path("items").path(0);
        String key =
                item.has("id") ? item.path("id").asText() : item.path("name").asText("none");
        return template.replaceFirst("\\{[a-z]+}", key).replaceAll("\\{[a-z]+}", "none");
    }

    /** Without the time at which it was asked. */
    private static JsonNode calm(JsonNode answer) {
        return answer.has("time") ? ((ObjectNode) answer.deepCopy()).without("time") : answer;
    }
}
