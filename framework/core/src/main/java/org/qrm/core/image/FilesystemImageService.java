package org.qrm.core.image;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.Name;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.Remark;
import org.qrm.api.Sort;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.FilesystemImage.State;
import org.qrm.api.image.FilesystemImageField;
import org.qrm.api.image.FilesystemImages;
import org.qrm.api.image.ImageSnapshot;
import org.qrm.api.image.ImageSource;
import org.qrm.api.operation.Operation;
import org.qrm.api.storage.StorageServer;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.storage.Checked;
import org.qrm.core.storage.StorageServerRows;
import org.qrm.core.storage.StorageTypes;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;
import org.qrm.core.store.Remarks;

/**
 * Filesystem images. An image whose filling failed stays, in state ERROR: asking for it again with the same storage
 * server and path goes on with what is there, deleting it removes what is there. One whose filling is cancelled is
 * removed.
 */
public final class FilesystemImageService implements FilesystemImages {

    static final String NOUN = "filesystem image";
    private static final String CREATE = "create filesystem image";
    private static final String UPDATE = "change filesystem image";
    private static final String MEASURE = "measure filesystem image";
    private static final String DELETE = "delete filesystem image";
    private static final int LONGEST_DESCRIPTION = 1000;

    private final Database database;
    private final OperationEngine engine;
    private final Snapshots snapshots;

    /** @param mayStillWrite names a machine that no virtual environment has and that may write that image all the same */
    public FilesystemImageService(
            Database database,
            OperationEngine engine,
            StorageTypes types,
            BiFunction<Handle, String, Optional<String>> mayStillWrite) {
        this.database = database;
        this.engine = engine;
        this.snapshots = new Snapshots(engine, types, mayStillWrite);
    }

    @Override
    public Optional<FilesystemImage> find(String name) {
        return database.read(handle ->
                FilesystemImageRows.find(handle, name).map(image -> FilesystemImageRows.whole(handle, image)));
    }

    @Override
    public Page<FilesystemImage> list(
            Filter<FilesystemImageField> filter, Sort<FilesystemImageField> sort, PageRequest page) {
        return database.read(handle -> FilesystemImageRows.LISTING.page(handle, filter, sort, page));
    }

    @Override
    public Operation create(
            String name, String storageServer, String path, ImageSource source, String plugin, String description) {
        Name.checked(CREATE, NOUN, name);
        if (plugin != null) {
            Name.checked(CREATE, "plug-in", plugin);
        }
        Checked.text(CREATE, name, description, LONGEST_DESCRIPTION);
        String sourceText = ImageSourceText.write(ImageSourceText.checked(source));
        try {
            return engine.asked(change -> {
                StorageServer server = StorageServerRows.lock(change.handle(), storageServer)
                        .orElseThrow(
                                () -> QrmException.notFound(CREATE, "storage server", Name.printable(storageServer)));
                FilesystemImage image = new FilesystemImage(
                        name, server.name(), pathBelow(server, name, path), State.CREATING, "", 0, plugin, description);
                record(change.handle(), server, image, sourceText);
                return submit(change, CreateImage.KIND, name);
            });
        } catch (RuntimeException failed) {
            if (Database.isConstraint(failed)) {
                throw taken(name);
            }
            throw failed;
        }
    }

    private static String pathBelow(StorageServer server, String name, String path) {
        String root = server.exportRoot();
        String chosen = Checked.path(CREATE, path == null ? root + "/" + name : path);
        if (!chosen.startsWith(root + "/")) {
            throw QrmException.invalid(
                    CREATE,
                    name,
                    chosen + " is not below " + root + ", the export root of " + server.name(),
                    "Choose a path below it.");
        }
        return chosen;
    }

    private static void record(Handle handle, StorageServer server, FilesystemImage image, String source) {
        FilesystemImageRows.overlapping(handle, server, image.name(), image.path())
                .ifPresent(other -> {
                    throw QrmException.conflict(
                            CREATE,
                            image.name(),
                            "the path " + image.path() + " overlaps with " + other.path() + " of filesystem image "
                                    + other.name(),
                            "Choose another path.");
                });
        Optional<FilesystemImage> before = FilesystemImageRows.lock(handle, image.name());
        if (before.isEmpty()) {
            FilesystemImageRows.insert(handle, image, source);
        } else if (isResumedBy(before.get(), image)) {
            ImageLifeCycle.change(handle, before.get(), State.CREATING, "");
            FilesystemImageRows.setSource(handle, image.name(), source);
        } else {
            throw taken(image.name());
        }
    }

    private static boolean isResumedBy(FilesystemImage before, FilesystemImage wanted) {
        return before.state() == State.ERROR
                && before.storageServer().equals(wanted.storageServer())
                && before.path().equals(wanted.path());
    }

