package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.partition.PartitionAction;
import org.qrm.api.user.Role;

/** {@code qrm:partition-stop}. */
@Service
@Needs(Role.OPERATOR)
@Command(scope = "qrm", name = "partition-stop", description = "Shuts a partition down.")
public final class PartitionStop extends PartitionCommand {

    @Option(name = "--force", description = "At once, and whatever runs on it.")
    boolean force;

    @Override
    void run() throws InterruptedException {
        work(partitions.act(found().id(), PartitionAction.STOP, force));
    }
}
