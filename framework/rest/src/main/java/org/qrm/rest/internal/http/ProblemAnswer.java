package org.qrm.rest.internal.http;

import java.io.IOException;
import java.util.Map;
import javax.servlet.http.HttpServletResponse;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.rest.internal.access.TooManyAttempts;

/** Sends problems. */
public final class ProblemAnswer {

    private ProblemAnswer() {}

    public static void send(HttpServletResponse response, QrmException e) throws IOException {
        if (response.isCommitted()) {
            throw new IOException("cannot say it any more: " + e.getMessage(), e);
        }
        Problem problem = e.problem();
        if (e instanceof TooManyAttempts locked) {
            response.setHeader("Retry-After", Long.toString(locked.retryAfter()));
            write(response, ProblemBody.of(problem, 429, "too-many-attempts", "Wait a little", null));
        } else if (e instanceof Body.UnsupportedType) {
            write(response, ProblemBody.of(problem, 415, "unsupported-media-type", "Send JSON", null));
        } else {
            if (problem.kind() == Problem.Kind.UNAUTHENTICATED) {
                response.setHeader("WWW-Authenticate", "Basic realm=\"QRM\", charset=\"UTF-8\"");
            }
            if (problem.kind() == Problem.Kind.TOO_LARGE) {
                response.setHeader("Connection", "close");
            }
            write(response, ProblemBody.of(problem));
        }
    }

    public static void sendWrongMethod(HttpServletResponse response, String allowed)
            throws IOException {
        Problem problem = new Problem(
                Problem.Kind.INVALID,
                "serve the request",
                "",
                "this path does not know that method",
                "Methods are: " + allowed + ".");
        response.setHeader("Allow", allowed);
        write(response, ProblemBody.of(problem, 405, "method-not-allowed", "Another method", null));
    }

    /** What is wrong, field by field. */
    public static void sendFieldErrors(HttpServletResponse response, Problem problem, Map<String, String> errors)
            throws IOException {
        write(response, ProblemBody.of(problem, 422, "fields", "Some answers are wrong", errors));
    }

    private static void write(HttpServletResponse response, ProblemBody body) throws IOException {
        response.setStatus(body.status());
        response.setContentType(ProblemBody.MEDIA_TYPE);
        Json.write(response.getOutputStream(), body);
    }
}
