package org.qrm.rack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestWatcher;
import org.junit.runner.Description;

/**
 * Bare machines boot from the network, wait in the pool, run virtual environments, and come back; on a rack of two, with
 * the commands that an administrator types. Each test begins and ends with both machines idle.
 */
public class BareMachineIT {

    private static final String FIRST = "52:54:00:aa:00:01";
    private static final String SECOND = "52:54:00:aa:00:02";
    /** Says on the console and in the image that the image was booted. */
    private static final String MARK = "[Unit]\nDescription=Mark a boot\n[Service]\nType=oneshot\n"
            + "ExecStart=/bin/sh -c 'boot=$(cat /proc/sys/kernel/random/boot_id); "
            + "echo $boot >/var/marks/$boot; echo \"MARK $(cat /var/marks/*)\" >/dev/console'\n"
            + "[Install]\nWantedBy=multi-user.target\n";
    /** Writes to the image all the time, each boot to a file of its own. */
    private static final String BEAT = "[Unit]\nDescription=Write all the time\n[Service]\n"
            + "ExecStart=/bin/sh -c 'boot=$(cat /proc/sys/kernel/random/boot_id); "
            + "while sleep 1; do echo >>/var/beats/$boot; done'\n"
            + "[Install]\nWantedBy=multi-user.target\n";

    private static Rack rack;
    private static Server server;
    private static Bmcs bmcs;

    @Rule
    public final TestWatcher times = new TestWatcher() {
        private long began;

        @Override
        protected void starting(Description test) {
            began = System.nanoTime();
        }

        @Override
        protected void finished(Description test) {
            System.out.printf("%s took %d s%n", test.getMethodName(), (System.nanoTime() - began) / 1_000_000_000);
        }
    };

    @BeforeClass
    public static void bringUp() throws Exception {
        Path work = Path.of(System.getProperty("work"), "bare");
        rack = new Rack(work, 2);
        server = new Server(rack, work);
        server.configureDhcp();
        server.start();
        server.installKey();
        server.createStorageServer();
        bmcs = new Bmcs(rack, server);
        rack.exec("storage", "sh", "-c", "rm -f /export/debian.tar");
        Files.copy(rack.image("debian"), Rack.storage("debian.tar"));
        image("web");
        unit("web", "beats", "beat", BEAT);
        image("farm");
    }

    @AfterClass
    public static void takeDown() throws Exception {
        if (rack != null) {
            rack.close();
        }
    }

    /** Whatever the test before left, also when it failed. */
    @Before
    public void bothAreIdle() throws Exception {
        for (JsonNode environment : server.get("/virtual-environments").get("items")) {
            String name = environment.get("name").asText();
            if (!environment.get("resources").isEmpty()) {
                server.qrm("ve", "stop", name, "--force", "--wait");
            }
            server.qrm("ve", "delete", name);
        }
        rack.power("on", 1);
        rack.power("on", 2);
        server.await(
                "both machines are idle",
                "/resources?state=idle",
                list -> list.get("items").size() == 2);
    }

    @Test
    public void bareMachinesBecomeIdleWithWhatTheyAreMadeOf() throws Exception {
        Set<String> macs = new HashSet<>();
        for (JsonNode machine : server.get("/resources").get("items")) {
            assertEquals(1, machine.get("cpus").asInt());
            assertTrue(machine.toString(), machine.get("cpuMhz").asInt() > 100);
            assertTrue(machine.toString(), machine.get("memoryMb").asInt() > 400);
            assertTrue(machine.toString(), machine.get("memoryMb").asInt() <= 512);
            assertEquals(2, machine.get("nics").size());
            macs.add(machine.get("mac").asText());
        }
        assertEquals(Set.of(FIRST, SECOND), macs);
    }

