package org.qrm.core.backup;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class BackupFileTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path file;
    private final byte[] content = new byte[200_000];

    @Before
    public void name() {
        file = folder.getRoot().toPath().resolve("site.qrm");
        new Random(1).nextBytes(content);
    }

    @Test
    public void givesBackWhatItWasGivenClosedToOthers() throws IOException {
        Path data = folder.newFolder("data").toPath();
        Files.createDirectories(data.resolve("tls"));
        Files.write(data.resolve("tls/key"), content);
        Files.writeString(data.resolve("not-this"), "x");
        try (BackupFile backup = new BackupFile(file)) {
            backup.addAll("data", data, List.of("not-.*"));
            backup.add(BackupFile.MANIFEST, "version=1\n");
            backup.finish();
        }
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        Path back = folder.getRoot().toPath().resolve("back");
        try (BackupCheck check = new BackupCheck(file)) {
            assertEquals("1", check.manifest().get("version"));
            check.checkFiles();
            check.extract("data", back);
        }
        assertArrayEquals(content, Files.readAllBytes(back.resolve("tls/key")));
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(back.resolve("tls/key"))));
        assertFalse(Files.exists(back.resolve("not-this")));
    }

    @Test
    public void whatIsLeftOutIsNotEvenLookedIntoAndALoopEnds() throws IOException {
        Path data = folder.newFolder("data").toPath();
        for (String each : List.of("kept", "cache")) {
            Files.createDirectory(data.resolve(each));
            Files.writeString(data.resolve(each).resolve("file"), "x");
            Files.createSymbolicLink(data.resolve(each).resolve("loop"), Path.of(".."));
        }
        try (BackupFile backup = new BackupFile(file)) {
            backup.addAll("data", data, List.of("cache/.*"));
            backup.add(BackupFile.MANIFEST, "version=1\n");
            backup.finish();
        }
        Path back = folder.getRoot().toPath().resolve("back");
        try (BackupCheck check = new BackupCheck(file)) {
            check.extract("data", back);
        }
        try (Stream<Path> all = Files.walk(back)) {
            assertEquals(
                    List.of("kept/file"),
                    all.filter(Files::isRegularFile)
                            .map(each -> back.relativize(each).toString())
                            .toList());
        }
    }

    @Test
    public void eachFlippedByteIsFound() throws IOException {
        byte[] whole = small();
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 1;
            Files.write(file, flipped);
            assertThrows("at " + at, IOException.class, () -> new BackupCheck(file).close());
        }
    }

    @Test
    public void eachLengthThatIsCutOffIsFound() throws IOException {
        byte[] whole = small();
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThrows("at " + length, IOException.class, () -> new BackupCheck(file).close());
        }
    }

    @Test
    public void oneThatIsNotFinishedLeavesNothingBehind() throws IOException {
        InputStream breaks = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("No space left on device");
            }
        };
        assertThrows(IOException.class, () -> {
            try (BackupFile backup = new BackupFile(file)) {
                backup.add("data/a", new ByteArrayInputStream(content));
                assertFalse(Files.exists(file));
                backup.add("data/b", breaks);
                backup.finish();
            }
        });
        try (var left = Files.list(folder.getRoot().toPath())) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    public void whatAKilledOneLeftIsReplaced() throws IOException {
        Files.writeString(file.resolveSibling("site.qrm.part"), "half");
        assertTrue(small().length > 0);
        assertFalse(Files.exists(file.resolveSibling("site.qrm.part")));
    }

    @Test
    public void refusesAFileThatWouldBeOutside() throws IOException {
        try (BackupFile backup = new BackupFile(file)) {
            backup.add("data/../../outside", "x");
            backup.finish();
        }
        try (BackupCheck check = new BackupCheck(file)) {
            Path back = folder.getRoot().toPath().resolve("a/b");
            assertThrows(IOException.class, () -> check.extract("data", back));
        }
        assertFalse(Files.exists(folder.getRoot().toPath().resolve("outside")));
    }

    private byte[] small() throws IOException {
        try (BackupFile backup = new BackupFile(file)) {
            backup.add("data/a", "some words");
            backup.add(BackupFile.MANIFEST, "version=1\n");
            backup.finish();
        }
        return Files.readAllBytes(file);
    }
}
