package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.PageRequest;
import org.qrm.api.audit.AuditFilter;
import org.qrm.api.audit.AuditLog;
import org.qrm.api.user.Role;

/** {@code qrm:audit-list}. */
@Service
@Needs(value = Role.ADMIN, onlyToLook = true)
@Command(scope = "qrm", name = "audit-list", description = "Lists the changes that were asked for, newest first.")
public final class AuditList extends ShowingCommand {

    @Reference(optional = true)
    AuditLog log;

    @Option(name = "--user", description = "Only what this user asked for.")
    String user;

    @Option(name = "--limit", description = "At most so many.")
    int limit = 100;

    @Override
    void run() {
        AuditFilter filter = new AuditFilter(user, null, null);
        list(
                log.list(filter, new PageRequest(limit, null)).items().stream()
                        .map(View::of)
                        .toList(),
                "id",
                "time",
                "user",
                "origin",
                "action",
                "details",
                "result");
    }
}
