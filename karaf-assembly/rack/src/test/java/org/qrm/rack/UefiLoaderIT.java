package org.qrm.rack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
        while (!started()) {
            assertTrue("the disk's loader is not started within 10 minutes", System.nanoTime() < end);
            LockSupport.parkNanos(100_000_000);
        }
        List<String> asked = Files.readAllLines(work.resolve("requests"));
        assertEquals(List.of(CONFIGURATION, CONFIGURATION, "/no-kernel", CONFIGURATION), asked);
    }

    private boolean started() throws IOException {
        Path serial = work.resolve("serial");
        return Files.exists(serial)
                && Files.readString(serial, StandardCharsets.ISO_8859_1).contains("File(BOOTX64.EFI)");
    }
}
