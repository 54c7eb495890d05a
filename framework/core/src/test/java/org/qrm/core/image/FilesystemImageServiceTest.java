package org.qrm.core.image;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.Test;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.FilesystemImage.State;
import org.qrm.api.image.FilesystemImageField;
import org.qrm.api.image.ImageSource;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.api.storage.StorageServer;
import org.qrm.core.Eventually;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.storage.StorageServerService;
import org.qrm.core.storage.StorageTypes;

public class FilesystemImageServiceTest extends ImageSite {

    private static final ImageSource EMPTY = new ImageSource.Empty();

    @Test
    public void fillsAndMeasuresBelowTheExportRoot() throws InterruptedException {
        assertEquals(OperationState.DONE, end(create("web", null)).state());
        FilesystemImage image = images.find("web").orElseThrow();
        assertEquals(State.READY, image.state());
        assertEquals("/export/web", image.path());
        assertEquals(4711, image.sizeBytes());
    }

    @Test
    public void refusesAPathOutsideTheExportRootAndOneThatIsTaken() throws InterruptedException {
        end(create("web", null));
        assertEquals(Problem.Kind.INVALID, refused("a", "/etc"));
        assertEquals(Problem.Kind.INVALID, refused("a", "/export"));
        assertEquals(Problem.Kind.INVALID, refused("a", "/export/../etc"));
        assertEquals(Problem.Kind.CONFLICT, refused("a", "/export/web"));
        assertEquals(Problem.Kind.CONFLICT, refused("a", "/export/web/inner"));
        assertEquals(Problem.Kind.CONFLICT, refused("web", "/export/other"));
        end(create("webshop", null));
        assertEquals(State.READY, images.find("webshop").orElseThrow().state());
    }

    @Test
    public void listsThoseOfOneStateAndOneStorageServer() throws InterruptedException {
        new StorageServerService(database, new StorageTypes(types), calls)
                .create(new StorageServer("other", "memory", "10.0.0.3", "10.0.0.3", "/export", null));
        end(create("web", null));
        end(create("mail", null));
        end(images.create("news", "other", null, EMPTY, null, ""));
        assertEquals(List.of("mail", "news", "web"), names(null, null, 10));
        assertEquals(List.of("mail", "web"), names(null, "store", 10));
        assertEquals(List.of("mail"), names(State.READY, "store", 1));
        assertEquals(List.of("news"), names(State.READY, "other", 10));
        assertEquals(List.of(), names(State.ERROR, null, 10));
        assertEquals(List.of(), names(null, "nowhere", 10));
    }

    private List<String> names(State state, String storageServer, int limit) {
        return images
                .list(
                        Filter.by(FilesystemImageField.STATE, state)
                                .and(FilesystemImageField.STORAGE_SERVER, storageServer),
                        new PageRequest(limit, null))
                .items()
                .stream()
                .map(FilesystemImage::name)
                .toList();
    }

    @Test
    public void refusesAPathOfTheSameMachineUnderAnotherName() throws InterruptedException {
        new StorageServerService(database, new StorageTypes(types), calls)
                .create(new StorageServer("alias", "memory", "10.0.0.9", "10.0.0.2", "/export", null));
        end(create("web", null));
        assertEquals(
                Problem.Kind.CONFLICT,
                assertThrows(QrmException.class, () -> images.create("b", "alias", "/export/web", EMPTY, null, ""))
                        .problem()
                        .kind());
    }

    @Test
    public void doesNotTouchADirectoryThatSomebodyElseMade() throws InterruptedException {
        storage.directories.add("/export/web");
        Operation end = end(create("web", null));
        assertEquals(OperationState.FAILED, end.state());
        assertTrue(end.reason(), end.reason().contains("/export/web"));
        assertTrue(images.find("web").isEmpty());
        assertTrue(storage.directories.contains("/export/web"));
    }

    @Test
    public void takesADirectoryAsItIsWhenAskedTo() throws InterruptedException {
        storage.directories.add("/export/web");
        end(images.create("web", "store", null, new ImageSource.Existing(), null, ""));
        assertEquals(State.READY, images.find("web").orElseThrow().state());
    }

    @Test
    public void aFailedFillingStaysAndGoesOnWhenAskedForAgain() throws InterruptedException {
        storage.failure = QrmException.refused("copy", "web", "the disk is full", "Make room.");
        assertEquals(OperationState.FAILED, end(create("web", null)).state());
        FilesystemImage broken = images.find("web").orElseThrow();
        assertEquals(State.ERROR, broken.state());
        assertTrue(broken.reason(), broken.reason().contains("the disk is full"));

        storage.failure = null;
        assertEquals(OperationState.DONE, end(create("web", null)).state());
        assertEquals(State.READY, images.find("web").orElseThrow().state());
    }

