package org.qrm.plugin.simulator.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Component;
import org.qrm.api.Name;
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

/**
 * Storage that holds nothing, for virtual environments on simulated machines. It can be made slow, and to fail, one call
 * at a time.
 */
@Component(service = {StorageType.class, SimulatedStorage.class})
public class SimulatedStorage implements StorageType {

    static final String NAME = "simulated";

    /** Nothing is what it can make of each of these. */
    private static final Set<Class<?>> SOURCES = Set.of(
            ImageSource.Existing.class,
            ImageSource.Empty.class,
            ImageSource.System.class,
            ImageSource.Archive.class,
            ImageSource.Debootstrap.class);

    private static final long SIZE = 1L << 30;
    private static final long ROOM = 1L << 40;

    private final Map<String, List<StorageClient>> access = new ConcurrentHashMap<>();
    /** {@code 10.77.0.2:/export/web1@before}; what there is in them is nothing, too. */
    private final Set<String> snapshots = ConcurrentHashMap.newKeySet();

    private final CallFaults faults = new CallFaults(
            "simulated storage",
            "simulator:storage",
            "probe",
            "create",
            "size",
            "list",
            "remove",
            "access",
            "snapshot");

    /** Makes every call take that long. */
    public void delay(Duration newDelay) {
        faults.delay(newDelay);
    }

    /**
     * Makes a call fail until it is repaired.
     *
     * @param call {@code probe}, {@code create}, {@code size}, {@code list}, {@code remove}, {@code access} or
     *     {@code snapshot}
     * @param reason why; null repairs it
     */
    public void fail(String call, String reason) {
        faults.fail(call, reason);
    }

    /** Which machines may mount what: {@code 10.77.0.2:/export/web1}, in order. */
    public Map<String, List<StorageClient>> access() {
        return new TreeMap<>(access);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public StorageFacts probe(StorageServer server, WorkContext work) {
        faults.pretend("probe", server.name(), work);
        return new StorageFacts("simulated storage", ROOM);
    }

    @Override
    public void create(StorageServer server, FilesystemImage image, ImageSource source, WorkContext work) {
        if (!SOURCES.contains(source.getClass())) {
            throw QrmException.refused("fill the image", image.name(), "there is no such source here", "Take another.");
        }
        String place = place(server, image);
        faults.pretend("create", image.name(), work);
        access.putIfAbsent(place, List.of());
    }

    @Override
    public long size(StorageServer server, FilesystemImage image, WorkContext work) {
        faults.pretend("size", image.name(), work);
        return SIZE;
    }

    @Override
    public List<String> list(StorageServer server, WorkContext work) {
        faults.pretend("list", server.name(), work);
        String prefix = server.address() + ":";
        List<String> paths = new ArrayList<>();
        access().keySet().stream()
                .filter(place -> place.startsWith(prefix))
                .forEach(place -> paths.add(place.substring(prefix.length())));
        return paths;
    }

    @Override
    public void remove(StorageServer server, FilesystemImage image, WorkContext work) {
        String place = place(server, image);
        faults.pretend("remove", image.name(), work);
        access.remove(place);
    }

    @Override
    public Set<StorageAbility> abilities() {
        return Set.of(StorageAbility.SNAPSHOTS);
    }

    @Override
    public void createSnapshot(StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
        String place = place(server, image);
        faults.pretend("snapshot", image.name(), work);
        snapshots.add(place + "@" + snapshot);
    }

    @Override
    public void restoreSnapshot(StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
        String place = place(server, image);
        faults.pretend("snapshot", image.name(), work);
        if (!snapshots.contains(place + "@" + snapshot)) {
            throw QrmException.notFound("restore snapshot", "snapshot of " + image.name(), snapshot);
        }
        if (!access.getOrDefault(place, List.of()).isEmpty()) {
            throw QrmException.conflict(
                    "restore snapshot", image.name(), "machines may mount it now", "Stop what runs from it.");
        }
    }

    @Override
    public void removeSnapshot(StorageServer server, FilesystemImage image, String snapshot, WorkContext work) {
        String place = place(server, image);
        faults.pretend("snapshot", image.name(), work);
        snapshots.remove(place + "@" + snapshot);
    }

    @Override
    public void setAccess(StorageServer server, FilesystemImage image, List<StorageClient> clients, WorkContext work) {
        String place = place(server, image);
        faults.pretend("access", image.name(), work);
        access.put(place, List.copyOf(clients));
    }

    @Override
    public Mount mount(StorageServer server, FilesystemImage image, boolean writable) {
        return new Mount(NAME, place(server, image), writable ? "rw" : "ro");
    }

    /** As real storage, it touches nothing outside the export root. */
    private static String place(StorageServer server, FilesystemImage image) {
        String path = image.path();
        if (!path.startsWith(server.exportRoot() + "/") || path.contains("/../") || path.endsWith("/..")) {
            throw QrmException.invalid(
                    "use the image path",
                    Name.printable(path),
                    "it is not below the export root " + server.exportRoot(),
                    "Choose a path below it.");
        }
        return server.address() + ":" + image.path();
    }
}
