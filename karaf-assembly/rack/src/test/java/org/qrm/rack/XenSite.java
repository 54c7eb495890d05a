package org.qrm.rack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;

/** A rack with a fresh server, and the steps that lead to a Xen host on it. */
public abstract class XenSite {

    static final String HOST = "52:54:00:aa:00:01";
    static final String BARE = "52:54:00:aa:00:02";
    static final Duration LONG = Duration.ofMinutes(20);

    /** The seven answers; the type is the one that is proposed. */
    static final String WIZARD = String.join(
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

    final List<String> times = new ArrayList<>();
    Rack rack;
    Server server;
    long began;

    private final String firmware;
    private final String[] settings;

    /** @param settings of the server, {@code NAME=VALUE} */
    XenSite(String firmware, String... settings) {
        this.firmware = firmware;
        this.settings = settings;
    }

    @Before
    public void aFreshServer() throws Exception {
        Path work = Path.of(System.getProperty("work"), getClass().getSimpleName());
        rack = new Rack(work, 2, "--source", "xen");
        server = new Server(rack, work);
        server.configureDhcp();
        startTheServer();
    }

    void startTheServer() throws Exception {
        server.start(settings);
    }

    @After
    public void takeDown() throws IOException {
        times.forEach(System.out::println);
        if (rack != null) {
            rack.close();
        }
    }

    void powerOn() throws IOException {
        rack.power("on", 1, "--memory", "2048", "--firmware", firmware);
        rack.power("on", 2);
    }

    void install() throws Exception {
        powerOn();
        plugin("register");
        Rack.Result refused = server.type(WIZARD, "qrm-configurator");
        assertTrue("the line to install is shown: " + refused, refused.output().contains(key()));
        server.installKey();
        step();
        Rack.Result configured = server.type(WIZARD, "qrm-configurator");
        assertEquals(configured.output(), 0, configured.status());
        whenConfigured();
        plugin("install");
        plugin("run_once");
        took("install");
        assertInstalled();
    }

    void assertInstalled() throws Exception {
        assertEquals(
                "multiboot",
                server.get("/boot-images/Xen_kernel_1_0").get("loader").asText());
        assertEquals(
                "ready",
                server.get("/filesystem-images/Xen_image_1_0").get("state").asText());
    }

    /** What else happens before the plug-in is installed. */
    void whenConfigured() throws Exception {}

    String key() throws Exception {
        return Files.readString(server.publicKey()).strip().split(" ")[1];
    }

    void startTheHost() throws Exception {
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

    /** The host's tool, past the server: what an administrator might do there. */
    String onHost(String... words) throws Exception {
        String command = Stream.concat(
                        Stream.of("xen/manage"),
                        Stream.of(words)
                                .map(word -> Base64.getUrlEncoder()
                                        .withoutPadding()
                                        .encodeToString(word.getBytes(StandardCharsets.UTF_8))))
                .collect(Collectors.joining(" "));
        Rack.Result result =
                server.ssh(server.get("/resources/" + HOST).get("address").asText(), 8022, command);
        assertEquals(command + " printed " + result.output(), 0, result.status());
        return result.output();
    }

    void plugin(String action) throws IOException {
        server.run("qrm-plugin", "-u", "admin", "-p", Server.PASSWORD, "xen", action);
    }

    void image(String name) throws IOException {
        server.createImage(name);
    }

    void step() {
        began = System.nanoTime();
    }

    void took(String what) {
        times.add("%s took %d s".formatted(what, (System.nanoTime() - began) / 1_000_000_000));
    }

    static Predicate<JsonNode> state(String state) {
        return node -> node.path("state").asText().equals(state);
    }
}
