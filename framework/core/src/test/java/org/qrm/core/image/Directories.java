package org.qrm.core.image;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.qrm.api.QrmException;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.ImageSource;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.storage.Mount;
import org.qrm.api.storage.StorageAbility;
import org.qrm.api.storage.StorageClient;
import org.qrm.api.storage.StorageFacts;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageType;

/** A storage type that keeps directories in memory, and fails or hangs when told to. */
final class Directories implements StorageType {

    final Set<String> directories = ConcurrentHashMap.newKeySet();
    final CountDownLatch release = new CountDownLatch(1);
    final Set<String> snapshots = ConcurrentHashMap.newKeySet();
    final List<String> restored = new CopyOnWriteArrayList<>();
    volatile Set<StorageAbility> abilities = Set.of(StorageAbility.SNAPSHOTS);
    volatile QrmException failure;
    /** Snapshots that are not removed. */
    final Set<String> kept = ConcurrentHashMap.newKeySet();

    volatile boolean hangs;
    volatile long size = 4711;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public StorageFacts probe(StorageServer server, WorkContext work) {
        return new StorageFacts("memory", 1_000_000);
    }

    @Override
    public void create(StorageServer server, FilesystemImage image, ImageSource source, WorkContext work) {
        directories.add(image.path());
        failIfTold();
        hangIfTold();
    }

    private void hangIfTold() {
        if (hangs) {
            try {
                release.await();
            } catch (InterruptedException asked) {
                throw new IllegalStateException(asked);
            }
        }
    }

    private void failIfTold() {
        QrmException told = failure;
        if (told != null) {
            throw told;
        }
    }

    @Override
    public long size(StorageServer server, FilesystemImage image, WorkContext work) {
        return size;
    }

    @Override
    public List<String> list(StorageServer server, WorkContext work) {
        return List.copyOf(directories);
    }

    @Override
    public void remove(StorageServer server, FilesystemImage image, WorkContext work) {
        failIfTold();
        if (snapshots.stream().anyMatch(each -> each.startsWith(image.path() + "@"))) {
            throw QrmException.conflict("remove", image.name(), "it has snapshots", "");
        }
        directories.remove(image.path());
    }

    @Override
    public Set<StorageAbility> abilities() {
        return abilities;
    }

    @Override
    public void createSnapshot(StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
        snapshots.add(image.path() + "@" + snapshot);
        failIfTold();
        hangIfTold();
    }

    @Override
    public void restoreSnapshot(StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
        failIfTold();
        restored.add(image.path() + "@" + snapshot);
        hangIfTold();
    }

    @Override
    public void removeSnapshot(StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
        failIfTold();
        if (kept.contains(snapshot)) {
            throw QrmException.conflict("remove", snapshot, "it has a clone", "");
        }
        snapshots.remove(image.path() + "@" + snapshot);
        hangIfTold();
    }

    @Override
    public void setAccess(StorageServer server, FilesystemImage image, List<StorageClient> clients, WorkContext work) {}

    @Override
    public Mount mount(StorageServer server, FilesystemImage image, boolean writable) {
        return new Mount("memory", image.path(), "");
    }
}