    private static QrmException taken(String name) {
        return QrmException.conflict(
                CREATE,
                name,
                "the name is taken",
                "Choose another name; or, to go on with an image in state error, give its storage server and path.");
    }

    @Override
    public FilesystemImage update(String name, String description, Expected<FilesystemImage> expected) {
        Checked.text(UPDATE, name, description, LONGEST_DESCRIPTION);
        return database.change(change -> {
            FilesystemImage before = whole(change.handle(), UPDATE, name);
            expected.check(before);
            FilesystemImageRows.setDescription(change.handle(), name, description);
            return FilesystemImageRows.find(change.handle(), name).orElseThrow().remarked(before.remark());
        });
    }

    @Override
    public FilesystemImage remark(String name, Remark said, Expected<FilesystemImage> expected) {
        Remark checked = said.checked(UPDATE, name);
        return database.change(change -> {
            FilesystemImage before = whole(change.handle(), UPDATE, name);
            expected.check(before);
            FilesystemImageRows.REMARKS.change(
                    change,
                    name,
                    before.remark(),
                    checked,
                    new Remarks.Told("filesystem-image", lane(name), "Filesystem image " + name, null));
            return before.remarked(before.remark().after(checked));
        });
    }

    private static FilesystemImage whole(Handle handle, String attempted, String name) {
        return FilesystemImageRows.whole(handle, locked(handle, attempted, name));
    }

    @Override
    public Operation measure(String name) {
        return engine.asked(change -> {
            FilesystemImage image = locked(change.handle(), MEASURE, name);
            if (image.state() != State.READY) {
                throw QrmException.conflict(
                        MEASURE, name, "it is " + ImageLifeCycle.word(image.state()), "Wait until it is ready.");
            }
            return submit(change, MeasureImage.KIND, name);
        });
    }

    @Override
    public Operation delete(
            String name, boolean keepContent, boolean withSnapshots, Expected<FilesystemImage> expected) {
        return engine.asked(change -> {
            FilesystemImage image = locked(change.handle(), DELETE, name);
            FilesystemImageRows.user(change.handle(), name).ifPresent(environment -> {
                throw QrmException.conflict(
                        DELETE,
                        name,
                        "virtual environment " + environment + " runs from it",
                        "Delete that virtual environment, or give it another image, first.");
            });
            refuseWhileAtWork(change.handle(), image);
            if (!withSnapshots) {
                Snapshots.refuseDeletion(change.handle(), name);
            }
            expected.check(FilesystemImageRows.whole(change.handle(), image));
            return DeleteImage.submit(engine, change, image, keepContent);
        });
    }

    @Override
    public List<ImageSnapshot> snapshots(String image) {
        return database.read(handle -> Snapshots.of(handle, image));
    }

    @Override
    public Operation createSnapshot(String image, String snapshot, String description) {
        return engine.asked(change -> snapshots.create(change, image, snapshot, description));
    }

    @Override
    public Operation restoreSnapshot(String image, String snapshot) {
        return engine.asked(change -> snapshots.restore(change, image, snapshot));
    }

    @Override
    public Operation deleteSnapshot(String image, String snapshot) {
        return engine.asked(change -> snapshots.delete(change, image, snapshot));
    }

    /**
     * What a start from that image needs for itself besides its machines: the image, while that is given the content of a snapshot. Whoever
     * asks has locked the image.
     */
    public static List<String> lanesWhileRestored(Handle handle, OperationEngine engine, String image) {
        String lane = lane(image);
        return engine.newest(handle, lane, SnapshotOperations.RESTORE, SnapshotWork.OfSnapshot.class)
                .map(restoring -> List.of(lane))
                .orElse(List.of());
    }

    private void refuseWhileAtWork(Handle handle, FilesystemImage image) {
        List<Long> atWork = engine.onLane(handle, lane(image.name()));
        if (image.state() != State.READY && !atWork.isEmpty()) {
            throw QrmException.conflict(
                    DELETE,
                    image.name(),
                    "it is " + ImageLifeCycle.word(image.state()) + " in operation " + atWork.get(0),
                    "Cancel that operation, or wait for its end.");
        }
    }

    static FilesystemImage locked(Handle handle, String attempted, String name) {
        return FilesystemImageRows.lock(handle, name)
                .orElseThrow(() -> QrmException.notFound(attempted, NOUN, Name.printable(name)));
    }

    private long submit(Change change, String kind, String name) {
        return engine.submit(change, kind, lane(name), new ImageWork.OfImage(name), List.of(lane(name)));
    }

    /** Subject of its operations, and the lane on which they run one after the other. */
    static String lane(String name) {
        return "filesystem-image/" + name;
    }
}
