package org.qrm.plugin.simulator.internal;

import java.time.Duration;
import java.util.List;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.storage.StorageClient;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageType;
import org.qrm.testkit.StorageTypeContract;

public class SimulatedStorageContractTest extends StorageTypeContract {

    /** It is all the memory that there is. */
    private final SimulatedStorage storage = new SimulatedStorage();

    @Override
    protected StorageType type() {
        return storage;
    }

    @Override
    protected StorageServer server() {
        return new StorageServer("s", "simulated", "10.0.0.2", "10.0.0.2", "/export", null);
    }

    @Override
    protected boolean exists(FilesystemImage image) {
        return storage.access().containsKey("10.0.0.2:" + image.path());
    }

    @Override
    protected List<StorageClient> access(FilesystemImage image) {
        return storage.access().getOrDefault("10.0.0.2:" + image.path(), List.of());
    }

    @Override
    protected boolean disconnect() {
        List.of("probe", "create", "size", "list", "remove", "access", "snapshot")
                .forEach(call -> storage.fail(call, "no answer"));
        return true;
    }

    @Override
    protected boolean stick() {
        storage.delay(Duration.ofHours(1));
        return true;
    }
}
