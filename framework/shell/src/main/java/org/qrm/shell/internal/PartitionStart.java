package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.partition.PartitionAction;
import org.qrm.api.user.Role;

/** {@code qrm:partition-start}. */
@Service
@Needs(Role.OPERATOR)
@Command(scope = "qrm", name = "partition-start", description = "Starts a partition.")
public final class PartitionStart extends PartitionCommand {

    @Override
    void run() throws InterruptedException {
        work(partitions.act(found().id(), PartitionAction.START, false));
    }
}
