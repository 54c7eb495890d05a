package org.qrm.api;

import java.util.Objects;

/**
 * Why something was not done, in words that its reader can act on.
 *
 * @param kind what sort of problem; decides the HTTP status and the exit code
 * @param attempted what was tried, as a verb phrase: {@code start virtual environment}
 * @param subject on what: {@code web1}; empty if there is nothing to name
 * @param reason why it failed, with the figures; a sentence of another problem, or the words of a program, may end as it
 *     likes
 * @param remedy what to do about it; empty if nobody can do anything
 */
public record Problem(Kind kind, String attempted, String subject, String reason, String remedy) {

    /** Sorts of problems. */
    public enum Kind {
        /** What was asked is malformed. */
        INVALID,
        /** Nobody, or somebody unknown, asked. */
        UNAUTHENTICATED,
        /** Who asked may not. */
        FORBIDDEN,
        /** There is no such thing. */
        NOT_FOUND,
        /** It contradicts the present state; it may be allowed later. */
        CONFLICT,
        /** It does not fit: capacity, requirements, a veto of a plug-in. */
        REFUSED,
        /** More than the limit allows. */
        TOO_LARGE,
        /** It was not done in time. */
        TIMEOUT,
        /** A part that is needed is not there now. */
        UNAVAILABLE,
        /**
         * Another machine does not answer now, or the connection to it broke. A step of an operation that ends so is tried
         * again, after growing pauses, until its limit.
         */
        UNREACHABLE,
        /** The attempt was made and failed. */
        FAILED
    }

    public Problem {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(attempted);
        Objects.requireNonNull(subject);
        Objects.requireNonNull(reason);
        Objects.requireNonNull(remedy);
    }

    /** One line for people: {@code Cannot start virtual environment "web1": no idle resource fits. Add …}. */
    public String sentence() {
        String on = subject.isEmpty() ? "" : " \"" + subject + "\"";
        String then = remedy.isEmpty() ? "" : " " + remedy;
        return "Cannot " + attempted + on + ": " + ended(reason) + then;
    }

    private static String ended(String reason) {
        String text = reason.strip();
        return text.endsWith("!") || text.endsWith("?") || text.endsWith("…")
                ? text
                : text.replaceAll("[.,:;\\s]+$", "") + ".";
    }
}
