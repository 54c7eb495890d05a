package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.partition.PartitionAction;
import org.qrm.api.user.Role;

/** {@code qrm:partition-resume}. */
@Service
@Needs(Role.OPERATOR)
@Command(scope = "qrm", name = "partition-resume", description = "Ends a pause.")
public final class PartitionResume extends PartitionCommand {

    @Override
    void run() throws InterruptedException {
        work(partitions.act(found().id(), PartitionAction.RESUME, false));
    }
}
