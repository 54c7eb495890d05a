package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.QrmException;
import org.qrm.api.audit.AuditLog;
import org.qrm.api.audit.AuditVerification;
import org.qrm.api.user.Role;

/** {@code qrm:audit-verify}. */
@Service
@Needs(value = Role.ADMIN, onlyToLook = true)
@Command(
        scope = "qrm",
        name = "audit-verify",
        description = "Computes the chain of the audit log anew, and says where it is broken.")
public final class AuditVerify extends ShowingCommand {

    @Reference(optional = true)
    AuditLog log;

    @Override
    void run() {
        AuditVerification found = log.verify();
        if (json()) {
            item(View.of(found));
        }
        if (found.firstBroken() != null) {
            throw QrmException.failed(
                    "verify the audit log",
                    "entry " + found.firstBroken(),
                    found.reason(),
                    "Find out who can write the database; entries before it are whole.",
                    null);
        }
        say("All " + found.entries() + " entries are as they were written.");
    }
}
