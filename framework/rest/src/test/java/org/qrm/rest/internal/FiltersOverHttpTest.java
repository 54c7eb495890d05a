package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.Filter;
import org.qrm.api.ListGroup;
import org.qrm.api.operation.OperationField;
import org.qrm.api.resource.ResourceField;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.search.FilteredList;
import org.qrm.api.search.SavedFilter;
import org.qrm.api.user.Role;
import org.qrm.commands.line.Far;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

/** Queries that users come back to, and lists in groups. */
public class FiltersOverHttpTest {

    private static final String FILTERS = "/api/v1/filters";
    private static final String BROKEN =
            "{\"name\":\"Rack 7, broken\",\"list\":\"resources\",\"query\":\"state:error node\"}";

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    @Before
    public void addMachines() {
        services.knownUsers.add("viewer", Role.VIEWER, "1");
        services.knownResources.add(1, "node-1", ResourceState.ERROR, null);
        services.knownResources.add(2, "node-2", ResourceState.IDLE, null);
    }

    @Test
    public void everybodyKeepsTheirOwn() {
        Reply made = server.send("viewer", "POST", FILTERS, BROKEN);
        assertEquals(made.text(), 201, made.status());
        assertEquals(FILTERS + "/Rack%207%2C%20broken", made.header("location"));
        assertEquals("1", made.at("count"));
        JsonNode mine = server.send("viewer", "GET", FILTERS, null).json().path("items");
        assertEquals(1, mine.size());
        assertEquals("state:error node", mine.get(0).path("query").asText());
        assertEquals(0, server.get(FILTERS).json().path("items").size());
        assertEquals(404, server.get(made.header("location")).status());
        assertEquals(404, server.delete(made.header("location")).status());
        assertEquals(
                200, server.send("viewer", "GET", made.header("location"), null).status());
        assertEquals(409, server.send("viewer", "POST", FILTERS, BROKEN).status());
    }

    @Test
    public void howManyFitIsCountedEachTime() {
        server.post(FILTERS, BROKEN);
        services.knownResources.add(2, "node-2", ResourceState.ERROR, null);
        assertEquals(2, server.get(FILTERS).json().at("/items/0/count").asInt());
        server.post(FILTERS, "{\"name\":\"events\",\"list\":\"events\"}");
        server.post(FILTERS, "{\"name\":\"work\",\"list\":\"operations\",\"query\":\"state:failed\"}");
        assertEquals(true, services.knownOperations.lastFilter.get(OperationField.WHOLE));
        server.post(FILTERS, "{\"name\":\"up\",\"list\":\"virtual-environments\",\"query\":\"state:active\"}");
        assertEquals(4, server.get(FILTERS).json().path("items").size());
        assertEquals(
                1, server.get(FILTERS + "?list=events").json().path("items").size());
    }

    @Test
    public void aQueryThatTheListDoesNotUnderstandIsRefusedWithItsPlace() {
        Reply refused = server.post(FILTERS, "{\"name\":\"a\",\"list\":\"events\",\"query\":\"state:error\"}");
        assertEquals(400, refused.status());
        assertTrue(refused.text(), refused.at("reason").contains("at character 1"));
        assertEquals(List.of(), services.knownFilters.of("admin"));
    }

    @Test
    public void aQueryOfAnEarlierVersionIsThereWithoutACount() {
        services.knownFilters.create(new SavedFilter("admin", "old", FilteredList.RESOURCES, "colour:red"));
        JsonNode old = server.get(FILTERS).json().at("/items/0");
        assertTrue(old.toString(), old.path("count").isNull());
        Reply renamed = server.send("admin", "PATCH", FILTERS + "/old", "{\"name\":\"older\"}");
        assertEquals(renamed.text(), 200, renamed.status());
        assertEquals(
                400,
                server.send("admin", "PATCH", FILTERS + "/older", "{\"query\":\"shape:round\"}")
                        .status());
        assertEquals(204, server.delete(FILTERS + "/older").status());
    }

    @Test
    public void whatHasChangedMeanwhileIsNotOverwrittenAndCountsAreNoChange() {
        server.post(FILTERS, "{\"name\":\"broken\",\"list\":\"resources\",\"query\":\"state:error\"}");
        String tag = server.get(FILTERS + "/broken").header("etag");
        services.knownResources.add(2, "node-2", ResourceState.ERROR, null);
        assertEquals(tag, server.get(FILTERS + "/broken").header("etag"));
        assertEquals(200, change(tag, "{\"query\":\"state:off\"}"));
        assertEquals(412, change(tag, "{\"query\":\"state:idle\"}"));
        assertEquals("state:off", server.get(FILTERS + "/broken").at("query"));
    }

    private int change(String tag, String body) {
        return server.send(
                        server.request(FILTERS + "/broken")
                                .header("Authorization", RestServer.ADMIN)
                                .header("Content-Type", "application/json")
                                .header("If-Match", tag),
                        "PATCH",
                        java.net.http.HttpRequest.BodyPublishers.ofString(body))
                .status();
    }

    @Test
    public void theyGoWithTheirUser() {
        server.send("viewer", "POST", FILTERS, BROKEN);
        server.delete("/api/v1/users/viewer");
        assertEquals(Map.of(), services.knownFilters.known);
        services.knownFilters.create(new SavedFilter("viewer", "of before", FilteredList.EVENTS, ""));
        server.post("/api/v1/users", "{\"name\":\"viewer\",\"password\":\"long enough\",\"role\":\"viewer\"}");
        assertEquals(Map.of(), services.knownFilters.known);
    }

    @Test
    public void groupsAreOfWhatTheFiltersLetThrough() {
        services.knownResources.groups =
                List.of(new ListGroup("tag:rack:7", "7", 3), new ListGroup("tag:rack", null, 1));
        Reply reply = server.get("/api/v1/resource-groups?by=tag:rack&state=idle&query=" + Far.encoded("cpus>=2"));
        assertEquals(reply.text(), 200, reply.status());
        assertEquals("tag:rack", services.knownResources.lastBy);
        assertEquals(
                Filter.by(ResourceField.STATE, ResourceState.IDLE).and(ResourceField.CPUS, 2),
                services.knownResources.lastFilter);
        assertEquals(3, reply.json().at("/items/0/number").asInt());
        assertTrue(reply.json().at("/items/1/value").isNull());
        assertEquals(400, server.get("/api/v1/resource-groups").status());
        assertEquals(
                200, server.get("/api/v1/virtual-environment-groups?by=state").status());
    }

    @Test
    public void aGroupCanBeMeantByManyActions() {
        Reply reply = server.post("/api/v1/resource-actions?group=tag:rack:7", "{\"action\":\"reboot\"}");
        assertEquals(reply.text(), 202, reply.status());
        assertEquals(Filter.by(ResourceField.GROUP, "tag:rack:7"), services.knownResources.lastMany.filter());
    }
}
