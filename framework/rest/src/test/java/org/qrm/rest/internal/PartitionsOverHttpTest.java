package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.partition.PartitionSize;
import org.qrm.api.resource.ResourceState;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

public class PartitionsOverHttpTest {

    private static final String HOST = "/api/v1/resources/host/partitions";

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    @Before
    public void aHostAndAnOrdinaryMachine() {
        server.post(
                "/api/v1/virtual-environments",
                "{\"name\":\"xenhost\",\"filesystemImage\":\"x\",\"partitioning\":\"xen\",\"mode\":\"multi\"}");
        services.knownResources.add(1, "host", ResourceState.ACTIVE, "xenhost");
        services.knownResources.add(2, "plain", ResourceState.IDLE, null);
        services.knownResources.addPartitionOf(50, "guest", 1);
    }

    @Test
    public void listsThePartitionsOfAHost() {
        Reply reply = server.get(HOST);
        assertEquals(200, reply.status());
        assertEquals(50, reply.json().path("items").path(0).path("id").asLong());
        assertEquals("running", reply.json().path("items").path(0).path("state").asText());
    }

    @Test
    public void listsNoneOfAnOrdinaryMachine() {
        assertEquals(
                0,
                server.get("/api/v1/resources/plain/partitions")
                        .json()
                        .path("items")
                        .size());
        assertEquals(404, server.get("/api/v1/resources/none/partitions").status());
    }

    @Test
    public void createsPartitions() {
        Reply reply = server.post(HOST, "{\"count\":1,\"cpus\":1,\"cpuMhz\":700,\"memoryMb\":256}");
        assertEquals(202, reply.status());
        assertEquals(new PartitionSize(1, 700, 256), services.knownPartitions.lastSize);
    }

    @Test
    public void answersWhyTheyDoNotFit() {
        Reply reply = server.post(HOST, "{\"cpus\":1,\"memoryMb\":4096}");
        assertEquals(409, reply.status());
        assertEquals("1024 MiB are free, 4096 are needed", reply.at("reason"));
    }

    @Test
    public void refusesFiguresOutOfRange() {
        assertEquals(
                400,
                server.post(HOST, "{\"count\":65,\"cpus\":1,\"memoryMb\":256}").status());
        assertEquals("memoryMb", server.post(HOST, "{\"cpus\":1}").at("subject"));
    }

    @Test
    public void refusesToPartitionAnOrdinaryMachine() {
        Reply reply = server.post("/api/v1/resources/plain/partitions", "{\"cpus\":1,\"memoryMb\":256}");
        assertEquals(409, reply.status());
    }

    @Test
    public void actsOnAPartitionUnderItsHostOrByItself() {
        for (String action : new String[] {"start", "stop", "restart", "remove"}) {
            Reply reply = server.post(HOST + "/50/actions", "{\"action\":\"" + action + "\"}");
            assertEquals("partition." + action, reply.at("kind"));
        }
        assertEquals(
                202,
                server.post("/api/v1/partitions/guest/actions", "{\"action\":\"stop\"}")
                        .status());
    }

    @Test
    public void saysThatAPartitionIsNone() {
        assertEquals(
                404, server.post(HOST + "/51/actions", "{\"action\":\"stop\"}").status());
        assertEquals(
                404, server.post(HOST + "/x/actions", "{\"action\":\"stop\"}").status());
        assertEquals(
                409,
                server.post("/api/v1/partitions/plain/actions", "{\"action\":\"stop\"}")
                        .status());
    }

    @Test
    public void saysWhatAHostHasLeft() {
        assertEquals(
                1024,
                server.get("/api/v1/resources/host/capacity")
                        .json()
                        .path("memoryFreeMb")
                        .asInt());
        assertEquals(409, server.get("/api/v1/resources/plain/capacity").status());
    }

    @Test
    public void typesAtAConsole() {
        Reply reply = server.post("/api/v1/partitions/guest/console", "{\"text\":\"root\\r\"}");
        assertEquals(204, reply.status());
        assertEquals("root\r", services.knownPartitions.typed);
        assertEquals(400, server.post("/api/v1/partitions/guest/console", "{}").status());
        assertEquals(
                403,
                server.send("viewer", "POST", "/api/v1/partitions/guest/console", "{\"text\":\"x\"}")
                        .status());
    }

    @Test
    public void changesOnlyWhatIsGiven() {
        Reply reply = server.patch("/api/v1/partitions/guest", "{\"memoryMb\":512}");
        assertEquals("partition.change", reply.at("kind"));
        assertEquals(new PartitionSize(1, 700, 512), services.knownPartitions.lastSize);
        assertNull(services.knownPartitions.lastPinnedCpus);
        server.patch("/api/v1/partitions/50", "{\"pinnedCpus\":\"0-1\"}");
        assertNull(services.knownPartitions.lastSize);
        assertEquals("0-1", services.knownPartitions.lastPinnedCpus);
    }

    @Test
    public void showsAPartitionAndItsConsole() {
        assertEquals(
                256,
                server.get("/api/v1/partitions/guest").json().path("memoryMb").asInt());
        assertEquals("login: ", server.get("/api/v1/partitions/50/console").at("text"));
    }

    @Test
    public void stopsAtOnceWhenForced() {
        server.post("/api/v1/partitions/50/actions", "{\"action\":\"stop\",\"force\":true}");
        assertTrue(services.knownPartitions.lastForce);
    }

    @Test
    public void saysThatThePartIsNotThere() {
        services.losePartitions();
        Reply reply = server.get(HOST);
        assertEquals(503, reply.status());
        assertTrue(reply.at("reason"), reply.at("reason").contains("partitions"));
    }
}
