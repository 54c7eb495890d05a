package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;

/** {@code qrm:partition-type}. */
@Service
@Needs(Role.OPERATOR)
@Command(scope = "qrm", name = "partition-type", description = "Types a line at a partition's console.")
public final class PartitionType extends PartitionCommand {

    @Argument(index = 1, name = "line", description = "The line; return is pressed after it.", required = true)
    String line;

    @Override
    void run() {
        partitions.type(found().id(), line + "\r");
    }
}
