package org.qrm.core.image;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Expected;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.image.FilesystemImage.State;
import org.qrm.api.image.ImageSnapshot;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.api.storage.StorageType;
import org.qrm.core.CoreFixture;
import org.qrm.core.Eventually;
import org.qrm.core.TestMachine;
import org.qrm.core.call.Whiteboard;
import org.qrm.core.environment.EnvironmentService;
import org.qrm.core.storage.StorageTypes;

/** Nobody's root file system changes under it. */
public class RestoreWhileUsedTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Directories storage = new Directories();
    private CoreFixture core;
    private TestMachine machine;
    private FilesystemImageService images;

    @Before
    public void anEnvironmentOnAnImageWithASnapshot() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK);
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        core.environment("other", EnvironmentMode.SINGLE, Requirements.NONE);
        core.database.change(change -> {
            SnapshotRows.insert(change.handle(), "web", new ImageSnapshot("a", State.READY, "", null, ""));
            return null;
        });
        Whiteboard<StorageType> types = new Whiteboard<>(core.calls);
        types.arrived(storage, 0);
        ImageOperations.kinds(core.database, core.engine, new StorageTypes(types), core.calls)
                .forEach(core.engine::add);
        images = new FilesystemImageService(
                core.database, core.engine, new StorageTypes(types), EnvironmentService::mayStillWrite);
        machine = new TestMachine(core::nodes, 1, 2, 1024).powerOn();
        core.awaitIdle(machine);
    }

    @After
    public void close() {
        storage.release.countDown();
        machine.close();
        core.close();
    }

    @Test
    public void isRefusedFromTheMomentTheEnvironmentIsStarted() throws Exception {
        Operation start = core.environments.start("web", StartRequest.ANYWHERE);
        assertRefused("virtual environment web has a machine");
        core.await(start);
        assertRefused("virtual environment web has a machine");
        core.await(core.environments.stop("web", false));
        assertEquals(
                OperationState.DONE,
                core.await(images.restoreSnapshot("web", "a")).state());
    }

    @Test
    public void isRefusedWhileAMachineThatNobodyHasMayStillWrite() {
        // else it may say meanwhile that all is well
        machine.close();
        core.database.change(change -> {
            change.handle()
                    .execute("insert into possible_writer (resource_id, image, boot_id)"
                            + " select id, 'web', boot_id from resource");
            return change.handle().execute("update resource set state = 'ERROR'");
        });
        assertRefused("may still write it");
        core.database.change(change -> change.handle().execute("update resource set state = 'IDLE'"));
        images.restoreSnapshot("web", "a");
    }

    @Test
    public void whoNamedTheImageBeforeStartsAfterIt() throws Exception {
        startsAfterTheRestoring("web", () -> {});
    }

    @Test
    public void whoIsMadeMeanwhileStartsAfterIt() throws Exception {
        startsAfterTheRestoring("late", () -> core.environments.create(naming("late", "web")));
    }

    @Test
    public void whoIsChangedMeanwhileStartsAfterIt() throws Exception {
        startsAfterTheRestoring("other", () -> core.environments.update(naming("other", "web"), Expected.any()));
    }

    private void startsAfterTheRestoring(String environment, Runnable meanwhile) throws Exception {
        storage.hangs = true;
        Operation restoring = images.restoreSnapshot("web", "a");
        Eventually.eventually(() -> "it is under way", () -> !storage.restored.isEmpty());
        meanwhile.run();
        Operation start = core.environments.start(environment, StartRequest.ANYWHERE);
        assertEquals(
                List.of(restoring.id(), start.id()),
                core.database.read(handle -> core.engine.onLane(handle, FilesystemImageService.lane("web"))));
        assertEquals(
                OperationState.QUEUED,
                core.operations.find(start.id()).orElseThrow().state());
        storage.release.countDown();
        assertEquals(OperationState.DONE, core.await(restoring).state());
        assertEquals(OperationState.DONE, core.await(start).state());
    }

    private static EnvironmentSpec naming(String name, String image) {
        return new EnvironmentSpec(
                name,
                "default",
                image,
                EnvironmentMode.SINGLE,
                null,
                EnvironmentSpec.ON_NODE,
                Requirements.NONE,
                List.of(),
                "");
    }

    private void assertRefused(String reason) {
        QrmException refused = assertThrows(QrmException.class, () -> images.restoreSnapshot("web", "a"));
        assertEquals(Problem.Kind.CONFLICT, refused.problem().kind());
        assertTrue(refused.getMessage(), refused.getMessage().contains(reason));
    }
}
