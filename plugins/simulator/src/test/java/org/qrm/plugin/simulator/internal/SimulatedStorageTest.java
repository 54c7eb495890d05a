package org.qrm.plugin.simulator.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.Test;
import org.qrm.api.QrmException;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.ImageSource;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.storage.Mount;
import org.qrm.api.storage.StorageClient;
import org.qrm.api.storage.StorageServer;

public class SimulatedStorageTest {

    private final SimulatedStorage storage = new SimulatedStorage();
    private final StorageServer server = new StorageServer("s", "simulated", "10.0.0.2", "10.0.0.2", "/export", null);
    private final FilesystemImage image =
            new FilesystemImage("web", "s", "/export/web", FilesystemImage.State.READY, "", 0, null, "");
    private boolean cancelled;

    private final WorkContext work = new WorkContext() {
        @Override
        public Instant deadline() {
            return Instant.MAX;
        }

        @Override
        public void progress(double fraction, String doing) {
            // nobody looks
        }

        @Override
        public void log(String line) {
            // nobody reads
        }

        @Override
        public void checkpoint() {
            if (cancelled) {
                throw new CancelledException("somebody asked for an end");
            }
        }
    };

    @Test
    public void remembersWhoMayMountWhat() {
        storage.create(server, image, new ImageSource.Empty(), work);
        assertEquals(List.of("/export/web"), storage.list(server, work));
        List<StorageClient> clients = List.of(new StorageClient("10.128.0.1", true));
        storage.setAccess(server, image, clients, work);
        assertEquals(clients, storage.access().get("10.0.0.2:/export/web"));
        storage.remove(server, image, work);
        assertTrue(storage.list(server, work).isEmpty());
    }

    @Test
    public void tellsWhatToMount() {
        assertEquals(new Mount("simulated", "10.0.0.2:/export/web", "ro"), storage.mount(server, image, false));
    }

    @Test
    public void failsUntilItIsRepaired() {
        storage.fail("create", "disk full");
        QrmException failure =
                assertThrows(QrmException.class, () -> storage.create(server, image, new ImageSource.Empty(), work));
        assertEquals("disk full", failure.problem().reason());
        storage.fail("create", null);
        storage.create(server, image, new ImageSource.Empty(), work);
        assertThrows(QrmException.class, () -> storage.fail("erase", "x"));
    }

    @Test
    public void canBeCancelledWhileItTakesItsTime() {
        storage.delay(Duration.ofHours(1));
        cancelled = true;
        assertThrows(CancelledException.class, () -> storage.probe(server, work));
    }
}
