package org.qrm.rack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.BeforeClass;
import org.junit.Test;

/** Bare machines, one with a BIOS and one with UEFI, boot from the network, wait in the pool, run virtual environments, and come back. */
public class BareMachineIT extends BareSite {

    @BeforeClass
    public static void bringUp() throws Exception {
        bringUp("bare");
        rack.power("on", 2, "--firmware", "uefi");
        image("farm");
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
        String first = resource(FIRST).get("id").asText();
        server.await(
                "an environment that needs a device of the first machine would go there",
                "/placement?devices=1-sata,ahci",
                plan -> plan.at("/chosen/0").asText().equals(first));
        JsonNode nobody = server.get("/placement?devices=2-sata,ahci");
        assertFalse(
                "UEFI machines of the rack have no such disk: " + nobody,
                nobody.get("possible").asBoolean());
    }

    /** Boot loaders do not know what to do then but to wait for somebody who presses a key. */
    @Test
    public void aMachineThatLoadsItsKernelWhileTheServerRestartsBootsYet() throws Exception {
        rack.power("cycle", 1);
        Rack.until("the boot loader loads over HTTP", () -> server.isLoadedFrom());
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

    /** As docs/security.md says how the server itself hands it out. */
    @Test
    public void aMachineBelievesTheAuthorityInItsInitrdAndNoOther() throws Exception {
        Path stranger = Files.createDirectories(Path.of(System.getProperty("work"), "bare/initrd"))
                .resolve("stranger.pem");
        rack.exec(
                "server",
                "sh",
                "-c",
                "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -days 30"
                        + " -subj /CN=stranger -out " + stranger);
        Path archive = Files.createDirectories(server.data().resolve("idle")).resolve("authority.img");
        try {
            handOut(stranger, archive);
            rack.power("cycle", 1);
            Rack.until(
                    "it does not believe this server",
                    () -> rack.run("console", "1").contains("is not trusted"));
            handOut(server.authority(), archive);
            rack.power("cycle", 1);
            Rack.until("it registers", () -> rack.run("console", "1").contains("registered as resource"));
            server.await("it is idle", "/resources/" + FIRST, state("idle"));
        } finally {
            server.stop();
            Files.delete(archive);
            server.start();
        }
    }

    /** Lets the server boot machines with that certificate in their initrd. */
    private static void handOut(Path authority, Path archive) throws Exception {
        server.run("qrm-initrd", "--authority", authority.toString(), archive.toString());
        server.stop();
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
}
