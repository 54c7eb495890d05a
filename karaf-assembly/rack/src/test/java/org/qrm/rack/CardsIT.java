package org.qrm.rack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.BeforeClass;
import org.junit.Test;

/** Network cards of many makers in one machine, that the idle environment's own kernel and client find; of one the firmware is lacking, then added. */
public class CardsIT {

    /** By the end of their addresses; {@code down} is what could not be brought up. */
    private static final Map<String, String> WITH_ALL = Map.ofEntries(
            Map.entry("00", "e1000 up"),
            Map.entry("01", "e1000 up"),
            Map.entry("02", "e1000 up"),
            Map.entry("03", "e1000e up"),
            Map.entry("04", "e100 up"),
            Map.entry("05", "e100 up"),
            Map.entry("06", "e100 up"),
            Map.entry("07", "e100 up"),
            Map.entry("08", "pcnet32 up"),
            Map.entry("09", "8139cp up"),
            Map.entry("0a", "tulip up"),
            Map.entry("0b", "virtio_net up"),
            Map.entry("0c", "vmxnet3 up"));

    private static final String LACKING = "firmware that drivers want and that is not here: ";
    private static final String FIRMWARE = "e100/d102e_ucode.bin";

    private static Path work;

    @BeforeClass
    public static void bootTwice() throws Exception {
        work = Path.of(System.getProperty("work"), "cards").toAbsolutePath();
        Path idle = Path.of(System.getProperty("node.build")).resolveSibling("target/boot/idle");
        Files.createDirectories(work.getParent());
        Process machines = new ProcessBuilder(
                        "unshare",
                        "--net",
                        "--pid",
                        "--fork",
                        "--kill-child",
                        "--mount-proc",
                        Path.of("src/test/scripts/cards").toAbsolutePath().toString(),
                        idle.resolve("vmlinuz").toString(),
                        idle.resolve("initrd.img").toString(),
                        Path.of("../distribution/src/main/resources/bin/qrm-initrd")
                                .toAbsolutePath()
                                .toString(),
                        work.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertTrue("both boots end within 14 minutes", machines.waitFor(14, TimeUnit.MINUTES));
            assertEquals(0, machines.exitValue());
        } finally {
            machines.destroyForcibly();
        }
    }

    @Test
    public void eachCardHasItsDriver() throws Exception {
        assertEquals(WITH_ALL, cards("added"));
    }

    @Test
    public void aCardThatWantsFirmwareStaysDownAndTheMachineSaysWhichIsLacking() throws Exception {
        Map<String, String> cards = cards("lacking");
        assertEquals("e100 down", cards.get("04"));
        assertEquals(WITH_ALL.keySet(), cards.keySet());
        assertTrue(
                why("lacking"), why("lacking").replaceFirst(".*" + LACKING, "").contains(FIRMWARE));
        assertFalse(why("added"), why("added").contains(FIRMWARE));
    }

    @Test
    public void aCardWithoutADriverIsNamed() throws Exception {
        assertTrue(why("added"), why("added").contains("10ec:8029"));
    }

    /** What the machine says while it waits for a card that is not there. */
    private static String why(String boot) throws IOException {
        return screen(boot)
                .lines()
                .filter(line -> line.startsWith("why: "))
                .findFirst()
                .orElseThrow(() -> new AssertionError("it never came so far: " + work.resolve(boot)));
    }

    private static Map<String, String> cards(String boot) throws IOException {
        return screen(boot)
                .lines()
                .filter(line -> line.startsWith("card 52:54:00:cc:00:"))
                .map(line -> line.split("[ :]"))
                .collect(Collectors.toMap(words -> words[6], words -> words[7] + " " + words[8]));
    }

    private static String screen(String boot) throws IOException {
        return Files.readString(work.resolve(boot), StandardCharsets.ISO_8859_1).replace("\r", "");
    }
}
