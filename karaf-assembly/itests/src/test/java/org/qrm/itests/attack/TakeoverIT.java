package org.qrm.itests.attack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.StreamSupport;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.qrm.itests.RestClient;
import org.qrm.itests.ServerProcess;
import org.qrm.itests.SimulatedSite;

/** A stranger who has the network and nothing else wants to be one of the machines. */
public class TakeoverIT {

    private static final String PASSWORD = "whose machine is it";
    /** Many machines stand behind it, and one who floods the server. */
    private static final String BUSY = "127.0.0.2";

    private static final Map<String, String> DELL =
            Map.of("vendor", "Dell", "serial", "SN-0815", "uuid", "4c4c4544-0031-4d10-8031-b8c04f363432");

    @ClassRule
    public static final ServerProcess SERVER = new ServerProcess();

    private static RestClient rest;
    private static int machines;

    private Stranger machine;
    private Stranger stranger;
    private String where;
    private String mac;
    private String address;

    @BeforeClass
    public static void aServer() throws Exception {
        SERVER.set("QRM_ADMIN_PASSWORD", PASSWORD)
                .set("QRM_NODE_NAT", "127.0.0.1," + BUSY)
                .start();
        rest = new RestClient(SERVER.port("QRM_HTTPS_PORT"), SERVER.trustingTheAuthority(), PASSWORD);
        SimulatedSite.admit(rest);
    }

    @Before
    public void oneMoreMachine() throws Exception {
        machine = new Stranger(SERVER, "127.0.0.1");
        where = "127.0.66." + (machines + 1);
        stranger = new Stranger(SERVER, where);
        mac = "02:aa:aa:aa:aa:%02x".formatted(++machines);
        address = "10.9.0." + machines;
    }

    @Test
    public void aMachineThatReportsIsNotTakenOver() throws Exception {
        Stranger.Answer up = machine.boot(mac, address, DELL);
        assertEquals(up.body(), 200, up.status());
        JsonNode before = resource(up);
        Stranger.Answer refused = stranger.configuration(mac);
        assertEquals(refused.body(), 409, refused.status());
        assertTrue(refused.head(), refused.head().contains("Retry-After: "));
        assertFalse("and nothing else is told", refused.body().contains("argument="));
        assertEquals(401, stranger.boot(mac, "10.66.6.6", Map.of()).status());
        assertEquals(200, machine.report(up, "idle").status());
        assertEquals(before.get("address"), resource(up).get("address"));
        String told = awaitAlarm("resource.claimed", mac);
        assertTrue(told, told.contains("asks from " + where));
    }

    @Test
    public void whoComesUninvitedWaitsAndIsToldNothing() throws Exception {
        rest.make("/admission/actions", "{\"action\":\"close\"}");
        try {
            Stranger.Answer in = machine.boot(mac, address, DELL);
            assertEquals(in.body(), 200, in.status());
            assertWaits(in);
            String told = awaitAlarm("resource.new", mac);
            assertTrue(told, told.contains(address) && told.contains("SN-0815"));
            // who is removed and comes again waits again, under another number
            rest.make("/resources/" + in.value("resource") + "/actions", "{\"action\":\"remove\"}");
            await(
                    "it is gone",
                    () -> !rest.get("/resources?limit=1000").toString().contains(mac));
            Stranger.Answer again = machine.boot(mac, address, DELL);
            assertNotEquals(in.value("resource"), again.value("resource"));
            assertWaits(again);
        } finally {
            SimulatedSite.admit(rest);
        }
    }

    private void assertWaits(Stranger.Answer registered) throws Exception {
        assertEquals("new", resource(registered).get("state").asText());
        Stranger.Answer told = machine.report(registered, "idle");
        assertEquals(told.body(), 200, told.status());
        for (String word : List.of("do=mount", "source=", "argument=")) {
            assertTrue(word, (registered.body() + '\n' + told.body()).lines().noneMatch(line -> line.startsWith(word)));
        }
        String placement = rest.get("/placement?runsOn=node").toString();
        assertFalse(
                placement, placement.matches(".*\"chosen\":\\[[^\\]]*\\b" + registered.value("resource") + "\\b.*"));
    }

