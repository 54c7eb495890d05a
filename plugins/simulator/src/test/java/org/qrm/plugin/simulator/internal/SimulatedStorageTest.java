package org.qrm.plugin.simulator.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import org.junit.Test;
import org.qrm.api.QrmException;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.ImageSource;
import org.qrm.api.storage.Mount;
import org.qrm.api.storage.StorageServer;
import org.qrm.testkit.TestWork;

public class SimulatedStorageTest {

    private final SimulatedStorage storage = new SimulatedStorage();
    private final StorageServer server = new StorageServer("s", "simulated", "10.0.0.2", "10.0.0.2", "/export", null);
    private final FilesystemImage image =
            new FilesystemImage("web", "s", "/export/web", FilesystemImage.State.READY, "", 0, null, "");
    private final TestWork work = new TestWork();

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
}
