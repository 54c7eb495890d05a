package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.Filter;
import org.qrm.api.Problem;
import org.qrm.api.RetryLater;
import org.qrm.api.Tag;
import org.qrm.api.environment.EnvironmentField;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.Requirements;
import org.qrm.api.operation.Many;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.resource.ResourceField;
import org.qrm.api.resource.ResourceState;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

/** The same asked of many things. */
public class ManyOverHttpTest {

    private static final String MANY = "/api/v1/resource-actions";

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    @Before
    public void knowMachines() {
        services.knownResources.add(1, "node-1", ResourceState.IDLE, null);
        services.knownResources.add(2, "node-2", ResourceState.IDLE, null);
        services.knownResources.add(3, "node-3", ResourceState.ERROR, null);
    }

    @Test
    public void theFiltersOfTheListSayWhichAreMeant() {
        Reply reply = server.post(
                MANY + "?state=idle&tag=rack%3D7",
                "{\"action\":\"power-off\",\"why\":\"swap\",\"atOnce\":10,\"most\":120}");
        assertEquals(reply.text(), 202, reply.status());
        assertEquals("resources.power-off", reply.at("kind"));
        assertEquals("/api/v1/operations/1", reply.header("location"));
        assertEquals(
                Filter.by(ResourceField.STATE, ResourceState.IDLE).and(ResourceField.TAG, "rack=7"),
                services.knownResources.lastMany.filter());
        assertEquals(List.of(), services.knownResources.lastMany.named());
        assertEquals(ResourceAction.POWER_OFF, services.knownResources.lastMany.action());
        assertEquals(new Many("admin", "swap", 10, 120), services.knownResources.lastHow);
        assertEquals(
                "power-off resources (swap): state=IDLE tag=rack=7",
                services.knownAudit.entries.get(0).details());
    }

    @Test
    public void severalCanBeNamed() {
        Reply reply = server.post(MANY, "{\"action\":\"reboot\",\"resources\":[1,\"node-2\"]}");
        assertEquals(reply.text(), 202, reply.status());
        assertEquals(List.of("1", "node-2"), services.knownResources.lastMany.named());
        assertEquals(new Many("admin", "", Many.USUAL_AT_ONCE, Many.USUAL_MOST), services.knownResources.lastHow);
        assertEquals(
                404,
                server.post(MANY, "{\"action\":\"reboot\",\"resources\":[1,\"nobody\"]}")
                        .status());
    }

    @Test
    public void oneThatIsNamedAloneHasAnOperationOfItsOwn() {
        Reply reply = server.post(MANY, "{\"action\":\"reboot\",\"resources\":[\"node-1\"]}");
        assertEquals("resource.reboot", reply.at("kind"));
        assertEquals("resource/1", reply.at("subject"));
        assertNull(services.knownResources.lastMany);
        assertEquals(
                409,
                server.post(MANY, "{\"action\":\"reboot\",\"resources\":[3]}").status());
    }

    /** Else whoever asked takes it for not done, and asks again. */
    @Test
    public void theOperationIsAnsweredThoughTheDatabaseGoesWhileSomebodyWaits() {
        services.knownOperations.lost = new RetryLater(
                new Problem(Problem.Kind.UNAVAILABLE, "use the database", "", "it is away", "Nothing was changed."),
                5,
                null);
        Reply reply = server.post(MANY + "?wait=10", "{\"action\":\"reboot\",\"resources\":[1,2]}");
        assertEquals(reply.text(), 202, reply.status());
        assertEquals("/api/v1/operations/1", reply.header("location"));
        assertEquals(200, server.get("/api/v1/operations/1?wait=10").status());
    }

    @Test
    public void whatForIsToldOfOneThatIsNamedAloneToo() {
        Reply reply = server.post(MANY, "{\"action\":\"reboot\",\"resources\":[\"node-1\"],\"why\":\"swap\"}");
        assertEquals(reply.text(), 202, reply.status());
        assertEquals("swap", services.knownResources.lastHow.why());
        assertEquals(List.of("node-1"), services.knownResources.lastMany.named());
    }

    /** Else a look is told as a deed, and what was said to all of them is told nowhere. */
    @Test
    public void theAuditLogTellsALookFromADeedAndWhatWasSaidOfAll() {
        server.post(MANY, "{\"action\":\"reboot\",\"all\":true,\"dryRun\":true}");
        server.post(MANY + "?state=idle", "{\"action\":\"tag\",\"tags\":[\"rack=7\",\"gpu\"]}");
        server.post(MANY + "?state=idle", "{\"action\":\"untag\",\"tags\":[\"rack\"]}");
        server.post(
                "/api/v1/virtual-environment-actions",
                "{\"action\":\"stop\",\"all\":true,\"force\":true,\"why\":\"power cut\"}");
        assertEquals(
                List.of(
                        "dry run: reboot resources: all",
                        "tag resources rack=7 gpu: state=IDLE",
                        "untag resources rack: state=IDLE",
                        "stop virtual environments by force (power cut): all"),
                services.knownAudit.entries.stream()
                        .map(entry -> entry.details())
                        .toList());
    }

