package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;

import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.RetryLater;
import org.qrm.api.user.Logins;
import org.qrm.api.user.User;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

/** Who is to come again is told when. */
public class RetryLaterOverHttpTest {

    @Rule
    public final RestServer server = new RestServer(new FakeServices(), new Logins() {
        @Override
        public User login(String name, String password, String address) {
            Problem busy = new Problem(Problem.Kind.UNAVAILABLE, "use the database", "", "others use it", "");
            throw new RetryLater(busy, 7, null);
        }

        @Override
        public void malformed(String address) {}
    });

    @Test
    public void saysWhen() {
        Reply reply = server.send(
                server.request("/api/v1/resources").header("Authorization", RestServer.basic("admin", "right")),
                "GET",
                RestServer.NO_BODY);
        assertEquals(503, reply.status());
        assertEquals("7", reply.header("retry-after"));
    }
}
