package org.qrm.core.image;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.Before;
import org.junit.Test;
import org.qrm.api.Expected;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.image.FilesystemImage.State;
import org.qrm.api.image.ImageSnapshot;
import org.qrm.api.image.ImageSource;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.core.Eventually;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.storage.StorageTypes;

public class SnapshotsTest extends ImageSite {

    @Before
    public void anImage() throws InterruptedException {
        done(images.create("web", "store", null, new ImageSource.Empty(), null, ""));
    }

    @Test
    public void isTakenListedRestoredAndDeleted() throws InterruptedException {
        done(images.createSnapshot("web", "b", "before the upgrade"));
        done(images.createSnapshot("web", "a", ""));
        List<ImageSnapshot> all = images.snapshots("web");
        assertEquals(List.of("a", "b"), all.stream().map(ImageSnapshot::name).toList());
        assertEquals(State.READY, all.get(1).state());
        assertEquals("before the upgrade", all.get(1).description());
        assertNotNull(all.get(1).taken());
        done(images.restoreSnapshot("web", "b"));
        assertEquals(List.of("/export/web@b"), storage.restored);
        assertEquals(2, images.snapshots("web").size());
        done(images.deleteSnapshot("web", "b"));
        assertEquals(Set.of("/export/web@a"), storage.snapshots);
        assertEquals(
                List.of("a"),
                images.snapshots("web").stream().map(ImageSnapshot::name).toList());
    }

    @Test
    public void whatFailedSaysWhyAndIsAskedForAgainOrDeleted() throws InterruptedException {
        storage.failure = QrmException.conflict("take", "web", "machines may mount it", "Stop them.");
        assertEquals(
                OperationState.FAILED,
                end(images.createSnapshot("web", "a", "")).state());
        ImageSnapshot broken = images.snapshots("web").get(0);
        assertEquals(State.ERROR, broken.state());
        assertTrue(broken.reason(), broken.reason().contains("machines may mount it"));
        assertNull(broken.taken());
        assertEquals(Problem.Kind.CONFLICT, refused(() -> images.restoreSnapshot("web", "a")));
        storage.failure = null;
        done(images.createSnapshot("web", "a", "again"));
        assertEquals("again", images.snapshots("web").get(0).description());

        storage.failure = QrmException.conflict("remove", "web", "it has a clone", "");
        assertEquals(
                OperationState.FAILED, end(images.deleteSnapshot("web", "a")).state());
        assertEquals(State.ERROR, images.snapshots("web").get(0).state());
        storage.failure = null;
        done(images.deleteSnapshot("web", "a"));
        assertEquals(List.of(), images.snapshots("web"));
    }

    @Test
    public void aFailedRestoringLeavesTheSnapshotReady() throws InterruptedException {
        done(images.createSnapshot("web", "a", ""));
        storage.failure = QrmException.conflict("restore", "web", "newer ones are in the way", "");
        Operation failed = end(images.restoreSnapshot("web", "a"));
        assertEquals(OperationState.FAILED, failed.state());
        assertTrue(failed.reason(), failed.reason().contains("in the way"));
        assertEquals(State.READY, images.snapshots("web").get(0).state());
        assertEquals(State.READY, images.find("web").orElseThrow().state());
    }

    @Test
    public void refusesWhatCannotBeAndChangesNothing() throws InterruptedException {
        done(images.createSnapshot("web", "a", ""));
        assertEquals(Problem.Kind.CONFLICT, refused(() -> images.createSnapshot("web", "a", "")));
        assertEquals(Problem.Kind.INVALID, refused(() -> images.createSnapshot("web", "a/b", "")));
        assertEquals(Problem.Kind.INVALID, refused(() -> images.createSnapshot("web", "b", "\u202e")));
        assertEquals(Problem.Kind.NOT_FOUND, refused(() -> images.createSnapshot("none", "a", "")));
        assertEquals(
                Problem.Kind.NOT_FOUND, refused(() -> images.snapshots("none").size()));
        assertEquals(Problem.Kind.NOT_FOUND, refused(() -> images.restoreSnapshot("web", "b")));
        assertEquals(Problem.Kind.NOT_FOUND, refused(() -> images.deleteSnapshot("web", "b")));
        storage.abilities = Set.of();
        assertEquals(Problem.Kind.REFUSED, refused(() -> images.createSnapshot("web", "b", "")));
        assertEquals(
                OperationState.FAILED, end(images.restoreSnapshot("web", "a")).state());
        assertEquals(1, images.snapshots("web").size());
        assertEquals(List.of(), storage.restored);
    }

    @Test
    public void anImageHasSoManyAndNoMore() {
        database.change(change -> {
            for (int i = 0; i < ImageSnapshot.MOST; i++) {
                SnapshotRows.insert(change.handle(), "web", new ImageSnapshot("s" + i, State.ERROR, "", null, ""));
            }
            return null;
        });
        assertEquals(Problem.Kind.CONFLICT, refused(() -> images.createSnapshot("web", "more", "")));
    }

