package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;

import org.junit.Rule;
import org.junit.Test;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

public class CertificatesOverHttpTest {

    private static final String PATH = "/api/v1/certificates";

    @Rule
    public final RestServer server = new RestServer(new FakeServices());

    @Test
    public void listsThemByWhatTheyAreFor() {
        assertEquals(2, server.get(PATH).json().at("/items").size());
        Reply authorities = server.get(PATH + "?use=authority");
        assertEquals(1, authorities.json().at("/items").size());
        assertEquals("bb".repeat(32), authorities.json().at("/items/0/sha256").asText());
    }

    @Test
    public void anAuthorityIsReplacedAndTheFormerOneForgotten() {
        assertEquals(204, act("rotate-authority"));
        assertEquals(3, server.get(PATH).json().at("/items").size());
        assertEquals(409, act("rotate-authority"));
        assertEquals(204, act("forget-former"));
        assertEquals(409, act("forget-former"));
        assertEquals(400, act("renew"));
    }

    private int act(String action) {
        return server.post(PATH + "/actions", "{\"action\":\"" + action + "\"}").status();
    }
}
