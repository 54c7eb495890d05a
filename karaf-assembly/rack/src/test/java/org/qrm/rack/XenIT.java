package org.qrm.rack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/**
 * A fresh server makes a machine a Xen host, and its partitions ordinary resources, with the commands that an
 * administrator types; and takes it all back. On real Xen, which takes minutes without hardware virtualization.
 */
public class XenIT {

    private static final String HOST = "52:54:00:aa:00:01";
    private static final String BARE = "52:54:00:aa:00:02";
    private static final Duration LONG = Duration.ofMinutes(20);

    /** The seven answers; the type is the one that is proposed. */
    private static final String WIZARD = String.join(
            "\n",
            "pluginconf",
            "xen",
            "10.77.0.10",
            "NFS-server",
            "/export/Xen_image_1_0",
            "10.77.0.2",
            "10.77.0.3",
            "",
            "10.77.0.1",
            "q",
            "");

    private final List<String> times = new ArrayList<>();
    private Rack rack;
    private Server server;
    private long began;

    @Before
    public void aFreshServer() throws Exception {
        Path work = Path.of(System.getProperty("work"));
        rack = new Rack(work, 2, "--source", "xen");
        server = new Server(rack, work);
        Files.writeString(
                server.configuration("org.qrm.plugin.dnsmasq.cfg"),
                "mode = full\ninterface = br0\nrangeStart = 10.77.0.100\nrangeEnd = 10.77.0.200\n");
        server.start();
    }

    @After
    public void takeDown() throws IOException {
        times.forEach(System.out::println);
        if (rack != null) {
            rack.close();
        }
    }

    @Test
    public void theReferenceScenario() throws Exception {
        install();
        startTheHost();
        partition();
        useThePartitions();
        undo();
    }

    private void install() throws Exception {
        rack.power("on", 1, "--memory", "2048");
        rack.power("on", 2);
        plugin("register");
        Rack.Result refused = server.type(WIZARD, "qrm-configurator");
        assertTrue("the line to install is shown: " + refused, refused.output().contains(key()));
        rack.run("authorize", "storage", server.publicKey().toString());
        rack.run("authorize", "source", server.publicKey().toString());
        step();
        Rack.Result configured = server.type(WIZARD, "qrm-configurator");
        assertEquals(configured.output(), 0, configured.status());
        plugin("install");
        plugin("run_once");
        took("install");
        assertEquals(
                "multiboot",
                server.get("/boot-images/Xen_kernel_1_0").get("loader").asText());
        assertEquals(
                "ready",
                server.get("/filesystem-images/Xen_image_1_0").get("state").asText());
    }

    private String key() throws Exception {
        return Files.readString(server.publicKey()).strip().split(" ")[1];
    }

    private void startTheHost() throws Exception {
        server.await(
                "both machines are idle",
                "/resources?state=idle",
                list -> list.get("items").size() == 2);
        server.run(
                "qrm",
                "ve",
                "create",
                "xenhost",
                "--boot-image",
                "Xen_kernel_1_0",
                "--filesystem-image",
                "Xen_image_1_0",
                "--mode",
                "multi",
                "--partitioning",
                "xen");
        step();
        server.qrm("ve", "start", "xenhost", "--resource", HOST, "--wait");
        took("host active");
        JsonNode host = server.get("/resources/" + HOST);
        assertEquals("active", host.get("state").asText());
        assertTrue(
                "the machine is as large as before: " + host,
                host.get("memoryMb").asInt() > 1800);
        assertTrue(
                "the network parameters are on the kernel's own line",
                rack.console(1).contains("qrm.mac=" + HOST));
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
        String archive = rack.run("image", "debian").strip();
        Files.copy(Path.of(archive), storage("debian.tar"));
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
        String refused = server.refused("qrm", "ve", "stop", "xenhost");
        assertTrue(refused, refused.contains("runs web"));
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
        assertFalse(Files.exists(storage("Xen_image_1_0")));
        assertEquals("idle", server.get("/resources/" + HOST).get("state").asText());
        assertEquals("idle", server.get("/resources/" + BARE).get("state").asText());
    }

    private void plugin(String action) throws IOException {
        server.run("qrm-plugin", "-u", "admin", "-p", Server.PASSWORD, "xen", action);
    }

    private void image(String name) throws IOException {
        server.qrm(
                "filesystem-image",
                "create",
                name,
                "--storage-server",
                "NFS-server",
                "--archive",
                "/export/debian.tar",
                "--wait");
    }

    private void step() {
        began = System.nanoTime();
    }

    private void took(String what) {
        times.add("%s took %d s".formatted(what, (System.nanoTime() - began) / 1_000_000_000));
    }

    private static Path storage(String name) {
        return Path.of("/var/lib/qrm-rack/qrm-it/storage/export", name);
    }

    private static Predicate<JsonNode> state(String state) {
        return node -> node.path("state").asText().equals(state);
    }
}
