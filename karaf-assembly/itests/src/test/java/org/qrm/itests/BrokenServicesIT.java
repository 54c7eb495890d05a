package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.Test;
import org.qrm.itests.broken.BrokenServices;

/**
 * A plug-in that breaks in every way at once does nothing before somebody registers it. Then the data centre goes on all the
 * same; so it does when the server starts with it.
 */
public class BrokenServicesIT extends SimulatedSite {

    private static final String NAME = "org.example.broken";
    private static final String PLUGIN = "broken";

    @Test
    public void aPluginThatBreaksHarmsNobodyElse() throws Exception {
        environment("steady");
        TestBundle.deploy(
                SERVER.data().resolve("deploy"),
                NAME,
                BrokenServices.class,
                "org.osgi.framework,org.qrm.api.assignment,org.qrm.api.boot,org.qrm.api.health,org.qrm.api.partition,"
                        + "org.qrm.api.power,org.qrm.api.storage,org.qrm.api.environment,org.qrm.api.image,"
                        + "org.qrm.api.operation,org.qrm.api.resource,org.qrm.api.exec,org.qrm.api.plugin");
        rest.await(
                "that it waits is told",
                "/events?type=plugin.waits",
                list -> list.get("items").toString().contains("qrm plugin register " + PLUGIN));
        assertEquals("nothing of it was asked for", List.of(), faults(rest.get("/events?limit=500")));
        assertFalse(SERVER.get("http", "/readyz").body().contains("Broken"));
        theDataCentreGoesOn();

        register(PLUGIN);
        install(PLUGIN);
        rest.await("each fault is told, with the bundle's name", "/events?limit=500", BrokenServicesIT::tellsAll);
        theDataCentreGoesOn();

        SERVER.run("stop");
        SERVER.start();
        rest.await("it is there again", "/events?limit=1", list -> list.has("items"));
        awaitIdle(MACHINES);
        theDataCentreGoesOn();
        karaf("bundle:uninstall " + NAME);
        rest.await(
                "nothing of it is left to be looked at",
                "/events?limit=500",
                list -> faults(list).stream()
                        .allMatch(event -> event.get("resolved").asBoolean()));
    }

    private static void theDataCentreGoesOn() throws Exception {
        assertEquals(200, SERVER.get("http", "/readyz").statusCode());
        HttpResponse<String> advice =
                rest.post("/virtual-environments/steady/actions", "{\"action\":\"start\",\"dryRun\":true}");
        assertEquals(advice.body(), 200, advice.statusCode());
        long machine =
                rest.get("/resources?limit=1").get("items").get(0).get("id").asLong();
        HttpResponse<String> on = rest.post("/resources/" + machine + "/actions", "{\"action\":\"power-on\"}");
        assertTrue(
                "nobody waits for who does not answer: " + on.body(),
                on.body().contains("no plug-in controls the power"));
        long started = start("steady");
        rest.await("it is started", "/operations/" + started, is("state", "done"));
        stop("steady");
    }

    private static boolean tellsAll(JsonNode list) {
        String told = faults(list).toString();
        return told.contains("name() answered nothing")
                && told.contains("plugin() answered nothing")
                && told.contains("has not come up within");
    }

    private static List<JsonNode> faults(JsonNode list) {
        List<JsonNode> found = new java.util.ArrayList<>();
        list.get("items").forEach(event -> {
            if (event.get("type").asText().equals("plugin.refused")) {
                assertTrue(event.toString(), event.get("description").asText().contains(NAME));
                found.add(event);
            }
        });
        return found;
    }
}
