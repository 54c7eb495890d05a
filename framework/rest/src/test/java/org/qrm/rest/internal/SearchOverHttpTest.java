package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.resource.ResourceField;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.search.FoundKind;
import org.qrm.api.user.Role;
import org.qrm.commands.Commands;
import org.qrm.commands.Route;
import org.qrm.commands.Words;
import org.qrm.commands.line.Far;
import org.qrm.rest.internal.fake.FakeLogin;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

/** The one search, and queries in lists. */
public class SearchOverHttpTest {

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    @Before
    public void addMachines() {
        services.knownResources.add(1, "node-1", ResourceState.ERROR, null);
        services.knownOperations.queue("resource.reboot", "resource/1");
    }

    private Reply search(String query) {
        return server.send("viewer", "GET", "/api/v1/search?query=" + Far.encoded(query), null);
    }

    private static List<String> kinds(Reply reply) {
        return StreamSupport.stream(reply.json().path("items").spliterator(), false)
                .map(item -> item.path("kind").asText() + " " + item.path("id").asText())
                .toList();
    }

    @Test
    public void aTextIsLookedForEverywhere() {
        services.knownSearch.more = 1000;
        Reply reply = search("  10.0.0.5 ");
        assertEquals(200, reply.status());
        assertEquals("10.0.0.5", services.knownSearch.lastText);
        assertEquals(10, services.knownSearch.lastMost);
        assertEquals(List.of("storage-server nas"), kinds(reply));
        assertEquals("address", reply.json().at("/items/0/field").asText());
        assertEquals(1000, reply.json().at("/kinds/0/more").asInt());
        assertEquals("And more: 1000 or more of storage-server.", reply.at("rest"));
        assertEquals("", search("nothing").at("rest"));
        assertEquals("false", search("nothing").at("found"));
    }

    @Test
    public void fieldsNarrowTheListsThatKnowThem() {
        services.knownSearch.lastText = null;
        assertEquals(List.of("resource 1"), kinds(search("state:error memory>=1G node")));
        assertNull(services.knownSearch.lastText);
        Map<ResourceField, Object> wanted = services.knownResources.lastFilter.wanted();
        assertEquals(
                Map.of(
                        ResourceField.STATE,
                        ResourceState.ERROR,
                        ResourceField.MEMORY_MB,
                        1024L,
                        ResourceField.TEXT,
                        "node"),
                wanted);
        assertEquals(List.of("operation 1"), kinds(search("state:queued")));
    }

    @Test
    public void whatNoListUnderstandsIsRefusedWithItsPlaceAndAllFields() {
        Reply unknown = search("state:error frob:1");
        assertEquals(400, unknown.status());
        assertEquals("frob:1", unknown.at("subject"));
        assertTrue(unknown.text(), unknown.at("reason").startsWith("at character 13, there is no field frob"));
        for (String field : List.of("memory", "heal", "storage-server", "at-least", "subject")) {
            assertTrue(unknown.text(), unknown.at("remedy").contains(field));
        }
        assertTrue(search("state:frob").at("reason").contains("it is none of new, idle"));
        assertTrue(search("heal:none tag:gpu").at("reason").contains("nothing has all of these fields"));
        assertEquals(400, search("state:error \"").status());
        assertEquals(400, server.get("/api/v1/search").status());
        assertEquals(
                400, server.get("/api/v1/search?query=state:error&limit=101").status());
        assertEquals(
                401,
                server.send(server.request("/api/v1/search?query=x"), "GET", RestServer.NO_BODY)
                        .status());
    }

    @Test
    public void aListTakesAQueryBesideItsParameters() {
        assertEquals(
                200,
                server.get("/api/v1/resources?kind=node&query=" + Far.encoded("state:error cpus>=4 web"))
                        .status());
        assertEquals("{STATE=ERROR, KIND=NODE, CPUS=4, TEXT=web}", services.knownResources.lastFilter.toString());
        Reply twice = server.get("/api/v1/resources?state=idle&query=state:error");
        assertEquals(400, twice.status());
        assertTrue(twice.text(), twice.at("reason").startsWith("at character 1, state is there already"));
        Reply none = server.get("/api/v1/plugins?query=frob:x");
        assertTrue(none.text(), none.at("remedy").startsWith("Fields are: "));
    }

    /** What is found may be listed by everybody who may search. */
    @Test
    public void eachKindIsOfAListThatAViewerMaySee() {
        Set<String> lists = new Commands(services, new FakeLogin())
                .routes().stream()
                        .filter(route -> route.method().equals("GET") && route.role() == Role.VIEWER)
                        .map(Route::path)
                        .collect(Collectors.toSet());
        Arrays.stream(FoundKind.values())
                .forEach(kind -> assertTrue(kind + " in " + lists, lists.contains("/" + Words.of(kind) + "s")));
    }
}
