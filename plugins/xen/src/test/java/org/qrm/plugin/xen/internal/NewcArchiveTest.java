package org.qrm.plugin.xen.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class NewcArchiveTest {

    private static final Path CPIO = Path.of("/usr/bin/cpio");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void isUnpackedByCpio() throws Exception {
        assumeTrue("skipped: there is no " + CPIO + " (Debian: cpio)", Files.isExecutable(CPIO));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (NewcArchive archive = new NewcArchive(bytes)) {
            archive.add("lib/modules/6.1.0/a.ko", "odd".getBytes(UTF_8));
            archive.add("lib/modules/6.1.0/kernel/b.ko", new byte[1000]);
        }
        Process cpio = new ProcessBuilder(CPIO.toString(), "-i", "-d")
                .directory(folder.getRoot())
                .redirectErrorStream(true)
                .start();
        try (OutputStream in = cpio.getOutputStream()) {
            bytes.writeTo(in);
        }
        String said = new String(cpio.getInputStream().readAllBytes(), UTF_8);
        assertEquals(said, 0, cpio.waitFor());
        Path root = folder.getRoot().toPath().resolve("lib/modules/6.1.0");
        assertEquals("odd", Files.readString(root.resolve("a.ko")));
        assertEquals(1000, Files.size(root.resolve("kernel/b.ko")));
    }
}
