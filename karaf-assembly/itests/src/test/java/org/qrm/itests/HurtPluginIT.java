package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.qrm.itests.brought.BroughtPlugin;
import org.qrm.itests.hurt.HurtPlugin;
import org.qrm.itests.hurt.Trespasser;

/** A plug-in's file whose plug-in does not come up is not said to be at work, and everything else goes on. */
public class HurtPluginIT {

    private static final String PASSWORD = "a-password-for-tests";
    private static final String NAME = "org.example.hurt";
    private static final String HURT = "/plugin-files/hurt.jar";
    private static final String BROUGHT = "/plugin-files/brought.jar";

    @ClassRule
    public static final ServerProcess SERVER = new ServerProcess();

    private static final AtomicInteger UPDATES = new AtomicInteger();

    private static RestClient rest;

    @BeforeClass
    public static void aGoodOneIsThere() throws Exception {
        SERVER.set("QRM_ADMIN_PASSWORD", PASSWORD).set("QRM_PASSWORD", PASSWORD).start();
        rest = new RestClient(SERVER.port("QRM_HTTPS_PORT"), SERVER.trustingTheAuthority(), PASSWORD);
        theOthersGoOn();
    }

    @After
    public void theOthersAreThere() throws Exception {
        rest.delete(HURT);
        assertFalse(Files.exists(deployed()));
        theOthersGoOn();
        rest.await(
                "nothing is told of it any more",
                "/events?limit=500",
                list -> unresolved(list).isEmpty());
    }

    /** A good one is updated. */
    private static void theOthersGoOn() throws Exception {
        HttpResponse<String> answer = rest.upload(
                BROUGHT,
                PluginJar.of(BroughtPlugin.class)
                        .with("Bundle-Version", "1." + UPDATES.incrementAndGet())
                        .bytes());
        assertEquals(answer.body(), 200, answer.statusCode());
        assertTrue(rest.get("/plugins/brought").path("present").asBoolean());
        assertEquals(200, SERVER.get("http", "/readyz").statusCode());
    }

    /** What its component is, and what is said of it. */
    private static Map<byte[], String> kinds() throws Exception {
        Map<byte[], String> kinds = new LinkedHashMap<>();
        kinds.put(hurt("", "hurt", "throws", "fine", ""), "no licence for it");
        kinds.put(hurt("", "hurt", "fine", "throws", ""), "no licence for it");
        kinds.put(hurt("immediate=\"true\"", "hurt", "fine", "throws", ""), "no licence for it");
        kinds.put(hurt("", "hurt", "overflows", "fine", ""), "StackOverflowError");
        kinds.put(
                hurt("", "hurt", "fine", "fine", reference("(brand=acme)")),
                "its reference meter finds no java.lang.Runnable with (brand=acme)");
        kinds.put(
                hurt("configuration-policy=\"require\"", "hurt", "fine", "fine", ""),
                "it waits for the configuration " + NAME + ".part");
        kinds.put(hurt("", "brought", "fine", "fine", ""), "plug-in brought is there already");
        kinds.put(hurt("", "No Id", "fine", "fine", ""), "is no id of a plug-in");
        return kinds;
    }

    private static String reference(String target) {
        return "<reference name=\"meter\" interface=\"java.lang.Runnable\" target=\"" + target + "\"/>";
    }

    private static byte[] hurt(String attributes, String id, String constructor, String activation, String more)
            throws Exception {
        return PluginJar.component(
                        NAME,
                        HurtPlugin.class,
                        attributes,
                        "<property name=\"plugin\" value=\"" + id + "\"/><property name=\"constructor\" value=\""
                                + constructor + "\"/><property name=\"activation\" value=\"" + activation
                                + "\"/><service><provide interface=\"org.qrm.api.plugin.Plugin\"/></service>" + more)
                .bytes();
    }

    @Test
    public void whatDoesNotComeUpIsRefusedWithItsReason() throws Exception {
        for (Map.Entry<byte[], String> kind : kinds().entrySet()) {
            refused(kind.getValue(), rest.upload(HURT, kind.getKey()));
            assertFalse(Files.exists(deployed()));
            assertEquals(404, rest.delete(HURT).statusCode());
        }
    }

    @Test
    public void whatIsReplacedByOneThatDoesNotComeUpIsPutBack() throws Exception {
        byte[] good = hurt("", "hurt", "fine", "fine", "");
        assertEquals(200, rest.upload(HURT, good).statusCode());
        for (Map.Entry<byte[], String> kind : kinds().entrySet()) {
            refused(kind.getValue(), rest.upload(HURT, kind.getKey()));
            JsonNode now = rest.get(HURT);
            assertEquals(now.toString(), "active", now.path("state").asText());
            assertEquals("hurt", now.path("plugins").path(0).asText());
        }
    }