    @Test
    public void loginsThatCannotBeReadFillNoLog() throws Exception {
        JsonNode before = newestAuditEntry();
        int refused = 0;
        int slowed = 0;
        for (int i = 0; i < 80; i++) {
            int status = stranger.ask(true, "POST /api/v1/session", null, "{\"user\":\"x\",\"password\":1}")
                    .status();
            refused += status == 400 ? 1 : 0;
            slowed += status == 429 ? 1 : 0;
            stranger.breakOffALogin();
        }
        assertEquals(80, refused + slowed);
        assertTrue("not so often for nothing", slowed > 0);
        assertEquals(before, newestAuditEntry());
    }

    private static JsonNode newestAuditEntry() throws Exception {
        return rest.get("/audit?limit=1").get("items");
    }

    @Test
    public void aTokenThatWasGivenBeforeDoesNotHelpLater() throws Exception {
        String token = Stranger.token(stranger.configuration(mac));
        Stranger.Answer up = machine.boot(mac, address, DELL);
        assertEquals(409, stranger.register(token, mac, "10.66.6.6", Map.of()).status());
        assertEquals(200, machine.report(up, "idle").status());
    }

    @Test
    public void theRegistrationOfABootThatIsOverDoesNotHelpLater() throws Exception {
        Stranger first = new Stranger(SERVER, "127.0.0.1");
        String token = Stranger.token(first.configuration(mac));
        String boot = UUID.randomUUID().toString();
        Stranger.Answer in = first.register(token, boot, mac, address, DELL);
        assertEquals(in.body(), 200, in.status());
        first.report(in, "stopping");
        Stranger.Answer up = machine.boot(mac, address, DELL);
        assertEquals(up.body(), 200, up.status());
        assertEquals(401, first.register(token, boot, mac, "10.66.6.7", DELL).status());
        assertEquals(200, machine.report(up, "idle").status());
    }

    @Test
    public void whoSaysThatHeIsAMachineOfTheListWaitsWhenThatIsThere() throws Exception {
        rest.make("/admission/actions", "{\"action\":\"close\"}");
        try {
            Map<String, String> expected = Map.of("vendor", "Dell", "serial", "SN-LIST-" + machines);
            rest.make("/expected-machines", "{\"csv\":\"serial\\nSN-LIST-" + machines + "\"}");
            Stranger.Answer up = machine.boot(mac, address, expected);
            assertEquals("idle", resource(up).get("state").asText());
            String other = mac.replace("02:aa", "02:ab");
            assertWaits(machine.boot(other, address.replace("10.9.0", "10.9.2"), expected));
        } finally {
            SimulatedSite.admit(rest);
        }
    }

    @Test
    public void aMachineThatWasToldToRestartOrGoesDownBoots() throws Exception {
        Stranger.Answer up = machine.boot(mac, address, DELL);
        assertEquals(200, machine.report(up, "stopping").status());
        up = machine.boot(mac, address, DELL);
        assertEquals(up.body(), 200, up.status());
        rest.make("/resources/" + up.value("resource") + "/actions", "{\"action\":\"reboot\"}");
        Stranger.Answer rebooting = up;
        await(
                "it is told to restart",
                () -> machine.report(rebooting, "idle").body().contains("do=reboot"));
        assertEquals(200, machine.boot(mac, address, DELL).status());
    }

