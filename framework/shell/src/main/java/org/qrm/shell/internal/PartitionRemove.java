package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.partition.PartitionAction;
import org.qrm.api.user.Role;

/** {@code qrm:partition-remove}. */
@Service
@Needs(Role.OPERATOR)
@Command(scope = "qrm", name = "partition-remove", description = "Removes a partition from its host.")
public final class PartitionRemove extends PartitionCommand {

    @Override
    void run() throws InterruptedException {
        work(partitions.act(found().id(), PartitionAction.REMOVE, false));
    }
}
