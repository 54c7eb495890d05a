package org.qrm.rack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Test;

/**
 * A fresh server makes a machine a Xen host, and its partitions ordinary resources, with the commands that an
 * administrator types; and takes it all back. On real Xen, which takes minutes without hardware virtualization.
 */
public class XenIT extends XenSite {

    public XenIT() {
        super("bios");
    }

    @Test
    public void theReferenceScenario() throws Exception {
        install();
        startTheHost();
        partition();
        useThePartitions();
        undo();
    }

    private void partition() throws Exception {
        String refused = server.refused("qrm", "partition", "create", HOST, "--memory-mb", "4000");
        assertTrue(refused, refused.contains("MiB are needed") && refused.contains("for the host itself"));
        server.refused("qrm", "partition", "create", HOST, "--memory-mb", "256", "--cpus", "2");
        step();
        server.qrm("partition", "create", HOST, "--cpus", "1", "--cpu-mhz", "700", "--memory-mb", "256", "--wait");
        took("first partition idle");
        step();
        server.qrm("partition", "create", HOST, "--cpus", "1", "--memory-mb", "384", "--wait");
        took("second partition idle");
        JsonNode idle = server.get("/resources?kind=partition&state=idle").get("items");
        assertEquals(idle.toString(), 2, idle.size());
        assertEquals(256, idle.get(0).get("memoryMb").asInt());
        assertEquals(700, idle.get(0).get("cpuMhz").asInt());
        assertEquals(384, idle.get(1).get("memoryMb").asInt());
    }

    /** On a partition and on a bare machine at the same time, with the same commands. */
    private void useThePartitions() throws Exception {
        Files.copy(rack.image("debian"), Rack.storage("debian.tar"));
        image("web");
        image("bare");
        server.qrm(
                "ve",
                "create",
                "web",
                "--filesystem-image",
                "web",
                "--mode",
                "single",
                "--runs-on",
                "partition:xen",
                "--memory-mb",
                "384");
        server.qrm("ve", "create", "bare", "--filesystem-image", "bare", "--mode", "single");
        String plan = server.qrm("ve", "start", "web", "--dry-run");
        assertTrue(plan, plan.contains("it has 256 MiB of memory, 384 are needed"));
        assertTrue(plan, plan.contains("it is no partition of xen"));
        step();
        server.qrm("ve", "start", "web");
        server.qrm("ve", "start", "bare");
        server.await("the bare machine runs", "/virtual-environments/bare", LONG, state("active"));
        server.await("the partition runs", "/virtual-environments/web", LONG, state("active"));
        took("both environments active");
        theBundleIsUpdatedMeanwhile();
        String refused = server.refused("qrm", "ve", "stop", "xenhost");
        assertTrue(refused, refused.contains("runs web"));
    }

    private void theBundleIsUpdatedMeanwhile() throws Exception {
        Path bundle;
        try (Stream<Path> all = Files.walk(server.home().resolve("system"))) {
            bundle = all.filter(it -> it.getFileName().toString().matches("org\\.qrm\\.plugin\\.xen-.*\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
        List<String> before = domains();
        server.karaf("bundle:update org.qrm.plugin.xen file:" + bundle.toRealPath());
        server.await(
                "the plug-in is there again",
                "/plugins/xen",
                plugin -> plugin.get("present").asBoolean());
        assertEquals("the domains run on", before, domains());
        server.await(
                "the host answers again",
                "/resources/" + HOST + "/capacity",
                LONG,
                capacity -> capacity.get("memoryFreeMb").asLong() > 0);
        assertEquals("active", server.get("/plugins/xen").get("state").asText());
        assertEquals("active", server.get("/resources/" + HOST).get("state").asText());
        assertEquals(
                "active", server.get("/virtual-environments/web").get("state").asText());
    }

    /** What runs on the host, by its own word: MACs and states. */
    private List<String> domains() throws Exception {
        return onHost("list")
                .lines()
                .map(line -> line.split(" ")[0] + " " + line.split(" ")[1])
                .sorted()
                .toList();
    }

    private void undo() throws Exception {
        step();
        server.qrm("ve", "stop", "web");
        server.qrm("ve", "stop", "bare");
        server.await("the partition is left", "/virtual-environments/web", LONG, state("inactive"));
        server.await("the bare machine is left", "/virtual-environments/bare", LONG, state("inactive"));
        took("both environments stopped");
        assertEquals(
                2,
                server.get("/resources?kind=partition&state=idle").get("items").size());
        step();
        server.qrm("ve", "stop", "xenhost", "--wait");
        took("host idle again");
        JsonNode machine = server.get("/resources/" + HOST);
        assertEquals("idle", machine.get("state").asText());
        assertEquals(0, server.get("/resources?kind=partition").get("items").size());
        server.qrm("ve", "delete", "xenhost");
        server.qrm("ve", "delete", "web");
        server.qrm("ve", "delete", "bare");
        server.qrm("filesystem-image", "delete", "web", "--wait");
        server.qrm("filesystem-image", "delete", "bare", "--wait");
        plugin("uninstall");
        assertEquals(1, server.get("/boot-images").get("items").size());
        assertEquals(0, server.get("/filesystem-images").get("items").size());
        assertEquals(0, server.get("/storage-servers").get("items").size());
        assertEquals("available", server.get("/plugins/xen").get("state").asText());
        assertFalse(Files.exists(Rack.storage("Xen_image_1_0")));
        assertEquals("idle", server.get("/resources/" + HOST).get("state").asText());
        assertEquals("idle", server.get("/resources/" + BARE).get("state").asText());
    }
}