    @Test
    public void whatIsPutThereByHandIsToldOfEverywhere() throws Exception {
        for (Map.Entry<byte[], String> kind : kinds().entrySet()) {
            drop(kind.getKey());
            rest.await(
                    kind.getValue(),
                    HURT,
                    found -> found.path("state").asText().equals("degraded")
                            && found.path("reason").asText().contains(kind.getValue()));
            assertContains("degraded", SERVER.qrm("", "plugin", "files").output());
            assertContains(
                    "degraded", SshConsole.run(SERVER.port("QRM_SSH_PORT"), "admin", PASSWORD, "qrm:plugin-files"));
            HttpResponse<String> removed = rest.delete(HURT);
            assertEquals(removed.body(), 204, removed.statusCode());
        }
    }

    /** Plug-ins of which a constructor or an activation never returns; the names differ, as they never end. */
    private static Map<String, byte[]> blocking() throws Exception {
        String service = "<service><provide interface=\"org.qrm.api.plugin.Plugin\"/></service>";
        String log = "<reference name=\"log\" interface=\"org.qrm.api.event.EventLog\"/>";
        Map<String, byte[]> kinds = new LinkedHashMap<>();
        for (String method : List.of("constructor", "activation")) {
            for (String more : List.of(service, service + log)) {
                String name = "blocked" + UPDATES.incrementAndGet();
                kinds.put(
                        name,
                        PluginJar.component(
                                        "org.example." + name,
                                        HurtPlugin.class,
                                        "",
                                        "<property name=\"plugin\" value=\"" + name + "\"/><property name=\"" + method
                                                + "\" value=\"blocks\"/>" + more)
                                .bytes());
            }
        }
        return kinds;
    }

    @Test
    public void aPluginThatBlocksIsRefusedAndHoldsUpNobody() throws Exception {
        for (Map.Entry<String, byte[]> kind : blocking().entrySet()) {
            HttpResponse<String> answer = rest.upload(HURT, kind.getValue());
            assertEquals(answer.body(), 409, answer.statusCode());
            assertContains("org.example." + kind.getKey() + ".part: it has not come up", answer.body());
            assertFalse(Files.exists(deployed()));
            theOthersGoOn();
        }
    }

    @Test
    public void whatLastsIsAnEventAndAWarningWhichEnd() throws Exception {
        drop(hurt("", "hurt", "fine", "fine", reference("(brand=acme)")));
        rest.await("it is told", "/events?limit=500", list -> unresolved(list).contains("finds no java.lang.Runnable"));
        HttpResponse<String> ready = SERVER.get("http", "/readyz");
        assertEquals(200, ready.statusCode());
        assertContains("component " + NAME + ".part", ready.body());
        assertContains("hurt.jar", ready.body());
    }

    @Test
    public void whatWantsToAnswerOnTheServersPortsDoesNot() throws Exception {
        HttpResponse<String> answer = rest.upload(
                HURT,
                PluginJar.of(Trespasser.class)
                        .with("Import-Package", "org.osgi.framework,javax.servlet,org.ops4j.pax.web.service.whiteboard")
                        .bytes());
        assertEquals(answer.body(), 200, answer.statusCode());
        JsonNode told = rest.await(
                "it is told",
                "/events?type=bundle.http-refused",
                list -> !list.get("items").isEmpty());
        String event = told.at("/items/0/description").asText();
        assertContains(Trespasser.class.getName(), event);
        assertContains("javax.servlet.Servlet at /trespass/servlet", event);
        for (String scheme : List.of("https", "http")) {
            for (String path : List.of("servlet", "alias", "mapping", "resource/component.xml")) {
                HttpResponse<String> refused = SERVER.get(scheme, "/trespass/" + path);
                assertTrue(path + ": " + refused.statusCode(), refused.statusCode() >= 400);
                assertFalse(path, refused.body().contains("trespassed"));
            }
            assertFalse(SERVER.get(scheme, "/healthz").body().contains("trespassed"));
        }
        assertFalse("no listener of it hears", Files.exists(SERVER.data().resolve("trespassed")));
        assertEquals("", Files.readString(SERVER.data().resolve("trespasser")));

        assertEquals(204, rest.delete(HURT).statusCode());
        rest.await(
                "it is over",
                "/events?type=bundle.http-refused",
                list -> list.at("/items/0/resolved").asBoolean());
    }

    private static String unresolved(JsonNode list) {
        StringBuilder told = new StringBuilder();
        list.get("items").forEach(event -> {
            if (event.get("type").asText().equals("bundle.unresolved")
                    && !event.get("resolved").asBoolean()) {
                told.append(event.get("description").asText());
            }
        });
        return told.toString();
    }

    private static void refused(String reason, HttpResponse<String> answer) {
        assertEquals(answer.body(), 409, answer.statusCode());
        assertContains(reason, answer.body());
    }

    private static void assertContains(String words, String text) {
        assertTrue(words + " in " + text, text.contains(words));
    }

    private static Path deployed() {
        return SERVER.data().resolve("deploy/hurt.jar");
    }

    private static void drop(byte[] jar) throws Exception {
        Files.move(Files.write(SERVER.data().resolve("by-hand.jar"), jar), deployed(), StandardCopyOption.ATOMIC_MOVE);
    }
}
