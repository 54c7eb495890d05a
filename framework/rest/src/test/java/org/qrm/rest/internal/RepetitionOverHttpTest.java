package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.Problem;
import org.qrm.api.RetryLater;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

/** Requests that are sent again with the same {@code Idempotency-Key}. */
public class RepetitionOverHttpTest {

    private static final String ENVIRONMENTS = "/api/v1/virtual-environments";
    private static final String ACTIONS = ENVIRONMENTS + "/web1/actions";
    private static final String START = "{\"action\":\"start\"}";
    private static final String WEB2 = "{\"name\":\"web2\",\"filesystemImage\":\"debian\"}";

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    @Before
    public void oneEnvironment() {
        server.post(ENVIRONMENTS, "{\"name\":\"web1\",\"filesystemImage\":\"debian\"}");
    }

    private Reply post(String path, String key, String json) {
        return server.send(
                server.request(path)
                        .header("Authorization", RestServer.ADMIN)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", key),
                "POST",
                BodyPublishers.ofString(json));
    }

    private int operations() {
        return services.knownOperations
                .list(Filter.all(), new PageRequest(100, null))
                .items()
                .size();
    }

    @Test
    public void startsOnceHoweverOftenItIsAsked() {
        Reply first = post(ACTIONS, "k1", START);
        Reply second = post(ACTIONS, "k1", START);
        assertEquals(202, second.status());
        assertEquals(first.header("location"), second.header("location"));
        assertEquals(first.json().path("id"), second.json().path("id"));
        assertEquals("", first.header("idempotency-replayed"));
        assertEquals("true", second.header("idempotency-replayed"));
        assertEquals(1, operations());
        assertEquals("202 done before", services.knownAudit.entries.get(2).result());
        post(ACTIONS, "k2", START);
        assertEquals(2, operations());
    }

    @Test
    public void answersWhatWasCreatedAsItIsNow() {
        assertEquals(201, post(ENVIRONMENTS, "k", WEB2).status());
        server.put(ENVIRONMENTS + "/web2", "{\"filesystemImage\":\"other\"}");
        Reply again = post(ENVIRONMENTS, "k", WEB2);
        assertEquals(201, again.status());
        assertEquals("other", again.at("filesystemImage"));
        server.delete(ENVIRONMENTS + "/web2");
        Reply gone = post(ENVIRONMENTS, "k", WEB2);
        assertEquals(201, gone.status());
        assertEquals("", gone.text());
        assertEquals(404, server.get(ENVIRONMENTS + "/web2").status());
    }

    @Test
    public void waitsForTheSameOperation() {
        Reply first = post(ACTIONS, "k", START);
        String operation = first.header("location");
        server.post(operation + "/actions", "{\"action\":\"cancel\"}");
        assertEquals("cancelled", post(ACTIONS + "?wait=5", "k", START).at("state"));
        assertEquals(1, operations());
    }

    @Test
    public void refusesTheKeyOfAnotherRequest() {
        post(ACTIONS, "k", START);
        for (Reply refused : List.of(
                post(ACTIONS, "k", "{\"action\":\"stop\"}"), post(ENVIRONMENTS + "/web2/actions", "k", START))) {
            assertEquals(409, refused.status());
        }
        assertEquals(1, operations());
    }

    @Test
    public void isAnotherKeyWithAnotherUser() {
        post(ACTIONS, "k", START);
        Reply other = server.send(
                server.request(ACTIONS)
                        .header("Authorization", RestServer.basic("operator", "operator-secret"))
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", "k"),
                "POST",
                BodyPublishers.ofString(START));
        assertEquals(202, other.status());
        assertEquals(2, operations());
    }

    @Test
    public void mayBeAskedAgainAfterARefusal() {
        String many = "{\"action\":\"start\",\"count\":11}";
        assertEquals(409, post(ACTIONS, "k", many).status());
        assertEquals(202, post(ACTIONS, "k", START).status());
        assertEquals(400, post(ACTIONS, "l", "{\"action\":\"fly\"}").status());
        assertEquals(202, post(ACTIONS, "l", START).status());
    }

    @Test
    public void doesADryRunEachTime() {
        String dry = "{\"action\":\"start\",\"dryRun\":true}";
        assertEquals(200, post(ACTIONS, "k", dry).status());
        Reply again = post(ACTIONS, "k", dry);
        assertEquals(200, again.status());
        assertEquals("", again.header("idempotency-replayed"));
        assertTrue(services.knownKeys.begun.isEmpty());
    }

    @Test
    public void doesNotGuessHowARequestEnded() {
        services.knownKeys.begin("admin", "k", "of a server that was killed");
        assertEquals(409, post(ACTIONS, "k", START).status());
        assertEquals(0, operations());
    }

    /** The connection to the database may have been lost after it was done. */
    @Test
    public void doesNotGuessWhatBecameOfWhatWasLostInTheMiddle() {
        Problem ended = new Problem(Problem.Kind.UNAVAILABLE, "use the database", "", "it ended", "Look.");
        services.knownEnvironments.lost = new RetryLater(ended, 5, true, null);
        Reply first = post(ACTIONS, "k", START);
        assertEquals(503, first.status());
        assertEquals("nobody repeats it by himself", "", first.header("retry-after"));
        services.knownEnvironments.lost = null;
        assertEquals(409, post(ACTIONS, "k", START).status());
        assertEquals(1, operations());
        services.knownEnvironments.lost = new RetryLater(ended, 5, null);
        assertEquals("5", post(ACTIONS, "l", START).header("retry-after"));
        services.knownEnvironments.lost = null;
        assertEquals(202, post(ACTIONS, "l", START).status());
    }

    @Test
    public void isDoneOnceByManyAtTheSameTime() {
        List<CompletableFuture<Reply>> all = IntStream.range(0, 12)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> post(ACTIONS, "k", START)))
                .toList();
        List<Reply> replies = all.stream().map(CompletableFuture::join).toList();
        assertEquals(1, operations());
        assertEquals(
                1,
                replies.stream()
                        .filter(reply -> reply.status() == 202
                                && reply.header("idempotency-replayed").isEmpty())
                        .count());
        assertTrue(replies.stream().allMatch(reply -> reply.status() == 202 || reply.status() == 409));
    }

    @Test
    public void looksAtTheRoleFirst() {
        Reply refused = server.send(
                server.request(ACTIONS)
                        .header("Authorization", RestServer.basic("viewer", "viewer-secret"))
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", "k"),
                "POST",
                BodyPublishers.ofString(START));
        assertEquals(403, refused.status());
        assertTrue(services.knownKeys.begun.isEmpty());
    }

    @Test
    public void refusesWhatIsNoKeyAndWhereItIsNotHeeded() {
        for (String wrong : List.of(" ", "a b", "k".repeat(201))) {
            assertEquals(400, post(ACTIONS, wrong, START).status());
        }
        Reply withSecret = post("/api/v1/tokens", "k", "{\"name\":\"ci\",\"role\":\"viewer\",\"days\":1}");
        assertEquals(400, withSecret.status());
        assertTrue(withSecret.at("reason").contains("not heeded"));
        assertFalse(server.get("/api/v1/tokens").text().contains("ci"));
        assertTrue(services.knownKeys.begun.isEmpty());
    }
}
