package org.qrm.api.partition;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import org.qrm.api.operation.Operation;
import org.qrm.api.resource.Resource;

/** Makes a machine that runs a host environment a host of partitions. Registered as an OSGi service by a plug-in. */
@ConsumerType
public interface PartitionProvider {

    /** The plug-in's id, as in {@code partition:<plug-in>}. */
    String plugin();

    /** The partitions of a host. */
    List<Partition> list(Resource host);

    /**
     * Creates and starts partitions.
     *
     * @param count 1..64
     * @throws org.qrm.api.QrmException REFUSED with the figures when they do not fit beside what the host itself needs
     */
    Operation create(Resource host, int count, PartitionSize size);

    /** @throws org.qrm.api.QrmException NOT_FOUND; CONFLICT when its state or use does not allow it */
    Operation act(Resource host, long partition, PartitionAction action);
}
