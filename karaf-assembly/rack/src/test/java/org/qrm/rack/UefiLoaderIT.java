package org.qrm.rack;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** A UEFI machine never ends at the loader's prompt: not while the server refuses, nor when a kernel does not load. */
public class UefiLoaderIT {

    private static final String CONFIGURATION = "/boot/grub.cfg/02:51:51:00:00:03";
    private static final Path LOCAL =
            Path.of("../../framework/netboot/src/test/resources/org/qrm/netboot/internal/golden/local.grub");

    private final Path work = Path.of(System.getProperty("work"), "uefi-loader");
    private Process machine;

    @Before
    public void switchOn() throws IOException {
        Files.createDirectories(work);
        machine = new ProcessBuilder(
                        "unshare",
                        "--net",
                        "--pid",
                        "--fork",
                        "--kill-child",
                        "--mount-proc",
                        Path.of("src/test/scripts/uefi-loader").toAbsolutePath().toString(),
                        Path.of(System.getProperty("node.build"))
                                .resolveSibling("target/boot/tftp/grubnet.efi")
                                .toString(),
                        LOCAL.toAbsolutePath().toString(),
                        work.toAbsolutePath().toString())
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("output").toFile())
                .start();
    }

    @After
    public void switchOff() throws InterruptedException {
        machine.destroyForcibly();
        machine.waitFor(20, TimeUnit.SECONDS);
    }

    @Test
    public void asksAgainAndAgainAndStartsTheDisksOwnLoader() throws Exception {
        Rack.until(
                "the disk's loader is started",
                () -> Files.exists(work.resolve("serial"))
                        && Files.readString(work.resolve("serial"), StandardCharsets.ISO_8859_1)
                                .contains("File(BOOTX64.EFI)"));
        List<String> asked = Files.readAllLines(work.resolve("requests"));
        assertEquals(asked.toString(), List.of(CONFIGURATION, CONFIGURATION, CONFIGURATION, "/no-kernel"), asked.subList(0, 4));
        assertEquals(asked.toString(), CONFIGURATION, asked.get(4));
    }
}