    @Test
    public void aDryRunTellsWhoWouldRefuse() {
        Reply reply = server.post(MANY, "{\"action\":\"reboot\",\"all\":true,\"dryRun\":true}");
        assertEquals(reply.text(), 200, reply.status());
        assertEquals("3", reply.at("matches"));
        assertEquals("2", reply.at("possible"));
        assertEquals(
                "it is in state error",
                reply.json().path("things").path(2).path("reason").asText());
        assertNull(services.knownResources.lastMany);
        Reply one = server.post(MANY, "{\"action\":\"reboot\",\"resources\":[3],\"dryRun\":true}");
        assertEquals("0", one.at("possible"));
    }

    @Test
    public void tagsAreSaidOfMany() {
        Reply reply = server.post(MANY + "?state=idle", "{\"action\":\"tag\",\"tags\":[\"rack=7\",\"gpu\"]}");
        assertEquals(reply.text(), 202, reply.status());
        assertEquals("gpu rack=7", Tag.line(services.knownResources.lastMany.tags()));
        server.post(MANY, "{\"action\":\"untag\",\"tags\":[\"rack\"],\"resources\":[1]}");
        assertEquals(List.of("rack"), services.knownResources.lastMany.untags());
        assertEquals(List.of(), services.knownResources.lastMany.tags());
    }

    @Test
    public void environmentsAreAskedAsWell() {
        String many = "/api/v1/virtual-environment-actions";
        services.knownEnvironments.create(new EnvironmentSpec(
                "web1", "default", "web1", EnvironmentMode.SINGLE, null, "node", Requirements.NONE, List.of(), ""));
        Reply started = server.post(many + "?state=inactive", "{\"action\":\"start\"}");
        assertEquals(started.text(), 202, started.status());
        assertEquals("virtual-environments.start", started.at("kind"));
        assertEquals(
                Filter.by(EnvironmentField.STATE, EnvironmentState.INACTIVE),
                services.knownEnvironments.lastMany.filter());
        server.post(many, "{\"action\":\"stop\",\"names\":[\"web1\"],\"force\":true}");
        assertTrue(services.knownEnvironments.lastMany.force());
        assertEquals(
                "1",
                server.post(many, "{\"action\":\"restart\",\"all\":true,\"dryRun\":true}")
                        .at("possible"));
        for (String wrong : List.of(
                "{\"action\":\"start\"}",
                "{\"action\":\"start\",\"all\":true,\"force\":true}",
                "{\"action\":\"heal\",\"all\":true}")) {
            assertEquals(wrong, 400, server.post(many, wrong).status());
        }
        assertEquals(
                404,
                server.post(many, "{\"action\":\"start\",\"names\":[\"nobody\"]}")
                        .status());
    }

    @Test
    public void whatIsNotClearIsRefusedAndNothingIsAsked() {
        for (String wrong : List.of(
                "{\"action\":\"reboot\"}",
                "{\"action\":\"reboot\",\"resources\":[]}",
                "{\"action\":\"reboot\",\"all\":false}",
                "{\"action\":\"reboot\",\"all\":true,\"resources\":[1,2]}",
                "{\"action\":\"reboot\",\"all\":true,\"tags\":[\"a\"]}",
                "{\"action\":\"tag\",\"all\":true}",
                "{\"action\":\"tag\",\"all\":true,\"tags\":[\"a b\"]}",
                "{\"action\":\"tag\",\"all\":true,\"tags\":[\"a=1\",\"a=2\"]}",
                "{\"action\":\"reboot\",\"all\":true,\"atOnce\":0}",
                "{\"action\":\"reboot\",\"all\":true,\"most\":20001}",
                "{\"action\":\"explode\",\"all\":true}",
                "{\"all\":true}")) {
            assertEquals(wrong, 400, server.post(MANY, wrong).status());
        }
        assertEquals(
                400,
                server.post(MANY + "?state=idle", "{\"action\":\"reboot\",\"resources\":[1,2]}")
                        .status());
        assertEquals(
                400,
                server.post(MANY + "?colour=red", "{\"action\":\"reboot\"}").status());
        assertNull(services.knownResources.lastMany);
        assertEquals(
                403,
                server.send("viewer", "POST", MANY, "{\"action\":\"reboot\",\"all\":true}")
                        .status());
    }

    @Test
    public void theOperationTellsOfEach() {
        services.knownOperations.queue("resources.reboot", "resources");
        Reply reply = server.get("/api/v1/operations/1/parts");
        assertEquals(2, reply.json().path("items").size());
        assertEquals("7", reply.json().path("items").path(0).path("operation").asText());
        Reply refused = server.get("/api/v1/operations/1/parts?state=refused");
        assertEquals(1, refused.json().path("items").size());
        assertEquals(
                "it is off", refused.json().path("items").path(0).path("reason").asText());
        assertEquals(400, server.get("/api/v1/operations/1/parts?state=strange").status());
        assertEquals(404, server.get("/api/v1/operations/9/parts").status());
        assertTrue(server.get("/api/v1/operations/1").text().contains("\"doing\":\"\""));
    }
}
