package org.qrm.core.image;

import java.util.ArrayList;
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
        List<OperationKind> kinds = new ArrayList<>(SnapshotOperations.kinds(images));
        kinds.add(new CreateImage(database, engine, images));
        kinds.add(new MeasureImage(images));
        kinds.add(new DeleteImage(images));
        return kinds;
    }
}
