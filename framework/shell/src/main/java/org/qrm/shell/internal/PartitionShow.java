package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code qrm:partition-show}. */
@Service
@Command(scope = "qrm", name = "partition-show", description = "Shows all about a partition.")
public final class PartitionShow extends PartitionCommand {

    @Override
    void run() {
        item(View.of(found()));
    }
}
