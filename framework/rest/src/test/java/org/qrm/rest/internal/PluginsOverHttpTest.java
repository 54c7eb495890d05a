package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import org.junit.Rule;
import org.junit.Test;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

public class PluginsOverHttpTest {

    private static final String XEN = "/api/v1/plugins/xen";

    @Rule
    public final RestServer server = new RestServer(new FakeServices());

    @Test
    public void listsAndShowsPlugins() {
        assertEquals(
                "xen",
                server.get("/api/v1/plugins")
                        .json()
                        .path("items")
                        .path(0)
                        .path("id")
                        .asText());
        assertEquals("registered", server.get(XEN).at("state"));
        assertEquals(404, server.get("/api/v1/plugins/vmware").status());
    }

    @Test
    public void takesAStepOfTheLifeCycle() {
        for (String action : new String[] {"register", "install", "uninstall"}) {
            Reply reply = server.post(XEN + "/actions", "{\"action\":\"" + action + "\"}");
            assertEquals(202, reply.status());
            assertEquals("plugin." + action, reply.at("kind"));
        }
    }

    @Test
    public void refusesAStepOutOfOrder() {
        assertEquals(
                409, server.post(XEN + "/actions", "{\"action\":\"run-once\"}").status());
        assertEquals(
                400, server.post(XEN + "/actions", "{\"action\":\"run_once\"}").status());
        assertEquals(
                404,
                server.post("/api/v1/plugins/vmware/actions", "{\"action\":\"install\"}")
                        .status());
    }

    @Test
    public void asksTheWizardsQuestions() {
        Reply reply = server.get(XEN + "/wizard");
        assertEquals(200, reply.status());
        assertEquals("path", reply.json().path("questions").path(0).path("type").asText());
        assertEquals(
                "/diskimages",
                reply.json().path("questions").path(0).path("defaultAnswer").asText());
    }

    @Test
    public void storesAnswersWrappedOrBare() {
        Reply wrapped = server.put(XEN + "/wizard", "{\"answers\":{\"path\":\"/a\",\"count\":3}}");
        assertEquals(200, wrapped.status());
        assertEquals("3", wrapped.json().path("answers").path("count").asText());
        Reply bare = server.put(XEN + "/wizard", "{\"path\":\"/b\"}");
        assertEquals("/b", bare.json().path("answers").path("path").asText());
    }

    @Test
    public void keepsAnswersThatAreNotCheckedYet() {
        Reply reply = server.put(XEN + "/wizard/draft", "{\"answers\":{\"path\":\"relative\"}}");
        assertEquals(200, reply.status());
        assertEquals("relative", reply.json().path("draft").path("path").asText());
        assertEquals(0, reply.json().path("answers").size());
    }

    @Test
    public void saysWhatIsWrongByQuestion() {
        Reply reply = server.put(XEN + "/wizard", "{\"answers\":{\"path\":\"relative\"}}");
        assertEquals(422, reply.status());
        assertEquals("application/problem+json", reply.header("content-type"));
        assertEquals(
                "it is no absolute path",
                reply.json().path("errors").path("path").asText());
    }

    @Test
    public void refusesAnswersThatAreNoScalars() {
        Reply reply = server.put(XEN + "/wizard", "{\"answers\":{\"path\":[1]}}");
        assertEquals(400, reply.status());
        assertTrue(reply.at("subject"), reply.at("subject").contains("path"));
        assertEquals(
                400,
                server.put(XEN + "/wizard", "{\"answers\":{},\"path\":\"/a\"}").status());
        assertEquals(400, server.put(XEN + "/wizard", "{\"answers\":null}").status());
        assertEquals(400, server.put(XEN + "/wizard", "[]").status());
    }
}
