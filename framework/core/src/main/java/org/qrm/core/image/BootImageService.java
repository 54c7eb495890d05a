package org.qrm.core.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.qrm.api.Expected;
import org.qrm.api.Name;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.Remark;
import org.qrm.api.event.Priority;
import org.qrm.api.image.BootFile;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.BootImages;
import org.qrm.api.image.Loader;
import org.qrm.core.storage.Checked;
import org.qrm.core.store.Change;
import org.qrm.core.store.Cursor;
import org.qrm.core.store.Database;
import org.qrm.core.store.Remarks;

/** Boot images. What boot loaders ask for is answered from memory. */
public final class BootImageService implements BootImages {

    private static final String NOUN = "boot image";
    private static final String CREATE = "create boot image";
    private static final String PUT = "store boot file";
    private static final String UPDATE = "change boot image";
    private static final String DELETE_FILE = "remove file of boot image";
    private static final String DELETE = "delete boot image";
    private static final int MOST_FILES = 256;
    private static final int LONGEST_DESCRIPTION = 1000;

    private final Database database;
    private final BootFileStore store;
    private final IdleImage idle;
    private final KnownBootImages known;

    /**
     * Records the idle environment.
     *
     * @param directory where files of boot images are kept
     */
    public BootImageService(Database database, Path directory, IdleImage idle) {
        this(database, new BootFileStore(directory, BootFileStore.MOST_BYTES), idle);
    }

    BootImageService(Database database, BootFileStore store, IdleImage idle) {
        this.database = database;
        this.store = store;
        this.idle = idle;
        this.known = new KnownBootImages(database, idle.image());
        recordIdleImage();
    }

    private void recordIdleImage() {
        database.change(change -> {
            if (!BootImageRows.lock(change.handle(), BootImage.DEFAULT)) {
                BootImageRows.insert(change.handle(), idle.image());
            }
            return null;
        });
    }

    @Override
    public Optional<BootImage> find(String name) {
        return Optional.ofNullable(known.all().get(name));
    }

    @Override
    public Page<BootImage> list(PageRequest page) {
        String after = Cursor.text(page);
        List<BootImage> rows = known.all().values().stream()
                .filter(image -> image.name().compareTo(after) > 0)
                .limit(page.limit() + 1L)
                .toList();
        return Cursor.page(rows, page, BootImage::name);
    }

    @Override
    public Optional<Path> content(String image, String file) {
        return find(image)
                .flatMap(found -> found.files().stream()
                        .filter(listed -> listed.name().equals(file))
                        .findFirst())
                .map(listed ->
                        image.equals(BootImage.DEFAULT) ? idle.path(listed) : store.path(image, file, listed.sha256()));
    }

    @Override
    public BootImage create(String name, Loader loader, String plugin, String description) {
        Name.checked(CREATE, NOUN, name);
        if (plugin != null) {
            Name.checked(CREATE, "plug-in", plugin);
        }
        checkDescription(CREATE, name, loader, description);
        BootImage image = new BootImage(name, loader, List.of(), plugin, description);
        try {
            return database.change(change -> {
                BootImageRows.insert(change.handle(), image);
                change.event(
                        Priority.INFO,
                        "boot-image.created",
                        subject(name),
                        "Boot image " + name + " was created.",
                        null);
                change.afterCommit(known::forget);
                return image;
            });
        } catch (RuntimeException failed) {
            if (Database.isConstraint(failed)) {
                throw QrmException.conflict(CREATE, name, "the name is taken", "Choose another name.");
            }
            throw failed;
        }
    }

    private static void checkDescription(String attempted, String name, Loader loader, String description) {
        if (loader == null) {
            throw QrmException.invalid(attempted, name, "no loader is given", "Choose linux or multiboot.");
        }
        Checked.text(attempted, name, description, LONGEST_DESCRIPTION);
    }

    @Override
    public BootImage update(String name, Loader loader, String description, Expected<BootImage> expected) {
        refuseIdleImage(UPDATE, name);
        checkDescription(UPDATE, name, loader, description);
        database.change(change -> {
            lock(change.handle(), UPDATE, name);
            if (BootImageRows.loader(change.handle(), name) != loader) {
                refuseWhileUsed(change.handle(), UPDATE, name);
            }
            expected.check(BootImageRows.find(change.handle(), name));
            BootImageRows.update(change.handle(), name, loader, description);
            change.afterCommit(known::forget);
            return null;
        });
        return find(name).orElseThrow(() -> QrmException.notFound(UPDATE, NOUN, name));
    }

