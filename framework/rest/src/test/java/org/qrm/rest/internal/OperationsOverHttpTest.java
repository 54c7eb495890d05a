package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.concurrent.locks.LockSupport;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

public class OperationsOverHttpTest {

    private static final String PATH = "/api/v1/operations";

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    @Before
    public void twoOperations() {
        services.knownOperations.queue("resource.reboot", "resource/1");
        services.knownOperations.queue("resource.reboot", "resource/2");
    }

    @Test
    public void listsThemNewestFirstWithoutLogs() {
        Reply reply = server.get(PATH);
        assertEquals(2, reply.json().path("items").path(0).path("id").asLong());
        assertFalse(reply.json().path("items").path(0).has("log"));
    }

    @Test
    public void filtersBySubjectAndState() {
        assertEquals(
                1, server.get(PATH + "?subject=resource/1").json().path("items").size());
        assertEquals(0, server.get(PATH + "?state=done").json().path("items").size());
        assertEquals(400, server.get(PATH + "?state=finished").status());
    }

    @Test
    public void showsOneWithItsStepsAndLog() {
        Reply reply = server.get(PATH + "/1");
        assertEquals(0.25, reply.json().path("progress").asDouble(), 0);
        assertEquals("first", reply.json().path("steps").path(0).path("name").asText());
        assertEquals("asked for", reply.json().path("log").path(0).path("text").asText());
        assertEquals("2026-01-02T03:04:05Z", reply.at("created"));
    }

    @Test
    public void holdsTheAnswerUntilTheWorkHasEnded() throws Exception {
        Thread somebody = new Thread(() -> {
            LockSupport.parkNanos(300_000_000);
            services.knownOperations.cancel(1);
        });
        somebody.start();
        Reply reply = server.get(PATH + "/1?wait=60");
        somebody.join();
        assertEquals("cancelled", reply.at("state"));
        assertEquals("asked for", reply.json().path("log").path(0).path("text").asText());
        assertEquals("queued", server.get(PATH + "/2?wait=1").at("state"));
        Reply work = server.post(PATH + "/2/actions?wait=10", "{\"action\":\"cancel\"}");
        assertEquals(202, work.status());
        assertEquals("cancelled", work.at("state"));
    }

    @Test
    public void aTimeToWaitThatIsOutOfRangeIsRefusedBeforeAnythingIsDone() {
        assertEquals(400, server.get(PATH + "/1?wait=61").status());
        assertEquals(
                400,
                server.post(PATH + "/1/actions?wait=-1", "{\"action\":\"cancel\"}")
                        .status());
        assertEquals("queued", server.get(PATH + "/1").at("state"));
        assertEquals(400, server.get(PATH + "?wait=1").status());
    }

    @Test
    public void showsTheLogAlone() {
        Reply reply = server.get(PATH + "/1/log");
        assertEquals(
                "asked for", reply.json().path("items").path(0).path("text").asText());
        assertEquals(404, server.get(PATH + "/3/log").status());
    }

    @Test
    public void pagesWhatIsAtHandAsAWhole() {
        Reply first = server.get(PATH + "/1/log?limit=1");
        assertEquals("1", first.at("next"));
        Reply second = server.get(PATH + "/1/log?limit=1&after=1");
        assertEquals("begun", second.json().path("items").path(0).path("text").asText());
        assertTrue(second.json().path("next").isNull());
        assertEquals(400, server.get(PATH + "/1/log?after=x").status());
        assertEquals(
                0, server.get(PATH + "/1/log?after=99").json().path("items").size());
    }

    @Test
    public void cancelsOneOnce() {
        Reply reply = server.post(PATH + "/1/actions", "{\"action\":\"cancel\"}");
        assertEquals(202, reply.status());
        assertEquals("cancelled", reply.at("state"));
        assertEquals(
                409, server.post(PATH + "/1/actions", "{\"action\":\"cancel\"}").status());
    }

    @Test
    public void saysThatThereIsNoSuchOperation() {
        assertEquals(404, server.get(PATH + "/99").status());
        assertEquals(404, server.get(PATH + "/x").status());
        assertEquals(404, server.get(PATH + "/99999999999999999999").status());
    }
}