    @Test
    public void aMachineThatLostItsPowerBootsWithinHalfAMinuteAndIsNoAlarm() throws Exception {
        Stranger.Answer up = machine.boot(mac, address, DELL);
        assertEquals(200, machine.report(up, "idle").status());
        assertEquals(409, machine.configuration(mac).status());
        long cut = System.nanoTime();
        await("it may boot", () -> machine.configuration(mac).status() == 200);
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - cut);
        assertTrue("after " + seconds + " s", seconds >= 15 && seconds < 40);
        assertEquals(200, machine.boot(mac, address, DELL).status());
        assertEquals(List.of(), alarms("resource.claimed", mac));
    }

    @Test
    public void aMachineThatIsUpIsAskedBeforeAnotherHasItsPlaceThoughItDoesNotReport() throws Exception {
        Optional<String> here = Execd.address();
        assumeTrue("skipped: this host has no address but those of loopback", here.isPresent());
        String token = Stranger.token(stranger.configuration(mac));
        try (Execd execd = new Execd(here.get())) {
            machine.takesCommands(execd.hostKey(), execd.port());
            Stranger.Answer up = machine.boot(mac, here.get(), DELL);
            assertEquals(up.body(), 200, up.status());
            assertEquals(200, machine.report(up, "idle").status());
            await("its reports are overdue, and it answers", () -> {
                Stranger.Answer refused = stranger.configuration(mac);
                assertEquals(refused.body(), 409, refused.status());
                return refused.body().contains("does not report, but is up");
            });
            assertEquals(
                    409, stranger.register(token, mac, "10.66.6.6", Map.of()).status());
            String told = awaitAlarm("resource.claimed", mac);
            assertTrue(told, told.contains("asks from " + where));
        }
        await("nobody answers any more", () -> machine.configuration(mac).status() == 200);
        assertEquals(200, machine.boot(mac, address, DELL).status());
    }

    @Test
    public void whatOthersDoFromItsAddressSilencesNoMachine() throws Exception {
        machine = new Stranger(SERVER, BUSY);
        Stranger.Answer up = machine.boot(mac, address, DELL);
        int junk = 0;
        while (machine.ask(true, "GET /node/v1/nope", null, "").status() != 429) {
            assertTrue("there is a limit", ++junk < 2000);
        }
        assertEquals(200, machine.report(up, "idle").status());
        String invented = up.value("resource") + ".invented";
        while (machine.ask(true, "POST /node/v1/report", invented, "resource=1\n")
                        .status()
                != 429) {
            assertTrue("an invented token does not help", ++junk < 4000);
        }
    }

    @Test
    public void aFloodOfRefusedRegistrationsIsAFewEventsAndNamesWhoSentIt() throws Exception {
        for (int i = 0; i < 50; i++) {
            assertEquals(
                    401, stranger.register("AAAA", mac, "10.0.0.1", Map.of()).status());
        }
        List<String> told = alarms("token.invalid", where);
        assertTrue(told.toString(), !told.isEmpty() && told.size() <= 3);
    }

    @Test
    public void theAddressOfAMachineIsTheOneThatItComesFrom() throws Exception {
        Stranger.Answer refused = stranger.boot(mac, "10.66.6.6", DELL);
        assertEquals(400, refused.status());
        assertTrue(refused.body(), refused.body().contains("the address " + where));
        assertTrue(alarms("address.refused", mac).toString().contains("from " + where));
    }

    @Test
    public void anAddressThatCannotBeAMachinesIsRefused() throws Exception {
        rest.make(
                "/storage-servers",
                ("{'name':'store" + machines + "','type':'nfs','address':'10.0.0.1',"
                                + "'managementAddress':'10.0.0.2','exportRoot':'/x'}")
                        .replace('\'', '"'));
        for (String wrong : List.of("127.0.0.1", "224.0.0.1", "255.255.255.255", "10.0.0.1", "10.0.0.2")) {
            assertEquals(wrong, 400, machine.boot(mac, wrong, DELL).status());
        }
        assertEquals(200, machine.boot("02:aa:aa:aa:bb:01", "10.9.9.9", DELL).status());
        assertEquals(409, machine.boot(mac, "10.9.9.9", DELL).status());
    }

    @Test
    public void anotherMachineThatAnswersToAMacIsAnAlarmAndWaitsForAdmission() throws Exception {
        Stranger.Answer up = machine.boot(mac, address, DELL);
        machine.report(up, "stopping");
        Stranger.Answer other = machine.boot(mac, address, Map.of("vendor", "Evil", "serial", "SN-666"));
        assertEquals(200, other.status());
        assertEquals("new", resource(other).get("state").asText());
        String told = awaitAlarm("resource.changed", "SN-666");
        assertTrue(told, told.contains("serial number was SN-0815, is SN-666"));
        rest.make("/resources/" + other.value("resource") + "/actions", "{\"action\":\"admit\"}");
        await("it is idle", () -> resource(other).get("state").asText().equals("idle"));
    }

    private static JsonNode resource(Stranger.Answer registered) throws Exception {
        return rest.get("/resources/" + registered.value("resource"));
    }

    private static List<String> alarms(String type, String of) throws Exception {
        return StreamSupport.stream(rest.get("/events?limit=1000").get("items").spliterator(), false)
                .filter(event -> event.get("type").asText().equals(type))
                .map(event -> event.get("description").asText())
                .filter(text -> text.contains(of))
                .toList();
    }

    /** A machine goes on reporting while its administrator is told. */
    private static String awaitAlarm(String type, String of) throws Exception {
        await(type, () -> !alarms(type, of).isEmpty());
        return alarms(type, of).get(0);
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