    @Test
    public void idleMachinesTellWhatIsInThem() throws Exception {
        JsonNode devices = server.await(
                "the machine has looked for its devices",
                "/resources/" + FIRST + "/devices",
                list -> !list.get("items").isEmpty());
        Map<String, List<String>> models = new HashMap<>();
        for (JsonNode device : devices.get("items")) {
            models.computeIfAbsent(device.get("kind").asText(), kind -> new ArrayList<>())
                    .add(device.get("sizeMb").asText() + " "
                            + device.get("model").asText() + " "
                            + device.get("details").asText());
        }
        String all = devices.toPrettyString();
        assertEquals(
                all, Set.of("8192 QEMU NVMe Ctrl ssd nvme", "16384 Rack disk hdd"), Set.copyOf(models.get("disk")));
        assertEquals(all, List.of("512 QEMU "), models.get("memory"));
        assertTrue(all, models.get("firmware").get(0).startsWith("0 SeaBIOS "));
        assertTrue(
                all,
                models.get("pci")
                        .contains("0 Intel 82540EM Gigabit Ethernet Controller 8086:100e class 020000 driver e1000"));
        assertTrue(
                all,
                models.get("pci")
                        .contains(
                                "0 Intel 82801IR/IO/IH (ICH9R/DO/DH) 6 port [AHCI mode] 8086:2922 class 010601 driver ahci"));
        assertEquals(all, null, models.get("gpu"));
        assertEquals(17, resource(FIRST).get("diskGb").asInt());
        String found = server.qrm("resource", "list", "--device", "1-sata", "-o", "name");
        assertEquals(resource(FIRST).get("id").asText(), found.strip());
        JsonNode placement = server.get("/placement?diskGb=17&gpus=1").at("/candidates/0");
        assertTrue(placement.toString(), placement.toString().contains("it has 0 graphics processors, 1 are needed"));
    }

    /** Boot loaders do not know what to do then but to wait for somebody who presses a key. */
    @Test
    public void aMachineThatLoadsItsKernelWhileTheServerRestartsBootsYet() throws Exception {
        rack.power("cycle", 1);
        Rack.until(
                "the boot loader loads over HTTP",
                () -> !rack.exec("server", "ss", "-Htn", "state", "established", "sport = :8080")
                        .isBlank());
        server.stop();
        server.start();
        // the console since that power-on
        Rack.until("the machine registers", () -> rack.run("console", "1").contains("registered as resource"));
    }

    @Test
    public void anEnvironmentStartsRestartsAndStops() throws Exception {
        int marks = marks("web");
        server.qrm("ve", "create", "web", "--filesystem-image", "web", "--mode", "single");
        server.qrm("ve", "start", "web", "--resource", FIRST, "--wait");
        assertEquals("active", resource(FIRST).get("state").asText());
        assertEquals(
                "active", server.get("/virtual-environments/web").get("state").asText());
        assertEquals("one boot left its mark on the storage server", marks + 1, marks("web"));
        assertTrue(exports().contains(resource(FIRST).get("address").asText()));

        server.qrm("ve", "restart", "web", "--wait");
        assertEquals("active", resource(FIRST).get("state").asText());
        assertEquals(marks + 2, marks("web"));

        server.qrm("ve", "stop", "web", "--wait");
        assertEquals("idle", resource(FIRST).get("state").asText());
        assertEquals("no export is open", "", exports());
        server.qrm("ve", "delete", "web");
    }

    @Test
    public void oneSharedImageServesBothMachinesAndStaysAsItWas() throws Exception {
        String before = fingerprint("farm");
        server.qrm("ve", "create", "farm", "--filesystem-image", "farm", "--mode", "multi");
        server.qrm("ve", "start", "farm", "--count", "2", "--wait");
        String first = lastMark(1);
        String second = lastMark(2);
        assertNotEquals("each wrote to a layer of its own", first, second);
        assertEquals("a boot sees no mark but its own: " + first, 2, first.split(" ").length);
        server.qrm("ve", "stop", "farm", "--wait");
        assertEquals(before, fingerprint("farm"));
        assertEquals("", exports());
        server.qrm("ve", "delete", "farm");
    }

