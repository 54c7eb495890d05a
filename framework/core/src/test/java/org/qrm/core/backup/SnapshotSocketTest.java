package org.qrm.core.backup;

import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class SnapshotSocketTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void saysHowMuchRoomACopyNeedsAndWhere() throws IOException {
        Path data = folder.getRoot().toPath();
        SnapshotSocket.needRoom(data, 1);
        String said = assertThrows(IOException.class, () -> SnapshotSocket.needRoom(data, 1L << 60))
                .getMessage();
        assertTrue(said, said.startsWith("the copy takes 1099511627776 MiB in " + data + ", which has "));
    }
}
