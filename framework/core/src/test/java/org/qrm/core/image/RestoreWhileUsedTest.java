package org.qrm.core.image;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.image.FilesystemImage.State;
import org.qrm.api.image.ImageSnapshot;
import org.qrm.core.CoreFixture;
import org.qrm.core.TestMachine;
import org.qrm.core.environment.EnvironmentService;

/** Nobody's root file system changes under it. */
public class RestoreWhileUsedTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CoreFixture core;
    private TestMachine machine;
    private FilesystemImageService images;

    @Before
    public void anEnvironmentOnAnImageWithASnapshot() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK);
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        core.database.change(change -> {
            SnapshotRows.insert(change.handle(), "web", new ImageSnapshot("a", State.READY, "", null, ""));
            return null;
        });
        images =
                new FilesystemImageService(core.database, core.engine, core.operations, null, EnvironmentService::lane);
        machine = new TestMachine(core::nodes, 1, 2, 1024).powerOn();
        core.awaitIdle(machine);
    }

    @After
    public void close() {
        machine.close();
        core.close();
    }

    @Test
    public void isRefusedFromTheMomentTheEnvironmentIsStarted() throws Exception {
        core.database.read(handle -> {
            Snapshots.refuseWhileUsed(handle, "web");
            return null;
        });
        var start = core.environments.start("web", StartRequest.ANYWHERE);
        assertRefused();
        core.await(start);
        assertRefused();
        core.await(core.environments.stop("web", false));
        core.database.read(handle -> {
            Snapshots.refuseWhileUsed(handle, "web");
            return null;
        });
    }

    private void assertRefused() {
        QrmException refused = assertThrows(QrmException.class, () -> images.restoreSnapshot("web", "a"));
        assertEquals(Problem.Kind.CONFLICT, refused.problem().kind());
        assertTrue(refused.getMessage(), refused.getMessage().contains("virtual environment web has a machine"));
    }
}
