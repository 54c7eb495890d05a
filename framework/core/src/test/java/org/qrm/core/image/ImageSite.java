package org.qrm.core.image;

import java.time.Duration;
import java.util.Optional;
import org.junit.After;
import org.junit.Before;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.operation.Operation;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageType;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.call.Whiteboard;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.operation.OperationService;
import org.qrm.core.storage.StorageServerService;
import org.qrm.core.storage.StorageTypes;
import org.qrm.core.store.Database;
import org.qrm.core.store.DatabaseKind;
import org.qrm.core.store.TestDatabase;

/** A storage server {@code store} in memory, and who keeps images on it; on each database. */
@RunWith(Parameterized.class)
public abstract class ImageSite {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    @Parameters(name = "{0}")
    public static DatabaseKind[] kinds() {
        return DatabaseKind.tried();
    }

    @Parameter
    public DatabaseKind kind;

    final Directories storage = new Directories();
    final PluginCalls calls = new PluginCalls();
    final Whiteboard<StorageType> types = new Whiteboard<>(calls);
    Database database;
    OperationEngine engine;
    OperationService operations;
    FilesystemImageService images;

    @Before
    public final void open() {
        database = TestDatabase.open(kind.freshUrl());
        engine = new OperationEngine(database, "test");
        operations = new OperationService(database, engine);
        images = new FilesystemImageService(
                database, engine, new StorageTypes(types), (handle, image) -> Optional.empty());
        ImageOperations.kinds(database, engine, new StorageTypes(types), calls).forEach(engine::add);
        engine.start();
        types.arrived(storage, 0);
        new StorageServerService(database, new StorageTypes(types), calls)
                .create(new StorageServer("store", "memory", "10.0.0.2", "10.0.0.2", "/export", null));
    }

    @After
    public final void stop() {
        storage.release.countDown();
        if (database != null) {
            engine.close();
            calls.close();
            database.close();
        }
    }

    final Operation end(Operation asked) throws InterruptedException {
        return operations.await(asked.id(), LIMIT);
    }
}
