package org.qrm.rack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** UEFI machines that boot over HTTP, and such that start only what is signed: one machine, whose firmware is another each time. */
public class SecureBootIT {

    private static final String MACHINE = "52:54:00:aa:00:01";

    private static Rack rack;
    private static Server server;

    @BeforeClass
    public static void bringUp() throws Exception {
        Path work = Path.of(System.getProperty("work"), "secure");
        rack = new Rack(work, 1);
        server = new Server(rack, work);
        server.start();
        server.installKey();
        server.createStorageServer();
        rack.exec("storage", "sh", "-c", "rm -f /export/debian.tar");
        Files.copy(rack.image("debian"), Rack.storage("debian.tar"));
        server.createImage("web");
    }

    @AfterClass
    public static void takeDown() throws Exception {
        if (rack != null) {
            rack.close();
        }
    }

    @After
    public void switchOff() throws Exception {
        rack.power("off", 1);
    }

    @Test
    public void aMachineThatBootsOverHttpBecomesIdle() throws Exception {
        String log = boot("http", false);
        assertTrue(log, log.contains("/boot/grubnet.efi"));
    }

    @Test
    public void soItDoesFromADiskInItsMemoryWhenSecureBootIsOff() throws Exception {
        String log = boot("http", true);
        assertTrue(log, log.contains("/boot/secure.img"));
        assertFalse(details().has("secure-boot"));
    }

    @Test
    public void aMachineWithSecureBootBecomesIdleAndRunsWhatItCanStart() throws Exception {
        boot("secure", true);
        assertEquals("on", details().get("secure-boot").asText());

        server.qrm("ve", "create", "web", "--filesystem-image", "web", "--mode", "single");
        server.qrm("ve", "start", "web", "--resource", MACHINE, "--wait");
        server.qrm("ve", "stop", "web", "--wait");
        server.qrm("ve", "delete", "web");

        server.qrm(
                "ve", "create", "own", "--filesystem-image", "web", "--mode", "single", "--kernel-argument", "quiet");
        String refused = server.refused("qrm", "ve", "start", "own", "--resource", MACHINE, "--wait");
        assertTrue(refused, refused.contains("Secure Boot is on in its firmware"));
        server.qrm("ve", "delete", "own");
    }

    @Test
    public void overHttpToo() throws Exception {
        String log = boot("secure-http", true);
        assertTrue(log, log.contains("/boot/secure.img"));
        assertEquals("on", details().get("secure-boot").asText());
    }

    @Test
    public void aKernelThatWasTamperedWithIsRefused() throws Exception {
        handOut(true);
        // one octet in the middle of it, as TFTP serves it
        rack.exec(
                "server",
                "sh",
                "-c",
                "for file in /run/qrm-dnsmasq-*-tftp/vmlinuz; do"
                        + " printf x | dd of=$file bs=1 seek=4000000 conv=notrunc; done");
        rack.power("on", 1, "--firmware", "secure", "--memory", "1024");
        Rack.until("the boot loader refuses the kernel", 20, () -> console().contains("bad shim signature"));
        Rack.until("it tries again", 20, () -> console().contains("QRM: the idle environment does not load"));
        assertFalse(console().contains("registered as resource"));
        // the next time it is the right one again
        handOut(false);
    }

    /** Since the last power-on. */
    private static String console() throws Exception {
        return rack.run("console", "1");
    }

    /** Until it is idle; answers its console. */
    private static String boot(String firmware, boolean signed) throws Exception {
        handOut(signed);
        rack.power("on", 1, "--firmware", firmware, "--memory", "1024");
        Rack.until("it registers", 20, () -> console().contains("registered as resource"));
        server.await(
                "it is idle",
                "/resources/" + MACHINE,
                machine -> machine.get("state").asText().equals("idle"));
        return console();
    }

    private static void handOut(boolean signed) throws Exception {
        server.configureDhcp("10.77.0.100", "10.77.0.200", "secureBoot = " + signed);
        Rack.until(
                "the DHCP server is told",
                () -> Files.exists(server.dhcpConfiguration())
                        && Files.readString(server.dhcpConfiguration()).contains("secure.img") == signed);
    }

    private static JsonNode details() throws Exception {
        return server.get("/resources/" + MACHINE).get("details");
    }
}
