package org.qrm.commands;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.qrm.api.Problem;

/** A problem as it is answered: {@code application/problem+json} (RFC 9457). */
public record ProblemBody(
        @About("names the sort of problem: urn:qrm:problem:conflict")
        String type,

        @About("the sort of problem, for people") String title,
        @About("the HTTP status") int status,
        @About("the whole, in one sentence") String detail,
        @About("what was tried") String attempted,
        @About("on what, may be empty") String subject,
        @About("why it was not done") String reason,
        @About("what to do about it, may be empty") String remedy,

        @JsonInclude(JsonInclude.Include.NON_NULL) @About(value = "what is wrong, by field", optional = true)
        Map<String, String> errors) {

    public static final String MEDIA_TYPE = "application/problem+json";

    public static ProblemBody of(Problem problem) {
        return of(problem, status(problem.kind()), Words.of(problem.kind()), title(problem.kind()), null);
    }

    /** With an HTTP status that no kind has. */
    public static ProblemBody of(Problem problem, int status, String type, String title, Map<String, String> errors) {
        return new ProblemBody(
                "urn:qrm:problem:" + type,
                title,
                status,
                problem.sentence(),
                problem.attempted(),
                problem.subject(),
                problem.reason(),
                problem.remedy(),
                errors);
    }

    static int status(Problem.Kind kind) {
        return switch (kind) {
            case INVALID -> 400;
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case CONFLICT, REFUSED -> 409;
            case TOO_LARGE -> 413;
            case FAILED -> 500;
            case UNAVAILABLE, UNREACHABLE -> 503;
            case TIMEOUT -> 504;
        };
    }

    private static String title(Problem.Kind kind) {
        return switch (kind) {
            case INVALID -> "The request is malformed";
            case UNAUTHENTICATED -> "Log in first";
            case FORBIDDEN -> "Not allowed";
            case NOT_FOUND -> "No such thing";
            case CONFLICT -> "Not in this state";
            case REFUSED -> "It does not fit";
            case TOO_LARGE -> "Too large";
            case FAILED -> "It failed";
            case UNAVAILABLE -> "Not available now";
            case UNREACHABLE -> "Not reachable now";
            case TIMEOUT -> "It took too long";
        };
    }
}
