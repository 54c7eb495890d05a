package org.qrm.rack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.BeforeClass;
import org.junit.Test;

/** Bare machines are off, die, or are cut off: what ran on them starts on another one, once they write no more. */
public class LostMachineIT extends BareSite {

    /** Writes to the image all the time, each boot to a file of its own. */
    private static final String BEAT = "[Unit]\nDescription=Write all the time\n[Service]\n"
            + "ExecStart=/bin/sh -c 'boot=$(cat /proc/sys/kernel/random/boot_id); "
            + "while sleep 1; do echo >>/var/beats/$boot; done'\n"
            + "[Install]\nWantedBy=multi-user.target\n";

    private static Bmcs bmcs;

    @BeforeClass
    public static void bringUp() throws Exception {
        bringUp("lost");
        unit("web", "beats", "beat", BEAT);
        bmcs = new Bmcs(rack, server);
    }

    @Test
    public void aMachineSwitchedOffHalfWayIsAnErrorInTimeAndComesBackByItself() throws Exception {
        server.stop();
        server.start("QRM_BOOT_SECONDS=60", "QRM_RELEASE_SECONDS=60");
        server.await(
                "both machines are back",
                "/resources?state=idle",
                list -> list.get("items").size() == 2);
        server.qrm("ve", "create", "web", "--filesystem-image", "web", "--mode", "single");
        server.qrm("ve", "start", "web", "--resource", FIRST);
        server.await("the machine boots", "/resources/" + FIRST, state("booting"));
        rack.power("off", 1);
        JsonNode environment = server.await("the start has failed", "/virtual-environments/web", state("error"));
        assertTrue(
                environment.toString(),
                environment.get("reason").asText().contains("not active within 60 s: node-525400aa0001 "));
        server.await(
                "an event says so",
                "/events?subject=virtual-environment/web",
                list -> list.toString().contains("operation.failed"));
        server.await("the machine counts as lost", "/resources/" + FIRST, state("error"));
        assertEquals("", exports());
        rack.power("on", 1);
        server.await("the machine is back", "/resources/" + FIRST, state("idle"));
        server.qrm("ve", "delete", "web");
        server.stop();
        server.start();
    }

    @Test
    public void aMachineThatIsOffIsSwitchedOnByItsBmcForAnEnvironment() throws Exception {
        String password = bmcs.ipmi(1, FIRST);
        String power = server.qrm("resource", "power", FIRST);
        assertTrue(power, power.contains("on"));
        server.qrm("resource", "power-off", FIRST, "--wait");
        assertEquals("off", resource(FIRST).get("state").asText());
        assertEquals("off", rack.run("power", "status", "1").strip());

        server.qrm("ve", "create", "web", "--filesystem-image", "web", "--mode", "single");
        String plan = server.qrm("ve", "start", "web", "--resource", FIRST, "--dry-run");
        assertTrue(plan, plan.contains("switched on"));
        server.qrm("ve", "start", "web", "--resource", FIRST, "--wait");
        assertEquals("active", resource(FIRST).get("state").asText());
        assertEquals("on", rack.run("power", "status", "1").strip());
        server.qrm("ve", "stop", "web", "--wait");
        server.qrm("ve", "delete", "web");
        String log = Files.readString(server.log());
        assertFalse("no secret in the log", log.contains(password));
    }

