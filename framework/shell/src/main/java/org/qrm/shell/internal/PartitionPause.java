package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.partition.PartitionAction;
import org.qrm.api.user.Role;

/** {@code qrm:partition-pause}. */
@Service
@Needs(Role.OPERATOR)
@Command(scope = "qrm", name = "partition-pause", description = "Makes a partition stand still in its host's memory.")
public final class PartitionPause extends PartitionCommand {

    @Override
    void run() throws InterruptedException {
        work(partitions.act(found().id(), PartitionAction.PAUSE, false));
    }
}
