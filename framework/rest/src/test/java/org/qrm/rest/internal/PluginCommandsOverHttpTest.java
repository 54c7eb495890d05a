package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

/** Commands that a plug-in brings; each answer is held against the document, too. */
public class PluginCommandsOverHttpTest {

    private static final String METER = "/api/v1/plugin-commands/meter/";

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    @Before
    public void plugIn() {
        services.knownCommands.there = true;
    }

    @Test
    public void readsWithAQuery() {
        Reply list = server.send("viewer", "GET", METER + "readings?meter=m1&unit=watt", null);
        assertEquals(200, list.status());
        assertEquals(8, list.json().at("/items/1/value").asInt());
        assertEquals(List.of("meter readings {meter=m1, unit=watt} viewer"), services.knownCommands.ran);
    }

    @Test
    public void changesWithABodyAndIsAudited() {
        Reply done = server.post(METER + "reset", "{\"meter\":\"m1\",\"value\":5}");
        assertEquals(6, done.json().path("before").asInt());
        assertEquals(List.of("meter reset {meter=m1, value=5} admin"), services.knownCommands.ran);
        assertEquals(
                "POST /plugin-commands/meter/reset value=5",
                services.knownAudit.entries.get(0).action() + " "
                        + services.knownAudit.entries.get(0).details());
    }

    @Test
    public void worksAsAnOperation() {
        Reply taken = server.post(METER + "calibrate", "{\"meter\":\"m1\"}");
        assertEquals(202, taken.status());
        assertEquals("plugin/meter", taken.at("subject"));
    }

    @Test
    public void isForThoseWhoHaveTheRole() {
        assertEquals(403, server.send("operator", "POST", METER + "reset", "{}").status());
        assertEquals(
                403, server.send("viewer", "POST", METER + "calibrate", "{}").status());
        assertEquals(List.of(), services.knownCommands.ran);
    }

    @Test
    public void refusesAQueryThatItDoesNotTake() {
        assertEquals(400, server.get(METER + "readings").status());
        assertEquals(400, server.get(METER + "readings?meter=m1&colour=red").status());
        assertEquals(400, server.get(METER + "readings?meter=m1&unit=ohm").status());
        for (String body : List.of("[]", "null", "{", "7")) {
            assertEquals(body, 400, server.post(METER + "calibrate", body).status());
        }
        assertEquals(List.of(), services.knownCommands.ran);
    }

    @Test
    public void goesWhenThePluginGoes() {
        services.knownCommands.there = false;
        Reply gone = server.send(
                server.request(METER + "readings?meter=m1").header("Authorization", RestServer.ADMIN),
                "GET",
                RestServer.NO_BODY);
        assertEquals(404, gone.status());
        assertEquals(
                0, server.get("/api/v1/plugin-commands").json().path("items").size());
    }

    @Test
    public void isListedAndDescribed() {
        JsonNode items =
                server.get("/api/v1/plugin-commands?effect=reads").json().path("items");
        assertEquals("meter readings", items.at("/0/command").asText());
        assertEquals("/plugin-commands/meter/readings", items.at("/0/path").asText());
        JsonNode reset = server.get("/api/v1/openapi.json").json().at("/paths/~1plugin-commands~1meter~1reset/post");
        assertEquals("admin", reset.path("x-qrm-role").asText());
        assertEquals(
                "integer",
                reset.at("/requestBody/content/application~1json/schema/properties/value/type")
                        .asText());
    }

    @Test
    public void tellsCommandLinesHowItIsTypedAndOnlyOnce() {
        JsonNode verbs = server.get("/api/v1/plugin-verbs").json();
        assertEquals("meter", verbs.at("/verbs/1/noun").asText());
        assertEquals("--unit", verbs.at("/verbs/1/options/1/name").asText());
        assertEquals("volt", verbs.at("/verbs/1/options/1/words/1").asText());
        String digest = verbs.path("digest").asText();
        JsonNode same = server.get("/api/v1/plugin-verbs?known=" + digest).json();
        assertTrue(same.toString(), same.path("verbs").isNull());
        services.knownCommands.there = false;
        JsonNode none = server.get("/api/v1/plugin-verbs?known=" + digest).json();
        assertEquals(0, none.path("verbs").size());
        assertTrue(none.toString(), none.path("verbs").isArray());
    }
}