    @Override
    public BootImage remark(String name, Remark said, Expected<BootImage> expected) {
        Remark checked = said.checked(UPDATE, name);
        database.change(change -> {
            lock(change.handle(), UPDATE, name);
            BootImage before = known.asListed(BootImageRows.find(change.handle(), name));
            expected.check(before);
            BootImageRows.REMARKS.change(
                    change,
                    name,
                    before.remark(),
                    checked,
                    new Remarks.Told("boot-image", subject(name), "Boot image " + name, null));
            change.afterCommit(known::forget);
            return null;
        });
        return find(name).orElseThrow(() -> QrmException.notFound(UPDATE, NOUN, name));
    }

    @Override
    public BootImage deleteFile(String image, String file) {
        refuseIdleImage(DELETE_FILE, image);
        database.change(change -> {
            lock(change.handle(), DELETE_FILE, image);
            refuseWhileUsed(change.handle(), DELETE_FILE, image);
            String digest = BootImageRows.digest(change.handle(), image, file)
                    .orElseThrow(() -> QrmException.notFound(DELETE_FILE, "file", Name.printable(file)));
            BootImageRows.deleteFile(change.handle(), image, file);
            change.afterCommit(known::forget);
            change.afterCommit(() -> store.forget(store.path(image, file, digest)));
            return null;
        });
        return find(image).orElseThrow(() -> QrmException.notFound(DELETE_FILE, NOUN, image));
    }

    private static void lock(Handle handle, String attempted, String name) {
        if (!BootImageRows.lock(handle, name)) {
            throw QrmException.notFound(attempted, NOUN, Name.printable(name));
        }
    }

    private static void refuseWhileUsed(Handle handle, String attempted, String name) {
        BootImageRows.user(handle, name).ifPresent(environment -> {
            throw QrmException.conflict(
                    attempted,
                    name,
                    "virtual environment " + environment + " boots it",
                    "Delete that virtual environment, or let it boot another image, first.");
        });
    }

    @Override
    public BootImage putFile(String image, String file, BootFile.Role role, InputStream content) {
        Name.checked(PUT, "boot file", file);
        refuseIdleImage(PUT, image);
        if (find(image).isEmpty()) {
            throw QrmException.notFound(PUT, NOUN, Name.printable(image));
        }
        BootFileStore.Content received = receive(image, file, content);
        try {
            database.change(change -> {
                replace(change, image, new BootFile(file, role, received.size(), received.sha256()));
                return null;
            });
        } catch (RuntimeException failed) {
            forgetUnlessListed(image, file, received);
            throw failed;
        }
        return find(image).orElseThrow(() -> QrmException.notFound(PUT, NOUN, image));
    }

    private BootFileStore.Content receive(String image, String file, InputStream content) {
        try {
            return store.receive(image, file, content);
        } catch (IOException failed) {
            throw QrmException.failed(
                    PUT,
                    image + "/" + file,
                    "the content could not be stored (" + failed + ")",
                    "Look for room and permissions below QRM_DATA/boot, then send it again.",
                    failed);
        }
    }

    private void replace(Change change, String image, BootFile file) {
        lock(change.handle(), PUT, image);
        Optional<String> before = BootImageRows.digest(change.handle(), image, file.name());
        if (before.isEmpty() && BootImageRows.count(change.handle(), image) >= MOST_FILES) {
            throw QrmException.refused(
                    PUT, image, "it has " + MOST_FILES + " files already", "Make another boot image.");
        }
        BootImageRows.put(change.handle(), image, file);
        change.afterCommit(known::forget);
        before.filter(digest -> !digest.equals(file.sha256()))
                .ifPresent(digest -> change.afterCommit(() -> store.forget(store.path(image, file.name(), digest))));
    }

    /** The same content may have been there before. */
    private void forgetUnlessListed(String image, String file, BootFileStore.Content received) {
        Optional<String> listed = database.read(handle -> BootImageRows.digest(handle, image, file));
        if (listed.filter(received.sha256()::equals).isEmpty()) {
            store.forget(received.file());
        }
    }

    @Override
    public void delete(String name, Expected<BootImage> expected) {
        refuseIdleImage(DELETE, name);
        database.change(change -> {
            lock(change.handle(), DELETE, name);
            refuseWhileUsed(change.handle(), DELETE, name);
            expected.check(BootImageRows.find(change.handle(), name));
            BootImageRows.delete(change.handle(), name);
            change.event(
                    Priority.INFO, "boot-image.deleted", subject(name), "Boot image " + name + " was deleted.", null);
            change.afterCommit(known::forget);
            change.afterCommit(() -> store.forgetImage(name));
            return null;
        });
    }

    private static void refuseIdleImage(String attempted, String name) {
        if (BootImage.DEFAULT.equals(name)) {
            throw QrmException.conflict(
                    attempted, name, "it comes with the server and is not changed", "Use another boot image.");
        }
    }

    private static String subject(String name) {
        return "boot-image/" + name;
    }
}
