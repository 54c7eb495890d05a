package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;

/** {@code qrm:partition-console}. */
@Service
@Needs(Role.VIEWER)
@Command(
        scope = "qrm",
        name = "partition-console",
        description = "Prints the end of what a partition wrote to its console.")
public final class PartitionConsole extends PartitionCommand {

    private static final int BYTES = 64 * 1024;

    @Override
    void run() {
        String text = partitions.console(found().id(), BYTES);
        if (json()) {
            item(java.util.Map.of("text", text));
        } else {
            text.lines().forEach(this::say);
        }
    }
}
