package org.qrm.rack;

import static org.junit.Assert.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.BeforeClass;
import org.junit.Test;

/** Images of other releases than those of the storage server and the idle environment, and one whose network is netplan's. */
public class OtherSystemsIT extends BareSite {

    /** It takes all cards, also that which the root file system hangs on. */
    private static final String ALL_CARDS = """
            network:
              version: 2
              ethernets:
                all:
                  match: {name: "e*"}
                  dhcp4: true
                  optional: true
            """;

    private static final String APPLY = "[Unit]\nDescription=Apply netplan once more\nAfter=systemd-networkd.service\n"
            + "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'netplan apply; echo $? >/var/applied/status'\n"
            + "[Install]\nWantedBy=multi-user.target\n";

    @BeforeClass
    public static void bringUp() throws Exception {
        bringUp("systems");
        rack.power("on", 2, "--firmware", "uefi");
    }

    @Test
    public void debian11RunsOnABareMachine() throws Exception {
        image("former", "bullseye");
        start("former");
        stop("former");
    }

    @Test
    public void debian13RunsOnABareMachine() throws Exception {
        image("next", "trixie");
        start("next");
        server.qrm("ve", "restart", "next", "--wait");
        assertEquals(2, marks("next"));
        stop("next");
    }

    @Test
    public void netplanThatIsAppliedLeavesTheCardAloneThatTheMachineRunsFrom() throws Exception {
        image("planned", "netplan");
        Path root = Rack.storage("planned");
        Files.createDirectories(root.resolve("etc/netplan"));
        Files.writeString(root.resolve("etc/netplan/01-all.yaml"), ALL_CARDS);
        unit("planned", "applied", "apply", APPLY);
        start("planned");
        Path status = root.resolve("var/applied/status");
        Rack.until("netplan was applied", () -> Files.exists(status) && Files.size(status) > 0);
        assertEquals("0", Files.readString(status).strip());
        Instant since = Instant.now().plusSeconds(20);
        server.await(
                "the machine reports",
                "/resources/" + FIRST,
                machine -> Instant.parse(machine.path("lastSeen").asText()).isAfter(since));
        assertEquals("active", resource(FIRST).get("state").asText());
        stop("planned");
    }

    private static void start(String name) throws Exception {
        server.qrm("ve", "create", name, "--filesystem-image", name, "--mode", "single");
        server.qrm("ve", "start", name, "--resource", FIRST, "--wait");
        assertEquals("active", resource(FIRST).get("state").asText());
        assertEquals(1, marks(name));
    }

    private static void stop(String name) throws Exception {
        server.qrm("ve", "stop", name, "--wait");
        assertEquals("idle", resource(FIRST).get("state").asText());
        assertEquals("", exports());
        server.qrm("ve", "delete", name);
    }
}