    @Test
    public void anImageIsDeletedWithItsSnapshotsOnlyWhenThatIsSaid() throws InterruptedException {
        done(images.createSnapshot("web", "a", ""));
        for (boolean keep : new boolean[] {false, true}) {
            QrmException refused = assertThrows(QrmException.class, () -> images.delete("web", keep));
            assertTrue(refused.getMessage(), refused.getMessage().contains("it has snapshots: a"));
            assertEquals(State.READY, images.find("web").orElseThrow().state());
        }
        done(images.delete("web", false, true, Expected.any()));
        assertEquals(Set.of(), storage.snapshots);
        assertEquals(Set.of(), storage.directories);
        done(images.create("web", "store", null, new ImageSource.Empty(), null, ""));
        assertEquals(List.of(), images.snapshots("web"));
    }

    @Test
    public void contentThatIsKeptLosesItsSnapshotsAllTheSame() throws InterruptedException {
        done(images.createSnapshot("web", "a", ""));
        done(images.delete("web", true, true, Expected.any()));
        assertEquals(Set.of(), storage.snapshots);
        assertEquals(Set.of("/export/web"), storage.directories);
    }

    @Test
    public void ofADeletionThatFailsThoseAreLeftThatAreThere() throws InterruptedException {
        for (String name : List.of("a", "b", "c")) {
            done(images.createSnapshot("web", name, ""));
        }
        storage.kept.add("b");
        assertEquals(
                OperationState.FAILED,
                end(images.delete("web", false, true, Expected.any())).state());
        assertEquals(State.ERROR, images.find("web").orElseThrow().state());
        assertEquals(Set.of("/export/web@b", "/export/web@c"), storage.snapshots);
        assertEquals(
                List.of("b ERROR", "c READY"),
                images.snapshots("web").stream()
                        .map(each -> each.name() + " " + each.state())
                        .toList());
        String reason = images.snapshots("web").get(0).reason();
        assertTrue(reason, reason.contains("it has a clone"));
        storage.kept.clear();
        done(images.delete("web", false, true, Expected.any()));
        assertEquals(Set.of(), storage.directories);
    }

    @Test
    public void ofADeletionThatIsCancelledThoseAreLeftThatMayBeThere() throws InterruptedException {
        done(images.createSnapshot("web", "a", ""));
        done(images.createSnapshot("web", "b", ""));
        storage.hangs = true;
        Operation asked = images.delete("web", false, true, Expected.any());
        Eventually.eventually(() -> "it is under way", () -> !storage.snapshots.contains("/export/web@a"));
        assertEquals(State.REMOVING, images.snapshots("web").get(0).state());
        operations.cancel(asked.id());
        assertEquals(OperationState.CANCELLED, end(asked).state());
        assertEquals(
                List.of("a ERROR", "b READY"),
                images.snapshots("web").stream()
                        .map(each -> each.name() + " " + each.state())
                        .toList());
        storage.hangs = false;
        done(images.delete("web", false, true, Expected.any()));
    }

    @Test
    public void goesOnAfterTheServerIsKilled() throws InterruptedException {
        storage.hangs = true;
        Operation asked = images.createSnapshot("web", "a", "");
        Eventually.eventually(() -> "it is under way", () -> storage.snapshots.contains("/export/web@a"));
        engine.abandon();
        storage.hangs = false;
        engine = new OperationEngine(database, "test");
        ImageOperations.kinds(database, engine, new StorageTypes(types), calls).forEach(engine::add);
        engine.start();
        assertEquals(OperationState.DONE, end(asked).state());
        assertEquals(State.READY, images.snapshots("web").get(0).state());
    }

    @Test
    public void whoseTakingIsCancelledIsInError() throws InterruptedException {
        storage.hangs = true;
        Operation asked = images.createSnapshot("web", "a", "");
        Eventually.eventually(() -> "it is under way", () -> storage.snapshots.contains("/export/web@a"));
        assertEquals(Problem.Kind.CONFLICT, refused(() -> images.deleteSnapshot("web", "a")));
        operations.cancel(asked.id());
        assertEquals(OperationState.CANCELLED, end(asked).state());
        assertEquals(State.ERROR, images.snapshots("web").get(0).state());
        storage.hangs = false;
        done(images.deleteSnapshot("web", "a"));
        assertEquals(Set.of(), storage.snapshots);
    }

    private static Problem.Kind refused(org.junit.function.ThrowingRunnable work) {
        return assertThrows(QrmException.class, work).problem().kind();
    }

    private void done(Operation asked) throws InterruptedException {
        Operation end = end(asked);
        assertEquals(end.reason(), OperationState.DONE, end.state());
    }
}