    @Test
    public void aKilledServerFinishesAStartAndARelease() throws Exception {
        server.qrm("ve", "create", "web", "--filesystem-image", "web", "--mode", "single");
        server.qrm("ve", "start", "web", "--resource", FIRST);
        server.await("the machine boots", "/resources/" + FIRST, state("booting"));
        server.kill();
        server.start();
        server.await("the start is finished", "/virtual-environments/web", state("active"));

        server.qrm("ve", "stop", "web");
        server.await("the machine leaves", "/resources/" + FIRST, state("releasing"));
        server.kill();
        server.start();
        server.await("the stop is finished", "/virtual-environments/web", state("inactive"));
        assertEquals("idle", resource(FIRST).get("state").asText());
        assertEquals("", exports());
        server.qrm("ve", "delete", "web");
    }

    /** Who was bound when the DHCP server began to give other addresses. */
    @Test
    public void aBoundMachineThatComesBackWithAnotherAddressMountsItsImage() throws Exception {
        int marks = marks("web");
        server.qrm("ve", "create", "web", "--filesystem-image", "web", "--mode", "single");
        server.qrm("ve", "start", "web", "--resource", FIRST, "--wait");
        String before = resource(FIRST).get("address").asText();
        try {
            server.configureDhcp("10.77.0.210", "10.77.0.219");
            server.qrm("ve", "restart", "web", "--wait");
            String after = resource(FIRST).get("address").asText();
            assertTrue(before + " became " + after, after.startsWith("10.77.0.21"));
            assertEquals("active", resource(FIRST).get("state").asText());
            assertEquals(marks + 2, marks("web"));
            assertEquals("open to where it is, and to nobody else", "Clients = " + after, exports());
        } finally {
            server.configureDhcp();
        }
        server.qrm("ve", "stop", "web", "--wait");
        assertEquals("", exports());
        server.qrm("ve", "delete", "web");
    }

    @Test
    public void machinesGoOnWhileTheAuthorityOfTheServerIsReplaced() throws Exception {
        server.qrm("ve", "create", "web", "--filesystem-image", "web", "--mode", "single");
        server.qrm("ve", "start", "web", "--resource", FIRST, "--wait");
        server.qrm("certificate", "rotate-authority");
        bothReport("by the former authority", Instant.now().plusSeconds(20));
        server.qrm("resource", "reboot", SECOND, "--wait");
        server.qrm("ve", "restart", "web", "--wait");
        server.await("it has booted", "/resources/" + SECOND, state("idle"));

        server.qrm("certificate", "forget-former");
        server.trustItsAuthority();
        bothReport("by the new authority", Instant.now().plusSeconds(20));
        assertEquals("active", resource(FIRST).get("state").asText());
        server.qrm("ve", "stop", "web", "--wait");
        assertEquals("idle", resource(FIRST).get("state").asText());
        server.qrm("ve", "delete", "web");
    }

    /** As docs/security.md says how the server itself hands such an initrd out. */
    @Test
    public void aMachineBelievesTheAuthorityInItsInitrdAndNoOther() throws Exception {
        Path work = Files.createDirectories(Path.of(System.getProperty("work"), "bare/initrd"));
        Path initrd = server.home().resolve("boot/idle/initrd.img");
        Path manifest = server.home().resolve("boot/manifest");
        Path former = Files.copy(initrd, work.resolve("former.img"));
        String listed = Files.readString(manifest);
        Path own = Files.copy(server.authority(), work.resolve("own.pem"));
        Path stranger = work.resolve("stranger.pem");
        rack.exec(
                "server",
                "sh",
                "-c",
                "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -days 30"
                        + " -subj /CN=stranger -out " + stranger);
        try {
            handOut(stranger, former, work.resolve("baked.img"), listed);
            rack.power("cycle", 2);
            Rack.until(
                    "it does not believe this server",
                    () -> rack.run("console", "2").contains("is not trusted"));
            handOut(own, former, work.resolve("baked.img"), listed);
            rack.power("cycle", 2);
            Rack.until("it registers", () -> rack.run("console", "2").contains("registered as resource"));
            server.await("it is idle", "/resources/" + SECOND, state("idle"));
        } finally {
            server.stop();
            Files.copy(former, initrd, StandardCopyOption.REPLACE_EXISTING);
            Files.writeString(manifest, listed);
            server.start();
        }
    }

