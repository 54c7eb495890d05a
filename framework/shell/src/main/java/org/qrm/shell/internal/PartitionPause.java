package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.partition.PartitionAction;

/** {@code qrm:partition-pause}. */
@Service
@Command(scope = "qrm", name = "partition-pause", description = "Makes a partition stand still in its host's memory.")
public final class PartitionPause extends PartitionCommand {

    @Override
    void run() throws InterruptedException {
        work(partitions.act(found().id(), PartitionAction.PAUSE, false));
    }
}
