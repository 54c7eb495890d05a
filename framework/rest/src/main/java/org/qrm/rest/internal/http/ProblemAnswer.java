package org.qrm.rest.internal.http;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.RetryLater;
import org.qrm.api.user.TooManyAttempts;
import org.qrm.commands.FieldErrors;
import org.qrm.commands.ProblemBody;
import org.qrm.rest.internal.access.SessionCookie;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends problems. */
public final class ProblemAnswer {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAnswer.class);

    private ProblemAnswer() {}

    public static void send(HttpServletRequest request, HttpServletResponse response, QrmException e)
            throws IOException {
        if (response.isCommitted()) {
            throw new IOException("cannot say it any more: " + e.getMessage(), e);
        }
        if (e instanceof TooManyAttempts locked) {
            response.setHeader("Retry-After", Long.toString(locked.retryAfter()));
        } else if (e instanceof RetryLater later && !(later.mayBeDone() && isChange(request))) {
            response.setHeader("Retry-After", Long.toString(later.retryAfter()));
        }
        ProblemBody body = body(e);
        if (body.status() == 401) {
            response.setHeader("WWW-Authenticate", challenge(request));
        } else if (body.status() == 413) {
            response.setHeader("Connection", "close");
        }
        write(response, body);
    }

    /** What changes something is not to be repeated by programs that do so by themselves. */
    private static boolean isChange(HttpServletRequest request) {
        return !Set.of("GET", "HEAD").contains(request.getMethod());
    }

    /** The HTTP status that it is answered with. */
    public static int status(QrmException e) {
        return body(e).status();
    }

    private static ProblemBody body(QrmException e) {
        Problem problem = e.problem();
        if (e instanceof TooManyAttempts) {
            return ProblemBody.of(problem, 429, "too-many-attempts", "Wait a little", null);
        }
        if (e instanceof Body.UnsupportedType) {
            return ProblemBody.of(problem, 415, "unsupported-media-type", "Send JSON", null);
        }
        if (e instanceof IfMatch.Failed) {
            return ProblemBody.of(problem, 412, "precondition-failed", "It has changed", null);
        }
        if (e instanceof FieldErrors wrong) {
            return ProblemBody.of(problem, 422, "fields", "Some answers are wrong", wrong.errors());
        }
        return ProblemBody.of(problem);
    }

    /** Pages that log in by themselves get a challenge that no browser answers with a dialogue of its own. */
    private static String challenge(HttpServletRequest request) {
        boolean page = request.getHeader("X-Requested-With") != null
                || SessionCookie.of(request) != null
                || request.getRequestURI().endsWith("/session");
        return page ? "Session realm=\"QRM\"" : "Basic realm=\"QRM\", charset=\"UTF-8\"";
    }

    public static void sendWrongMethod(HttpServletResponse response, String allowed) throws IOException {
        Problem problem = new Problem(
                Problem.Kind.INVALID,
                "serve the request",
                "",
                "this path does not know that method",
                "Methods are: " + allowed + ".");
        response.setHeader("Allow", allowed);
        write(response, ProblemBody.of(problem, 405, "method-not-allowed", "Another method", null));
    }

    /** Logged in full under a reference; the caller learns the reference only. */
    public static void sendUnexpected(HttpServletRequest request, HttpServletResponse response, Throwable cause)
            throws IOException {
        byte[] random = new byte[4];
        new SecureRandom().nextBytes(random);
        String reference = HexFormat.of().formatHex(random);
        LOG.error("{} {} failed (reference {})", request.getMethod(), request.getRequestURI(), reference, cause);
        send(
                request,
                response,
                QrmException.failed(
                        "serve the request",
                        "",
                        "something unexpected happened",
                        "The server's log has the details under reference " + reference + ".",
                        null));
    }

    private static void write(HttpServletResponse response, ProblemBody body) throws IOException {
        Sending.json(response, body.status(), ProblemBody.MEDIA_TYPE, body, false);
    }
}
