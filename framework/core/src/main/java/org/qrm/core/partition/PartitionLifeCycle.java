package org.qrm.core.partition;

import static org.qrm.api.partition.PartitionState.CREATING;
import static org.qrm.api.partition.PartitionState.DEFINED;
import static org.qrm.api.partition.PartitionState.ERROR;
import static org.qrm.api.partition.PartitionState.PAUSED;
import static org.qrm.api.partition.PartitionState.REMOVING;
import static org.qrm.api.partition.PartitionState.RUNNING;
import static org.qrm.api.partition.PartitionState.STOPPED;

import org.qrm.api.partition.PartitionState;
import org.qrm.core.lifecycle.LifeCycle;

/** The life of a partition on its host. */
final class PartitionLifeCycle {

    static final LifeCycle<PartitionState> TABLE = new LifeCycle<>("partition", PartitionState.class)
            .from(DEFINED, CREATING, REMOVING, ERROR)
            .from(CREATING, RUNNING, STOPPED, REMOVING, ERROR)
            .from(RUNNING, PAUSED, STOPPED, CREATING, REMOVING, ERROR)
            .from(PAUSED, RUNNING, STOPPED, CREATING, REMOVING, ERROR)
            .from(STOPPED, CREATING, RUNNING, PAUSED, REMOVING, ERROR)
            .from(REMOVING, ERROR)
            .from(ERROR, CREATING, RUNNING, PAUSED, STOPPED, REMOVING);

    private PartitionLifeCycle() {}
}
