package org.qrm.exec.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.QrmException;

public class ServerKeyTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void isMadeOnceAndReadThereafter() {
        String first = ServerKey.in(directory()).authorizedKey();
        assertEquals(first, ServerKey.in(directory()).authorizedKey());
        assertTrue(first, first.matches("ecdsa-sha2-nistp256 AAAA[A-Za-z0-9+/=]+ qrm"));
    }

    @Test
    public void isReadableByItsOwnerOnlyAndLeavesNothingElseBehind() throws Exception {
        ServerKey.in(directory());
        Path file = directory().resolve("id_ecdsa");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        try (var files = Files.list(directory())) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    public void isNotReplacedWhenItCannotBeRead() throws Exception {
        Files.createDirectories(directory());
        Path file = Files.writeString(directory().resolve("id_ecdsa"), "half a key");
        assertThrows(QrmException.class, () -> ServerKey.in(directory()));
        assertEquals("half a key", Files.readString(file));
    }

    private Path directory() {
        return folder.getRoot().toPath().resolve("exec");
    }
}
