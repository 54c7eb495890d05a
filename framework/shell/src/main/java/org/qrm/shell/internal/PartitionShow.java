package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;

/** {@code qrm:partition-show}. */
@Service
@Needs(Role.VIEWER)
@Command(scope = "qrm", name = "partition-show", description = "Shows all about a partition.")
public final class PartitionShow extends PartitionCommand {

    @Override
    void run() {
        item(View.of(found()));
    }
}
