package org.qrm.rest.internal.audit;

import java.util.concurrent.Callable;
import org.qrm.api.QrmException;
import org.qrm.api.audit.AuditLog;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Caller;
import org.qrm.commands.Words;
import org.qrm.rest.internal.access.TooManyAttempts;
import org.qrm.rest.internal.http.HttpCall;
import org.qrm.rest.internal.http.ProblemAnswer;

/** Sees that each change is in the audit log before it is answered, and that none is made that could not be. */
public final class AuditTrail {

    private final ApiServices services;

    public AuditTrail(ApiServices services) {
        this.services = services;
    }

    /**
     * Does the work of a request that changes something, and puts down what came of it.
     *
     * @throws QrmException UNAVAILABLE when the log cannot be written: before the work, or after it
     */
    public Answer over(HttpCall call, Callable<Answer> work) throws Exception {
        AuditLog log = services.auditLog();
        log.requireWritable();
        Answer answer;
        try {
            answer = work.call();
        } catch (TooManyAttempts e) {
            // nothing was looked at; the log must not grow as fast as somebody can guess
            throw e;
        } catch (QrmException e) {
            append(log, call, ProblemAnswer.status(e) + " " + e.problem().reason());
            throw e;
        } catch (Exception | LinkageError e) {
            append(log, call, "500 " + e.getClass().getSimpleName());
            throw e;
        }
        append(log, call, answer.status() + (answer.again() ? " done before" : ""));
        return answer;
    }

    private static void append(AuditLog log, HttpCall call, String result) {
        Caller caller = call.caller();
        String user = caller == null ? RequestSummary.userOf(call.bodyRead()) : caller.name();
        String origin = call.request().getRemoteAddr() + (caller == null ? "" : " by " + Words.of(caller.means()));
        log.append(user, origin, action(call), RequestSummary.of(call.bodyRead()), result);
    }

    private static String action(HttpCall call) {
        String query = call.request().getQueryString();
        return call.request().getMethod() + " " + call.rawPath()
                + (query == null || query.isEmpty() ? "" : "?" + query);
    }
}
