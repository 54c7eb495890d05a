package org.qrm.rack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Test;

/** What goes wrong on a Xen host, one after the other, since the host alone takes minutes. Behind {@code ./verify --long}. */
public class XenFaultsIT extends XenSite {

    private static final String PARTITIONS = "/resources/" + HOST + "/partitions";

    @Test
    public void aHostAndItsPartitionsSurviveWhatHappensToThem() throws Exception {
        install();
        startTheHost();
        theServerIsKilledWhilePartitionsAreCreated();
        aPartitionIsDestroyedBehindTheServersBack();
        theBundleIsUpdatedWhilePartitionsRun();
        theHostsPowerIsCycled();
    }

    private void theServerIsKilledWhilePartitionsAreCreated() throws Exception {
        step();
        server.qrm("partition", "create", HOST, "--count", "2", "--memory-mb", "256");
        server.await(
                "one is being created",
                PARTITIONS,
                LONG,
                list -> list.toString().contains("\"creating\""));
        server.kill();
        server.start();
        server.await(
                "both wait",
                "/resources?kind=partition&state=idle",
                LONG,
                list -> list.get("items").size() == 2);
        assertEquals(2, onHost("list").lines().count());
        took("creation of two, with a killed server,");
    }

    private void aPartitionIsDestroyedBehindTheServersBack() throws Exception {
        step();
        JsonNode victim = server.get(PARTITIONS).get("items").get(0);
        onHost("stop", victim.get("mac").asText(), "force");
        server.await("it is missed", "/partitions/" + victim.get("id").asText(), state("stopped"));
        server.await(
                "an event says so",
                "/events?subject=resource/" + victim.get("id").asText(),
                list -> list.toString().contains("partition.lost"));
        assertEquals(
                "off",
                server.get("/resources/" + victim.get("id").asText())
                        .get("state")
                        .asText());
        took("noticing a destroyed partition");
        step();
        server.qrm("partition", "start", victim.get("id").asText(), "--wait");
        took("its start");
    }

    private void theBundleIsUpdatedWhilePartitionsRun() throws Exception {
        String before = onHost("list");
        Path bundle;
        try (Stream<Path> all = Files.walk(server.configuration("..").resolve("system"))) {
            bundle = all.filter(it -> it.getFileName().toString().matches("org\\.qrm\\.plugin\\.xen-.*\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
        server.karaf("bundle:update org.qrm.plugin.xen file:" + bundle.toRealPath());
        server.await(
                "the plug-in is there again",
                "/plugins/xen",
                plugin -> plugin.get("present").asBoolean());
        assertEquals(states(before), states(onHost("list")));
        server.await(
                "the host answers again",
                "/resources/" + HOST + "/capacity",
                LONG,
                capacity -> capacity.get("memoryFreeMb").asLong() > 0);
        assertEquals("active", server.get("/plugins/xen").get("state").asText());
        assertEquals("active", server.get("/resources/" + HOST).get("state").asText());
    }

    private void theHostsPowerIsCycled() throws Exception {
        step();
        rack.power("cycle", 1);
        server.await("the host is missed", "/resources/" + HOST, LONG, state("booting"));
        server.await("the host is back", "/resources/" + HOST, LONG, state("active"));
        took("the host's return");
        step();
        server.await(
                "both run again",
                "/resources?kind=partition&state=idle",
                LONG,
                list -> list.get("items").size() == 2);
        took("the return of two partitions");
        assertTrue(server.get("/events?subject=resource/"
                        + server.get("/resources/" + HOST).get("id").asText())
                .toString()
                .contains("host.restarted"));
    }

    private static List<String> states(String list) {
        return list.lines()
                .map(line -> line.split(" ")[0] + " " + line.split(" ")[1])
                .sorted()
                .collect(Collectors.toList());
    }

    /** The host's tool, past the server: what an administrator might do there. */
    private String onHost(String... words) throws IOException, InterruptedException {
        String command = Stream.concat(
                        Stream.of("xen/manage"),
                        Stream.of(words)
                                .map(word -> Base64.getUrlEncoder()
                                        .withoutPadding()
                                        .encodeToString(word.getBytes(StandardCharsets.UTF_8))))
                .collect(Collectors.joining(" "));
        String address;
        try {
            address = server.get("/resources/" + HOST).get("address").asText();
        } catch (Exception failed) {
            throw new IOException(failed);
        }
        return rack.exec(
                "server",
                "ssh",
                "-i",
                server.privateKey().toString(),
                "-p",
                "8022",
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=/dev/null",
                "-o",
                "LogLevel=ERROR",
                "root@" + address,
                command);
    }
}