    @Test
    public void aCancelledFillingIsTakenAway() throws InterruptedException {
        storage.hangs = true;
        Operation asked = create("web", null);
        eventually(() -> storage.directories.contains("/export/web"));
        operations.cancel(asked.id());
        assertEquals(OperationState.CANCELLED, end(asked).state());
        eventually(() -> images.find("web").isEmpty());
        assertEquals(List.of(), List.copyOf(storage.directories));
    }

    @Test
    public void isForgottenOnlyWhenItsContentIsGone() throws InterruptedException {
        end(create("web", null));
        storage.failure = QrmException.refused("remove", "web", "it is busy", "");
        assertEquals(OperationState.FAILED, end(images.delete("web", false)).state());
        assertEquals(State.ERROR, images.find("web").orElseThrow().state());
        storage.failure = null;
        assertEquals(OperationState.DONE, end(images.delete("web", false)).state());
        assertTrue(images.find("web").isEmpty());
        assertEquals(List.of(), List.copyOf(storage.directories));
    }

    @Test
    public void canLeaveItsContent() throws InterruptedException {
        end(create("web", null));
        end(images.delete("web", true));
        assertTrue(images.find("web").isEmpty());
        assertTrue(storage.directories.contains("/export/web"));
    }

    @Test
    public void isNotDeletedWhileAVirtualEnvironmentRunsFromIt() throws InterruptedException {
        end(create("web", null));
        database.change(change -> {
            change.handle().execute("insert into boot_image (name, loader, description) values ('k', 'LINUX', '')");
            return change.handle()
                    .execute(
                            "insert into environment (name, boot_image, filesystem_image, mode, runs_on, cpus, cpu_mhz,"
                                    + " memory_mb, nics, kernel_arguments, description, state, reason, version) values"
                                    + " ('shop', 'k', 'web', 'SINGLE', 'node', 1, 1, 1, 1, '', '', 'INACTIVE', '', 0)");
        });
        QrmException refused = assertThrows(QrmException.class, () -> images.delete("web", false));
        assertTrue(refused.getMessage(), refused.getMessage().contains("shop"));
    }

    @Test
    public void isNotDeletedWhileItIsFilled() {
        storage.hangs = true;
        create("web", null);
        assertEquals(
                Problem.Kind.CONFLICT,
                assertThrows(QrmException.class, () -> images.delete("web", false))
                        .problem()
                        .kind());
    }

    @Test
    public void itsDescriptionChangesAndNothingElse() throws InterruptedException {
        end(create("web", null));
        FilesystemImage before = images.find("web").orElseThrow();
        FilesystemImage after = images.update("web", "new");
        assertEquals("new", after.description());
        assertEquals(before.path(), after.path());
        assertEquals(before.state(), after.state());
        assertEquals(
                Problem.Kind.NOT_FOUND,
                assertThrows(QrmException.class, () -> images.update("none", ""))
                        .problem()
                        .kind());
    }

    @Test
    public void measuresAgain() throws InterruptedException {
        end(create("web", null));
        storage.size = 5;
        end(images.measure("web"));
        assertEquals(5, images.find("web").orElseThrow().sizeBytes());
    }

    @Test
    public void goesOnFillingAfterTheServerIsKilled() throws InterruptedException {
        storage.hangs = true;
        Operation asked = create("web", null);
        eventually(() -> storage.directories.contains("/export/web"));
        engine.abandon();
        storage.hangs = false;
        engine = new OperationEngine(database, "test");
        ImageOperations.kinds(database, engine, new StorageTypes(types), calls).forEach(engine::add);
        engine.start();
        assertEquals(OperationState.DONE, end(asked).state());
        assertEquals(State.READY, images.find("web").orElseThrow().state());
    }

    @Test
    public void waitsForAStorageTypeThatIsAwayForAMoment() throws InterruptedException {
        types.left(storage);
        Operation asked = create("web", null);
        types.arrived(storage, 0);
        assertEquals(OperationState.DONE, end(asked).state());
    }

    @Test
    public void refusesSourcesThatCouldNotBeOnes() {
        for (ImageSource bad : List.of(
                new ImageSource.System("-oProxyCommand=x", null),
                new ImageSource.System("10.0.0.1", "ssh-rsa AAAA\nevil"),
                new ImageSource.Archive("../x.tar"),
                new ImageSource.Debootstrap("book worm", List.of()),
                new ImageSource.Debootstrap("bookworm", List.of("a;b")))) {
            assertEquals(
                    bad.toString(),
                    Problem.Kind.INVALID,
                    assertThrows(QrmException.class, () -> images.create("web", "store", null, bad, null, ""))
                            .problem()
                            .kind());
        }
    }

    private Operation create(String name, String path) {
        return images.create(name, "store", path, EMPTY, null, "");
    }

    private Problem.Kind refused(String name, String path) {
        return assertThrows(QrmException.class, () -> create(name, path))
                .problem()
                .kind();
    }

    private static void eventually(java.util.function.BooleanSupplier condition) {
        Eventually.eventually(() -> "it did not happen", condition);
    }
}
