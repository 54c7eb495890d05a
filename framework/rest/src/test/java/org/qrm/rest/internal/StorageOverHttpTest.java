package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import org.junit.Rule;
import org.junit.Test;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

public class StorageOverHttpTest {

    private static final String PATH = "/api/v1/storage-servers";
    private static final String NAS =
            "{\"name\":\"nas\",\"type\":\"nfs\",\"address\":\"10.0.0.5\",\"managementAddress\":\"10.0.0.6\","
                    + "\"exportRoot\":\"/export\"}";

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    @Test
    public void createsShowsListsAndDeletesOne() {
        assertEquals(201, server.post(PATH, NAS).status());
        assertEquals("10.0.0.6", server.get(PATH + "/nas").at("managementAddress"));
        assertEquals(1, server.get(PATH).json().path("items").size());
        assertEquals(204, server.delete(PATH + "/nas").status());
        assertEquals(404, server.get(PATH + "/nas").status());
    }

    @Test
    public void managesItWhereItServesUnlessToldOtherwise() {
        Reply reply = server.post(PATH, "{\"name\":\"a\",\"address\":\"10.0.0.5\",\"exportRoot\":\"/export\"}");
        assertEquals("10.0.0.5", reply.at("managementAddress"));
        assertEquals("nfs", reply.at("type"));
    }

    @Test
    public void refusesATakenNameAndAMissingAddress() {
        server.post(PATH, NAS);
        assertEquals(409, server.post(PATH, NAS).status());
        assertEquals(
                "address",
                server.post(PATH, "{\"name\":\"b\",\"exportRoot\":\"/e\"}").at("subject"));
    }

    @Test
    public void changesAllButTheName() {
        server.post(PATH, NAS);
        assertEquals(
                200,
                server.put(PATH + "/nas", NAS.replace("/export", "/images")).status());
        assertEquals("/images", server.get(PATH + "/nas").at("exportRoot"));
        assertEquals(
                400,
                server.put(PATH + "/nas", NAS.replace("\"nas\"", "\"other\"")).status());
        assertEquals(404, server.put(PATH + "/other", NAS).status());
    }

    @Test
    public void checksOne() {
        server.post(PATH, NAS);
        Reply reply = server.get(PATH + "/nas/check");
        assertEquals(200, reply.status());
        assertTrue(reply.json().path("ok").asBoolean());
        assertEquals("kernel NFS server", reply.at("implementation"));
        assertEquals(1_000_000, reply.json().path("freeBytes").asLong());
        assertEquals("images share a file system", reply.at("warning"));
    }

    @Test
    public void tellsWhichLineToInstallWhenTheKeyIsRefused() {
        server.post(PATH, NAS);
        services.knownStorage.refuseKey();
        Reply reply = server.get(PATH + "/nas/check");
        assertEquals(200, reply.status());
        assertFalse(reply.json().path("ok").asBoolean());
        assertEquals("our key is not accepted", reply.at("reason"));
        assertEquals("ecdsa-sha2-nistp256 AAAA qrm", reply.at("authorizedKey"));
    }

    @Test
    public void saysThatThereIsNoSuchServerToCheck() {
        assertEquals(404, server.get(PATH + "/none/check").status());
    }
}
