package org.qrm.plugin.simulator.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Component;
import org.qrm.api.QrmException;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.ImageSource;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.storage.Mount;
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

    private static final long SIZE = 1L << 30;
    private static final long ROOM = 1L << 40;
    private static final int STEPS = 10;

    private final Map<String, List<StorageClient>> access = new ConcurrentHashMap<>();
    private final Map<String, String> failures = new ConcurrentHashMap<>();
    private volatile Duration delay = Duration.ZERO;

    /** Makes every call take that long. */
    public void delay(Duration newDelay) {
        delay = newDelay;
    }

    /**
     * Makes a call fail until it is repaired.
     *
     * @param call {@code probe}, {@code create}, {@code size}, {@code list}, {@code remove} or {@code access}
     * @param reason why; null repairs it
     */
    public void fail(String call, String reason) {
        if (!List.of("probe", "create", "size", "list", "remove", "access").contains(call)) {
            throw QrmException.invalid(
                    "break storage", call, "there is no such call", "Use probe, create, size, list, remove or access.");
        }
        if (reason == null) {
            failures.remove(call);
        } else {
            failures.put(call, reason);
        }
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
        pretend("probe", server.name(), work);
        return new StorageFacts("simulated storage", ROOM);
    }

    @Override
    public void create(StorageServer server, FilesystemImage image, ImageSource source, WorkContext work) {
        pretend("create", image.name(), work);
        access.putIfAbsent(place(server, image), List.of());
    }

    @Override
    public long size(StorageServer server, FilesystemImage image, WorkContext work) {
        pretend("size", image.name(), work);
        return SIZE;
    }

    @Override
    public List<String> list(StorageServer server, WorkContext work) {
        pretend("list", server.name(), work);
        String prefix = server.address() + ":";
        List<String> paths = new ArrayList<>();
        access().keySet().stream()
                .filter(place -> place.startsWith(prefix))
                .forEach(place -> paths.add(place.substring(prefix.length())));
        return paths;
    }

    @Override
    public void remove(StorageServer server, FilesystemImage image, WorkContext work) {
        pretend("remove", image.name(), work);
        access.remove(place(server, image));
    }

    @Override
    public void setAccess(StorageServer server, FilesystemImage image, List<StorageClient> clients, WorkContext work) {
        pretend("access", image.name(), work);
        access.put(place(server, image), List.copyOf(clients));
    }

    @Override
    public Mount mount(StorageServer server, FilesystemImage image, boolean writable) {
        return new Mount(NAME, place(server, image), writable ? "rw" : "ro");
    }

    private static String place(StorageServer server, FilesystemImage image) {
        return server.address() + ":" + image.path();
    }

    /** Takes its time, in steps that can be cancelled; then fails if it was told to. */
    private void pretend(String call, String subject, WorkContext work) {
        long step = delay.toMillis() / STEPS;
        for (int i = 0; i < STEPS && step > 0; i++) {
            work.checkpoint();
            work.progress((double) i / STEPS, call);
            pause(step);
        }
        work.checkpoint();
        String reason = failures.get(call);
        if (reason != null) {
            throw QrmException.failed(
                    call + " on simulated storage", subject, reason, "Repair it: simulator:storage " + call, null);
        }
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw QrmException.failed("wait", "", "the thread was interrupted", "", e);
        }
    }
}