    /** Its cable is pulled: it runs on, and writes. */
    @Test
    public void anEnvironmentWhoseMachineIsCutOffStartsOnAnotherOneOnceThatIsOff() throws Exception {
        bmcs.ipmi(1, FIRST);
        int marks = runs(FIRST);
        String plan = server.qrm("ve", "heal", "web", "--dry-run");
        assertTrue(plan, plan.contains("node-525400aa0002"));
        long cut = System.nanoTime();
        links(1, "down");
        try {
            // before it is lost: it may be fenced within a second
            assertEquals("on", rack.run("power", "status", "1").strip());
            server.await("it is lost", "/virtual-environments/web", state("error"));
            long lost = System.nanoTime();
            server.await("it is active again", "/virtual-environments/web", state("active"));
            measured("from the cut to active on another machine", cut, lost);
            assertEquals("active", resource(SECOND).get("state").asText());
            assertEquals("off", resource(FIRST).get("state").asText());
            assertEquals("off", rack.run("power", "status", "1").strip());
            assertEquals(marks + 1, marks("web"));
            assertEquals("Clients = " + resource(SECOND).get("address").asText(), exports());
            assertNeverTwoWrote();
        } finally {
            links(1, "up");
        }
        rack.power("on", 1);
        comesBack(FIRST);
    }

    /** Its QEMU is killed. It was switched on by Redfish before, and is asked by it whether it is off. */
    @Test
    public void anEnvironmentWhoseMachineDiesStartsOnAnotherOneWithItsImage() throws Exception {
        String password = bmcs.redfish(2, SECOND);
        server.qrm("resource", "power-off", SECOND, "--wait");
        assertEquals("off", rack.run("power", "status", "2").strip());
        int marks = runs(SECOND);
        assertEquals("on", rack.run("power", "status", "2").strip());
        long died = System.nanoTime();
        rack.power("off", 2);
        server.await("it is lost", "/virtual-environments/web", state("error"));
        long lost = System.nanoTime();
        server.await("it is active again", "/virtual-environments/web", state("active"));
        measured("from the death of a machine to active on another one", died, lost);
        assertEquals("active", resource(FIRST).get("state").asText());
        assertEquals("off", resource(SECOND).get("state").asText());
        assertEquals("it sees what the other one wrote", marks + 1, marks("web"));
        assertEquals("Clients = " + resource(FIRST).get("address").asText(), exports());
        assertNeverTwoWrote();
        assertFalse("no secret in the log", Files.readString(server.log()).contains(password));
        rack.power("on", 2);
        comesBack(SECOND);
    }

    /** Its BMC is silent, its cable is pulled, and it runs on: its storage takes nothing from it when the cable is there again. */
    @Test
    public void whatCannotBeSwitchedOffStartsOnAnotherOneOnceItsImageIsClosedToIt() throws Exception {
        bmcs.redfish(2, SECOND);
        int marks = runs(SECOND);
        bmcs.freeze(2);
        long cut = System.nanoTime();
        links(2, "down");
        try {
            server.await("it is lost", "/virtual-environments/web", state("error"));
            long lost = System.nanoTime();
            server.await("it is active again", "/virtual-environments/web", state("active"));
            measured("from the cut to active on another machine, fenced by storage", cut, lost);
            assertEquals("active", resource(FIRST).get("state").asText());
            assertEquals("error", resource(SECOND).get("state").asText());
            assertEquals("on", rack.run("power", "status", "2").strip());
            assertEquals(marks + 1, marks("web"));
            assertEquals("Clients = " + resource(FIRST).get("address").asText(), exports());
            links(2, "up");
            server.await("what was lost restarts, and is idle", "/resources/" + SECOND, state("idle"));
            assertEquals("on", rack.run("power", "status", "2").strip());
            assertEquals(marks + 1, marks("web"));
            assertNeverTwoWrote();
        } finally {
            bmcs.goOn(2);
            links(2, "up");
        }
        comesBack(SECOND);
    }

