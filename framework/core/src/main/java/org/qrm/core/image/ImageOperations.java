package org.qrm.core.image;

import java.util.List;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.operation.OperationKind;
import org.qrm.core.storage.StorageTypes;
import org.qrm.core.store.Database;

/** What the engine can do with filesystem images. */
public final class ImageOperations {

    private ImageOperations() {}

    public static List<OperationKind> kinds(
            Database database, OperationEngine engine, StorageTypes types, PluginCalls calls) {
        ImageWork images = new ImageWork(database, types, calls);
        return List.of(new CreateImage(database, engine, images), new MeasureImage(images), new DeleteImage(images));
    }
}
