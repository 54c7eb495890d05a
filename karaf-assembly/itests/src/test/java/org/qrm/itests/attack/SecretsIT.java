package org.qrm.itests.attack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.qrm.itests.RestClient;
import org.qrm.itests.ServerProcess;
import org.qrm.itests.SimulatedSite;
import org.qrm.itests.SshConsole;

/** A stranger who has the network wants what an environment's machine is told: its image, and its secrets. */
public class SecretsIT {

    private static final String PASSWORD = "what is nobody else's";
    private static final String SECRET = "hunter2";
    private static final String MANY = "127.0.0.1";
    private static final Map<String, String> DELL =
            Map.of("vendor", "Dell", "serial", "SN-0815", "uuid", "4c4c4544-0031-4d10-8031-b8c04f363432");
    private static final Map<String, String> EVIL =
            Map.of("vendor", "Evil", "serial", "SN-666", "uuid", "4c4c4544-0031-4d10-8031-b8c04f363666");

    @ClassRule
    public static final ServerProcess SERVER = new ServerProcess();

    private static RestClient rest;
    private static int machines;

    private final Stranger machine;
    private final Stranger stranger;
    private String name;
    private String mac;
    private String address;
    private Stranger.Answer up;

    public SecretsIT() throws Exception {
        machine = new Stranger(SERVER, MANY);
        stranger = new Stranger(SERVER, MANY);
    }

    @BeforeClass
    public static void aServerWithStorage() throws Exception {
        SERVER.set("QRM_ADMIN_PASSWORD", PASSWORD).set("QRM_NODE_NAT", MANY).start();
        rest = new RestClient(SERVER.port("QRM_HTTPS_PORT"), SERVER.trustingTheAuthority(), PASSWORD);
        SimulatedSite.admit(rest);
        SshConsole.install(SERVER.port("QRM_SSH_PORT"), PASSWORD, "qrm-plugin-simulator");
        rest.await(
                "the plug-in is there",
                "/plugins",
                list -> list.get("items").findValuesAsText("id").contains("simulator"));
        rest.make("/plugins/simulator/actions", "{\"action\":\"register\"}");
        rest.make(
                "/storage-servers",
                json(
                        "{'name':'sim','type':'simulated','address':'10.0.0.1','managementAddress':'10.0.0.1','exportRoot':'/x'}"));
    }

    @Before
    public void aMachineThatIsToRestartForAnEnvironmentWithASecret() throws Exception {
        machines++;
        mac = "02:aa:aa:aa:cc:%02x".formatted(machines);
        address = "10.9.1." + machines;
        name = "db" + machines;
        rest.make(
                "/filesystem-images", json("{'name':'" + name + "','storageServer':'sim','source':{'type':'empty'}}"));
        rest.await(
                "the image is ready",
                "/filesystem-images/" + name,
                image -> image.get("state").asText().equals("ready"));
        rest.make(
                "/virtual-environments",
                json("{'name':'" + name + "','filesystemImage':'" + name
                        + "','mode':'single','kernelArguments':['for.all=to-see']}"));
        rest.replace("/virtual-environments/" + name + "/secret-arguments/db.pw", "{\"value\":\"" + SECRET + "\"}");
        up = machine.boot(mac, address, DELL);
        assertEquals(up.body(), 200, up.status());
        machine.report(up, "idle");
        rest.make(
                "/virtual-environments/" + name + "/actions",
                "{\"action\":\"start\",\"resources\":[" + up.value("resource") + "]}");
        await("it is told to restart", () -> machine.report(up, "idle").body().contains("do=reboot"));
    }

    @Test
    public void whoAsksForItsBootIsToldWhatIsForAllToSee() throws Exception {
        Stranger.Answer told = stranger.configuration(mac);
        assertEquals(told.body(), 200, told.status());
        assertTrue(told.body(), told.body().contains("for.all=to-see"));
        assertFalse(told.body(), told.body().contains("db.pw") || told.body().contains(SECRET));
        for (String path : new String[] {"/boot/pxelinux.cfg/01-" + mac.replace(':', '-'), "/boot/grub.cfg/" + mac}) {
            String answer = stranger.ask(false, "GET " + path, null, "").body();
            assertFalse(path, answer.contains("db.pw") || answer.contains(SECRET));
        }
        up = machine.boot(mac, address, DELL);
        await("the machine itself is told all of it", () -> {
            String answer = up.body() + machine.report(up, "idle").body();
            return answer.contains("do=mount") && answer.contains("argument=db.pw=" + SECRET);
        });
    }

    @Test
    public void whoBootsInItsPlaceIsGivenNothing() throws Exception {
        Stranger.Answer in = stranger.boot(mac, "10.66.6.6", EVIL);
        assertEquals(in.body(), 200, in.status());
        await("the alarm is raised", () -> {
            assertGivesNothing(in.body());
            assertGivesNothing(stranger.report(in, "idle").body());
            JsonNode alarms = rest.get("/events?type=resource.changed").get("items");
            return alarms.toString().contains("serial number was SN-0815, is SN-666");
        });
        for (String state : new String[] {"mounting", "starting", "active"}) {
            assertGivesNothing(stranger.report(in, state).body());
            assertNotEquals(
                    "active",
                    rest.get("/virtual-environments/" + name).get("state").asText());
        }
    }

    private static void assertGivesNothing(String answer) {
        for (String word : List.of("do=mount", "source=", "argument=", "boot-service=")) {
            assertTrue(answer, answer.lines().noneMatch(line -> line.startsWith(word)));
        }
        assertFalse(answer, answer.contains(SECRET));
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (!condition.holds()) {
            assertTrue("not within 3 minutes: " + what, System.nanoTime() < end);
            LockSupport.parkNanos(500_000_000);
        }
    }
}
