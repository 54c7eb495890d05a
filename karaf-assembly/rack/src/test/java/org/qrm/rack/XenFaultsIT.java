package org.qrm.rack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import org.junit.Test;

/** What goes wrong on a Xen host, one after the other, since the host alone takes minutes; on a machine with UEFI. In the end it dies. */
public class XenFaultsIT extends XenSite {

    public XenFaultsIT() {
        // the boot loader of UEFI machines knows no other port
        super("uefi", "QRM_HTTP_PORT=80");
    }

    private static final String PARTITIONS = "/resources/" + HOST + "/partitions";

    @Test
    public void aHostAndItsPartitionsSurviveWhatHappensToThem() throws Exception {
        install();
        startTheHost();
        theServerIsKilledWhilePartitionsAreCreated();
        aPartitionIsDestroyedBehindTheServersBack();
        theHostsPowerIsCycled();
        theHostDies();
    }

    /** The server is stopped while the source system is copied, and goes on with it when it is back. */
    @Override
    void whenConfigured() throws Exception {
        server.qrm("plugin", "install", "xen");
        server.await(
                "the copy has begun",
                "/operations?subject=filesystem-image/Xen_image_1_0",
                list -> list.toString().contains("\"running\""));
        server.stop();
        startTheServer();
        server.await("the plug-in is installed", "/plugins/xen", state("installed"));
    }

    private void theServerIsKilledWhilePartitionsAreCreated() throws Exception {
        step();
        server.qrm("partition", "create", HOST, "--count", "2", "--memory-mb", "384");
        server.await(
                "one is being created",
                PARTITIONS,
                LONG,
                list -> list.toString().contains("\"creating\""));
        server.kill();
        startTheServer();
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

    /** What ran on a partition of it, and runs on anything, starts on metal. */
    private void theHostDies() throws Exception {
        Files.copy(rack.image("debian"), Rack.storage("debian.tar"));
        image("web");
        new Bmcs(rack, server).redfish(1, HOST);
        JsonNode partition =
                server.get("/resources?kind=partition&state=idle").get("items").get(0);
        server.qrm("ve", "create", "web", "--filesystem-image", "web", "--runs-on", "any", "--heal", "restart");
        step();
        server.qrm("ve", "start", "web", "--resource", partition.get("id").asText(), "--wait");
        took("an environment on a partition");
        step();
        rack.power("off", 1);
        server.await("it is lost", "/virtual-environments/web", LONG, state("error"));
        server.await("it is active on metal", "/virtual-environments/web", LONG, state("active"));
        took("from the host's death to active on metal it");
        JsonNode metal = server.get("/resources/" + BARE);
        assertEquals("web", metal.get("environmentId").asText());
        assertEquals("active", metal.get("state").asText());
        String heal = server.get("/operations?subject=virtual-environment/web&kind=virtual-environment.heal")
                .at("/items/0/id")
                .asText();
        String log = server.get("/operations/" + heal).get("log").toString();
        assertTrue(
                log,
                log.contains("Fenced: "
                        + server.get("/resources/" + HOST).get("name").asText() + " is off"));
        assertEquals(
                "storage is open to it alone",
                "Clients = " + metal.get("address").asText(),
                rack.exec(
                                "storage",
                                "sh",
                                "-c",
                                "grep -ho 'Clients = [0-9.]*' $(grep -l /export/web /etc/ganesha/exports.d/*)")
                        .strip());
    }
}