    /** Nobody switches it off, and nobody closes its image. The server is killed while it fences, and while the other machine boots. */
    @Test
    public void whatCannotBeFencedStartsNowhereUntilAPersonConfirms() throws Exception {
        bmcs.redfish(2, SECOND);
        int marks = runs(SECOND);
        String lost = resource(SECOND).get("name").asText();
        String writes = exports();
        lockOutOfStorage();
        links(2, "down");
        bmcs.freeze(2);
        try {
            server.await(
                    "it is being fenced",
                    "/operations?subject=virtual-environment/web&kind=virtual-environment.heal",
                    list -> list.at("/items/0/steps/1/state").asText().equals("running"));
            server.kill();
            server.start();
            JsonNode told = server.await(
                    "a person is asked",
                    "/events?subject=virtual-environment/web&type=healing.unfenced",
                    list -> !list.get("items").isEmpty());
            assertTrue(told.toString(), told.toString().contains("qrm ve confirm-fenced web " + lost));
            assertEquals("idle", resource(FIRST).get("state").asText());
            assertEquals(
                    "error",
                    server.get("/virtual-environments/web").get("state").asText());
            assertEquals("it may still write, and nobody else", writes, exports());
            assertEquals(marks, marks("web"));
            assertEquals("on", rack.run("power", "status", "2").strip());

            rack.power("off", 2);
            server.installKey();
            server.qrm("ve", "confirm-fenced", "web", lost);
            server.await("the other one boots", "/resources/" + FIRST, state("booting"));
            server.kill();
            server.start();
            server.await("it is active again", "/virtual-environments/web", state("active"));
            assertEquals("active", resource(FIRST).get("state").asText());
            assertEquals("off", resource(SECOND).get("state").asText());
            assertEquals(marks + 1, marks("web"));
            assertEquals("Clients = " + resource(FIRST).get("address").asText(), exports());
            assertNeverTwoWrote();
        } finally {
            server.installKey();
            bmcs.goOn(2);
            links(2, "up");
        }
        rack.power("on", 2);
        comesBack(SECOND);
    }

    /** @return how often the image was booted by then */
    private static int runs(String machine) throws Exception {
        server.qrm("ve", "create", "web", "--filesystem-image", "web", "--mode", "single", "--heal", "restart");
        String state = resource(machine).get("state").asText();
        long began = System.nanoTime();
        server.qrm("ve", "start", "web", "--resource", machine, "--wait");
        System.out.printf("MEASURED a start on a machine that is %s: %d s%n", state, seconds(began, System.nanoTime()));
        return marks("web");
    }

    private static void comesBack(String machine) throws Exception {
        server.await("what was lost is idle", "/resources/" + machine, state("idle"));
        server.qrm("ve", "stop", "web", "--wait");
        server.qrm("ve", "delete", "web");
    }

    /** @param lost when it was known to be lost; it is active now */
    private static void measured(String what, long from, long lost) {
        System.out.printf(
                "MEASURED %s: %d s, of which it was not known to be lost for %d s%n",
                what, seconds(from, System.nanoTime()), seconds(from, lost));
    }

    private static long seconds(long from, long to) {
        return TimeUnit.NANOSECONDS.toSeconds(to - from);
    }

    /** Until its key is installed again. */
    private static void lockOutOfStorage() throws Exception {
        Files.write(Path.of("/var/lib/qrm-rack", Rack.NAME, "hosts/storage/ssh/authorized_keys"), new byte[0]);
    }

    /** By the clock of the storage server: each boot wrote for the last time before the next one wrote for the first time. */
    private static void assertNeverTwoWrote() throws Exception {
        List<double[]> boots = rack.exec("storage", "sh", "-c", "stat -c '%.9W %.9Y' /export/web/var/beats/*")
                .lines()
                .map(line -> Stream.of(line.split(" "))
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .sorted(Comparator.comparingDouble(boot -> boot[0]))
                .toList();
        assertTrue("two boots at least wrote, and when is known", boots.size() >= 2 && boots.get(0)[0] > 0);
        for (int each = 1; each < boots.size(); each++) {
            double last = boots.get(each - 1)[1];
            double first = boots.get(each)[0];
            assertTrue("at " + first + " one began to write, at " + last + " one still wrote", last < first);
        }
    }

    private static void links(int machine, String how) throws Exception {
        for (int card = 1; card <= 2; card++) {
            rack.exec("server", "ip", "link", "set", "tap" + machine + "." + card, how);
        }
    }
}
