package org.qrm.rest.internal;

import org.qrm.api.QrmException;
import org.qrm.api.user.TooManyAttempts;
import org.qrm.commands.Answer;
import org.qrm.commands.AuditTrail;
import org.qrm.commands.Call;
import org.qrm.commands.Caller;
import org.qrm.commands.Words;
import org.qrm.rest.internal.http.HttpCall;
import org.qrm.rest.internal.http.ProblemAnswer;

/** What the audit log says of a request: method and path, and the status. */
enum HttpEntry implements AuditTrail.Entry {
    INSTANCE;

    @Override
    public String origin(Call call) {
        Caller caller = call.caller();
        return call.origin() + (caller == null ? "" : " by " + Words.of(caller.means()));
    }

    @Override
    public String action(Call call) {
        HttpCall http = (HttpCall) call;
        String query = http.request().getQueryString();
        return http.request().getMethod() + " " + http.rawPath()
                + (query == null || query.isEmpty() ? "" : "?" + query);
    }

    @Override
    public String done(Answer answer) {
        return answer.status() + (answer.again() ? " done before" : "");
    }

    /** Too many attempts: nothing was looked at, and the log must not grow as fast as somebody can guess. */
    @Override
    public String refused(QrmException problem) {
        return problem instanceof TooManyAttempts
                ? null
                : ProblemAnswer.status(problem) + " " + problem.problem().reason();
    }

    @Override
    public String failed(Throwable fault) {
        return "500 " + fault.getClass().getSimpleName();
    }
}