    /** Lets the server boot machines from that initrd, with that certificate in it. */
    private static void handOut(Path authority, Path initrd, Path baked, String manifest) throws Exception {
        String said = server.run("qrm-initrd", authority.toString(), baked.toString(), initrd.toString());
        String digest = said.strip().substring(said.strip().lastIndexOf(' ') + 1);
        assertTrue(said, digest.matches("[0-9a-f]{64}"));
        server.stop();
        Path boot = server.home().resolve("boot");
        Files.copy(baked, boot.resolve("idle/initrd.img"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(
                boot.resolve("manifest"),
                manifest.replaceAll("(?m)^idle/initrd\\.img=.*$", "idle/initrd.img=" + digest));
        server.start();
    }

    private static void bothReport(String what, Instant since) throws Exception {
        for (String mac : List.of(FIRST, SECOND)) {
            server.await(
                    mac + " reports, " + what,
                    "/resources/" + mac,
                    machine -> Instant.parse(machine.path("lastSeen").asText()).isAfter(since));
        }
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
        server.qrm("ve", "create", "web", "--filesystem-image", "web", "--mode", "single", "--heal", "restart");
        long started = System.nanoTime();
        server.qrm("ve", "start", "web", "--resource", FIRST, "--wait");
        long plain = System.nanoTime() - started;
        int marks = marks("web");
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
            long again = System.nanoTime();
            System.out.printf(
                    "MEASURED a plain start: %d s; from the cut to active on another machine: %d s, of which it was not known to"
                            + " be lost for %d s%n",
                    TimeUnit.NANOSECONDS.toSeconds(plain),
                    TimeUnit.NANOSECONDS.toSeconds(again - cut),
                    TimeUnit.NANOSECONDS.toSeconds(lost - cut));
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
        server.await("what was lost is idle", "/resources/" + FIRST, state("idle"));
        server.qrm("ve", "stop", "web", "--wait");
        server.qrm("ve", "delete", "web");
    }

    /** Its QEMU is killed. It was switched on by Redfish before, and is asked by it whether it is off. */
    @Test
    public void anEnvironmentWhoseMachineDiesStartsOnAnotherOneWithItsImage() throws Exception {
        String password = bmcs.redfish(2, SECOND);
        server.qrm("resource", "power-off", SECOND, "--wait");
        assertEquals("off", rack.run("power", "status", "2").strip());
        server.qrm("ve", "create", "web", "--filesystem-image", "web", "--mode", "single", "--heal", "restart");
        long began = System.nanoTime();
        server.qrm("ve", "start", "web", "--resource", SECOND, "--wait");
        long fromOff = System.nanoTime() - began;
        assertEquals("on", rack.run("power", "status", "2").strip());
        int marks = marks("web");
        long died = System.nanoTime();
        rack.power("off", 2);
        server.await("it is lost", "/virtual-environments/web", state("error"));
        long lost = System.nanoTime();
        server.await("it is active again", "/virtual-environments/web", state("active"));
        System.out.printf(
                "MEASURED a start of a machine that is off: %d s; from the death of a machine to active on another one: %d s, of"
                        + " which it was not known to be lost for %d s%n",
                TimeUnit.NANOSECONDS.toSeconds(fromOff),
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - died),
                TimeUnit.NANOSECONDS.toSeconds(lost - died));
        assertEquals("active", resource(FIRST).get("state").asText());
        assertEquals("off", resource(SECOND).get("state").asText());
        assertEquals("it sees what the other one wrote", marks + 1, marks("web"));
        assertEquals("Clients = " + resource(FIRST).get("address").asText(), exports());
        assertNeverTwoWrote();
        assertFalse("no secret in the log", Files.readString(server.log()).contains(password));
        rack.power("on", 2);
        server.await("what was lost is idle", "/resources/" + SECOND, state("idle"));
        server.qrm("ve", "stop", "web", "--wait");
        server.qrm("ve", "delete", "web");
    }

    /** Its BMC is silent, its cable is pulled, and it runs on: its storage takes nothing from it when the cable is there again. */
    @Test
    public void whatCannotBeSwitchedOffStartsOnAnotherOneOnceItsImageIsClosedToIt() throws Exception {
        bmcs.redfish(2, SECOND);
        server.qrm("ve", "create", "web", "--filesystem-image", "web", "--mode", "single", "--heal", "restart");
        server.qrm("ve", "start", "web", "--resource", SECOND, "--wait");
        int marks = marks("web");
        links(2, "down");
        bmcs.freeze(2);
        try {
            server.await("it is lost", "/virtual-environments/web", state("error"));
            server.await("it is active again", "/virtual-environments/web", state("active"));
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
        server.qrm("ve", "stop", "web", "--wait");
        server.qrm("ve", "delete", "web");
    }

    /** Nobody switches it off, and nobody closes its image. The server is killed while it fences, and while the other machine boots. */
    @Test
    public void whatCannotBeFencedStartsNowhereUntilAPersonConfirms() throws Exception {
        bmcs.redfish(2, SECOND);
        server.qrm("ve", "create", "web", "--filesystem-image", "web", "--mode", "single", "--heal", "restart");
        server.qrm("ve", "start", "web", "--resource", SECOND, "--wait");
        int marks = marks("web");
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
        server.await("what was lost is idle", "/resources/" + SECOND, state("idle"));
        server.qrm("ve", "stop", "web", "--wait");
        server.qrm("ve", "delete", "web");
    }

    /** Until its key is installed again. */
    private static void lockOutOfStorage() throws Exception {
        Files.write(Path.of("/var/lib/qrm-rack", Rack.NAME, "hosts/storage/ssh/authorized_keys"), new byte[0]);
    }

    private static void image(String name) throws Exception {
        server.qrm(
                "filesystem-image",
                "create",
                name,
                "--storage-server",
                "NFS-server",
                "--archive",
                "/export/debian.tar",
                "--wait");
        unit(name, "marks", "mark", MARK);
    }

    /** One that is started in that image, and a folder below {@code /var} that it writes to. */
    private static void unit(String image, String folder, String name, String text) throws Exception {
        Path root = Rack.storage(image);
        Files.createDirectories(root.resolve("var").resolve(folder));
        Files.writeString(root.resolve("etc/systemd/system/" + name + ".service"), text);
        Path wants = Files.createDirectories(root.resolve("etc/systemd/system/multi-user.target.wants"));
        Files.createSymbolicLink(wants.resolve(name + ".service"), Path.of("/etc/systemd/system/" + name + ".service"));
    }

    private static int marks(String image) throws Exception {
        return Integer.parseInt(rack.exec("storage", "sh", "-c", "ls /export/" + image + "/var/marks | wc -l")
                .strip());
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

    /** Clients in the export files, all together. */
    private static String exports() throws Exception {
        return rack.exec(
                        "storage",
                        "sh",
                        "-c",
                        "cat /etc/ganesha/exports.d/* 2>/dev/null | grep -o 'Clients = [0-9.]*' || true")
                .strip();
    }

    private static String fingerprint(String image) throws Exception {
        return rack.exec(
                "storage",
                "sh",
                "-c",
                "cd /export/" + image + " && find . -printf '%p %m %U %s %T@ %l\\n' | LC_ALL=C sort | sha256sum");
    }

    private static String lastMark(int machine) throws Exception {
        return rack.console(machine)
                .lines()
                .filter(line -> line.contains("MARK "))
                .reduce((one, next) -> next)
                .map(line -> line.substring(line.indexOf("MARK ")).strip())
                .orElseThrow(() -> new AssertionError("machine " + machine + " left no mark"));
    }

    private static JsonNode resource(String mac) throws Exception {
        return server.get("/resources/" + mac);
    }

    private static Predicate<JsonNode> state(String state) {
        return node -> node.path("state").asText().equals(state);
    }
}
