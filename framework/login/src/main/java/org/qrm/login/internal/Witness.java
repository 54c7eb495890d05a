package org.qrm.login.internal;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.audit.AuditLog;
import org.qrm.api.event.EventLog;
import org.qrm.api.event.Priority;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what became of logins: in the audit log, and as alarms. Both come with the core, which needs a database;
 * people must be able to log in at the console without it, to mend it.
 */
@Component(service = Witness.class)
public class Witness {

    private static final Logger LOG = LoggerFactory.getLogger(Witness.class);
    private static final String ACTION = "log in";

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile AuditLog auditLog;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    protected volatile EventLog eventLog;

    /**
     * A login that was looked at and refused.
     *
     * @throws QrmException UNAVAILABLE when it cannot be written down
     */
    void refused(String user, String origin, String reason) {
        LOG.warn("Login of {} refused, {}: {}", printable(user), origin, reason);
        AuditLog log = auditLog;
        if (log == null) {
            throw new QrmException(new Problem(
                    Problem.Kind.UNAVAILABLE,
                    "log in",
                    "",
                    "the audit log is not there",
                    "Try again in a moment; if it lasts, look into the server's log."));
        }
        log.append(user, origin, ACTION, "", "refused: " + reason);
    }

    /**
     * Somebody is on the console. It is what mends a database, so it opens without one.
     *
     * @param by by which key; empty for a password
     */
    void entered(String user, String origin, String by) {
        AuditLog log = auditLog;
        try {
            if (log != null) {
                log.append(user, origin, ACTION, by, "done");
                return;
            }
        } catch (RuntimeException e) {
            LOG.debug("The audit log takes no entry", e);
        }
        LOG.warn("Not audited: {} logged in, {} {}", printable(user), origin, by);
    }

    /** Somebody guesses. An alarm that cannot be written changes nothing for who guesses. */
    void locked(String subject, String text) {
        EventLog log = eventLog;
        try {
            if (log != null) {
                log.record(Priority.ALARM, "login", "login.locked", subject, text, null);
                return;
            }
        } catch (RuntimeException e) {
            LOG.debug("The event log takes no event", e);
        }
        LOG.warn("{}: {}", subject, text);
    }

    private static String printable(String user) {
        return DirectoryUsers.NAME.matcher(user).matches() ? user : "a name that is none";
    }
}
