package org.qrm.core.operation;

import org.qrm.api.Problem;

/** Why operations do not finish, as it is told to people. */
final class Reasons {

    private static final String RESOURCE = "resource/";

    private Reasons() {}

    static Problem cancelled(OperationRow row) {
        return new Problem(Problem.Kind.CONFLICT, "finish " + row.kind(), row.subject(), "somebody cancelled it", "");
    }

    static Problem timeout(OperationRow row, Step step) {
        return new Problem(
                Problem.Kind.TIMEOUT,
                "finish " + row.kind(),
                row.subject(),
                "step " + step.name() + " was not done within " + step.limit().toSeconds() + " s",
                "Look at the operation's log and at the machine's console, then try again.");
    }

    /** As its row has it; of one that an earlier release began to undo there is a sentence alone. */
    static Problem why(OperationRow row) {
        return row.problem() != null
                ? row.problem()
                : new Problem(Problem.Kind.FAILED, "finish " + row.kind(), row.subject(), row.reason(), "");
    }

    static Problem notUndone(Problem why, RuntimeException failed) {
        return new Problem(
                why.kind(),
                why.attempted(),
                why.subject(),
                why.reason().strip().replaceAll("[.,:;\\s]+$", "") + "." + " Undoing it failed too: "
                        + failed.getMessage(),
                why.remedy());
    }

    /** What the undoing is told. */
    static Problem undone(OperationRow row, boolean cancelled) {
        Problem.Kind kind = cancelled ? Problem.Kind.CONFLICT : Problem.Kind.FAILED;
        return new Problem(kind, row.kind(), row.subject(), row.reason(), "");
    }

    static Problem endsTheServer(String who, int ends) {
        return new Problem(
                Problem.Kind.FAILED,
                "call",
                who,
                "the server ended " + ends + " times while it was at work, so it is not called again",
                "Update or remove that plug-in, then try again. The end of the log of that time may tell more.");
    }

    /** The resource that an operation is about, or null. */
    static Long resourceOf(String subject) {
        return subject.startsWith(RESOURCE) ? Long.valueOf(subject.substring(RESOURCE.length())) : null;
    }
}
