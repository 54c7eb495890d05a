package org.qrm.rest.internal.fake;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.Remark;
import org.qrm.api.Sort;
import org.qrm.api.image.BootFile;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.BootImages;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.FilesystemImageField;
import org.qrm.api.image.FilesystemImages;
import org.qrm.api.image.ImageSnapshot;
import org.qrm.api.image.ImageSource;
import org.qrm.api.image.Loader;
import org.qrm.api.operation.Operation;

/** Images of both kinds, in maps. */
public final class FakeImages {

    public final Boot boot = new Boot();
    public final Filesystem filesystem;

    public FakeImages(FakeOperations operations) {
        filesystem = new Filesystem(operations);
    }

    /** Boot images; of files only the size is kept. */
    public static final class Boot implements BootImages {
        private final Map<String, BootImage> all = new TreeMap<>();

        @Override
        public Optional<BootImage> find(String name) {
            return Optional.ofNullable(all.get(name));
        }

        @Override
        public Page<BootImage> list(PageRequest page) {
            return Pages.cut(List.copyOf(all.values()), page);
        }

        @Override
        public BootImage create(String name, Loader loader, String plugin, String description) {
            if (all.containsKey(name)) {
                throw QrmException.conflict("create boot image", name, "the name is taken", "Choose another.");
            }
            all.put(name, new BootImage(name, loader, List.of(), plugin, description));
            return all.get(name);
        }

        @Override
        public BootImage putFile(String image, String file, BootFile.Role role, InputStream content) {
            BootImage before = all.get(image);
            List<BootFile> files = new ArrayList<>(before.files());
            try {
                files.add(new BootFile(file, role, content.readAllBytes().length, "0".repeat(64)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            all.put(image, new BootImage(image, before.loader(), files, null, before.description()));
            return all.get(image);
        }

        @Override
        public BootImage update(String name, Loader loader, String description, Expected<BootImage> expected) {
            BootImage before = all.get(name);
            expected.check(before);
            all.put(name, new BootImage(name, loader, before.files(), before.plugin(), description));
            return all.get(name);
        }

        @Override
        public BootImage deleteFile(String image, String file) {
            BootImage before = all.get(image);
            List<BootFile> files = new ArrayList<>(before.files());
            if (!files.removeIf(each -> each.name().equals(file))) {
                throw QrmException.notFound("remove file of boot image", "file", file);
            }
            all.put(image, new BootImage(image, before.loader(), files, before.plugin(), before.description()));
            return all.get(image);
        }

        @Override
        public BootImage remark(String name, Remark said, Expected<BootImage> expected) {
            BootImage before = all.get(name);
            expected.check(before);
            all.put(name, before.remarked(before.remark().after(said.checked("change boot image", name))));
            return all.get(name);
        }

        @Override
        public void delete(String name, Expected<BootImage> expected) {
            expected.check(all.get(name));
            all.remove(name);
        }

        @Override
        public Optional<Path> content(String image, String file) {
            return Optional.empty();
        }
    }

    /** Filesystem images; remembers what was asked for. */
    public static final class Filesystem implements FilesystemImages {

        public Filter<FilesystemImageField> lastFilter;
        public Sort<FilesystemImageField> lastSort;
        private final Map<String, FilesystemImage> all = new TreeMap<>();
        private final Map<String, List<ImageSnapshot>> snapshots = new TreeMap<>();
        private final FakeOperations operations;
        public volatile ImageSource lastSource;
        public volatile boolean lastKeepContent;
        public volatile boolean lastWithSnapshots;

        Filesystem(FakeOperations operations) {
            this.operations = operations;
        }

        @Override
        public Optional<FilesystemImage> find(String name) {
            return Optional.ofNullable(all.get(name));
        }

        @Override
        public Page<FilesystemImage> list(
                Filter<FilesystemImageField> filter, Sort<FilesystemImageField> sort, PageRequest page) {
            lastFilter = filter;
            lastSort = sort;
            return Pages.cut(
                    all.values().stream()
                            .filter(image -> !Pages.isOther(filter, FilesystemImageField.STATE, image.state()))
                            .filter(image ->
                                    !Pages.isOther(filter, FilesystemImageField.STORAGE_SERVER, image.storageServer()))
                            .toList(),
                    page);
        }

        @Override
        public Operation create(
                String name, String server, String path, ImageSource source, String plugin, String description) {
            lastSource = source;
            String where = path == null ? "/export/" + name : path;
            all.put(
                    name,
                    new FilesystemImage(
                            name, server, where, FilesystemImage.State.CREATING, "", 0, plugin, description));
            return operations.queue("filesystem-image.create", "filesystem-image/" + name);
        }

        @Override
        public FilesystemImage update(String name, String description, Expected<FilesystemImage> expected) {
            FilesystemImage it = all.get(name);
            expected.check(it);
            all.put(
                    name,
                    new FilesystemImage(
                            name,
                            it.storageServer(),
                            it.path(),
                            it.state(),
                            "",
                            it.sizeBytes(),
                            it.plugin(),
                            description));
            return all.get(name);
        }

        @Override
        public Operation measure(String name) {
            return operations.queue("filesystem-image.measure", "filesystem-image/" + name);
        }

        @Override
        public FilesystemImage remark(String name, Remark said, Expected<FilesystemImage> expected) {
            FilesystemImage before = all.get(name);
            expected.check(before);
            all.put(name, before.remarked(before.remark().after(said.checked("change filesystem image", name))));
            return all.get(name);
        }

        @Override
        public Operation delete(
                String name, boolean keepContent, boolean withSnapshots, Expected<FilesystemImage> expected) {
            expected.check(all.get(name));
            lastKeepContent = keepContent;
            lastWithSnapshots = withSnapshots;
            return operations.queue("filesystem-image.delete", "filesystem-image/" + name);
        }

        @Override
        public List<ImageSnapshot> snapshots(String image) {
            known(image);
            return List.copyOf(snapshots.getOrDefault(image, List.of()));
        }

        @Override
        public Operation createSnapshot(String image, String snapshot, String description) {
            known(image);
            snapshots
                    .computeIfAbsent(image, name -> new ArrayList<>())
                    .add(new ImageSnapshot(
                            snapshot, FilesystemImage.State.READY, "", Instant.ofEpochSecond(1), description));
            return operations.queue("filesystem-image.create-snapshot", "filesystem-image/" + image);
        }

        @Override
        public Operation restoreSnapshot(String image, String snapshot) {
            known(image, snapshot);
            return operations.queue("filesystem-image.restore-snapshot", "filesystem-image/" + image);
        }

        @Override
        public Operation deleteSnapshot(String image, String snapshot) {
            known(image, snapshot);
            return operations.queue("filesystem-image.delete-snapshot", "filesystem-image/" + image);
        }

        private void known(String image) {
            if (!all.containsKey(image)) {
                throw QrmException.notFound("use snapshots", "filesystem image", image);
            }
        }

        private void known(String image, String snapshot) {
            if (snapshots(image).stream().noneMatch(each -> each.name().equals(snapshot))) {
                throw QrmException.notFound("use snapshot", "snapshot of " + image, snapshot);
            }
        }
    }
}
