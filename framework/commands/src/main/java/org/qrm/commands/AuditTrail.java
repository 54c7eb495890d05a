package org.qrm.commands;

import java.util.concurrent.Callable;
import org.qrm.api.QrmException;
import org.qrm.api.audit.AuditLog;

/** Sees that each change is in the audit log before it is answered, and that none is made that could not be. */
public final class AuditTrail {

    /** How the face that a call came through writes an entry. */
    public interface Entry {
        /** Where the call comes from, and how its user was recognised. */
        String origin(Call call);

        /** What was asked for. */
        String action(Call call);

        /** What the call said, without secrets. */
        default String details(Call call) {
            return RequestSummary.of(call.bodyRead());
        }

        String done(Answer answer);

        /** Null when nothing is to be written. */
        String refused(QrmException problem);

        String failed(Throwable fault);
    }

    private final ApiServices services;

    public AuditTrail(ApiServices services) {
        this.services = services;
    }

    /**
     * Does the work of a call that changes something, and writes down what came of it.
     *
     * @throws QrmException UNAVAILABLE when the log cannot be written: before the work, or after it
     */
    public Answer around(Call call, Entry entry, Callable<Answer> work) throws Exception {
        AuditLog log = services.auditLog();
        log.requireWritable();
        Answer answer;
        try {
            answer = work.call();
        } catch (QrmException e) {
            String result = entry.refused(e);
            // of who is nobody the guard of logins writes down what it looked at; the rest must not fill the log
            if (result != null && call.caller() != null) {
                append(log, call, entry, result);
            }
            throw e;
        } catch (Exception | LinkageError e) {
            append(log, call, entry, entry.failed(e));
            throw e;
        }
        append(log, call, entry, entry.done(answer));
        return answer;
    }

    private static void append(AuditLog log, Call call, Entry entry, String result) {
        Caller caller = call.caller();
        String user = caller == null ? RequestSummary.userOf(call.bodyRead()) : caller.name();
        log.append(user, entry.origin(call), entry.action(call), entry.details(call), result);
    }
}
