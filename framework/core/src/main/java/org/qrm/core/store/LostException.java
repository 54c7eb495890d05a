package org.qrm.core.store;

import org.qrm.api.Problem;
import org.qrm.api.RetryLater;

/** The database cannot be used: it is away, was lost in the middle, or has more to do than it can. */
final class LostException extends RetryLater {

    private static final long serialVersionUID = 1L;

    private static final long RETRY_SECONDS = 5;

    private final boolean busy;

    private LostException(String reason, String remedy, boolean busy, boolean mayBeDone, Throwable cause) {
        super(
                new Problem(Problem.Kind.UNAVAILABLE, "use the database", "", reason, remedy),
                RETRY_SECONDS,
                mayBeDone,
                cause);
        this.busy = busy;
    }

    /** It could not be reached, or takes no changes; nothing was changed. */
    static LostException away(Throwable cause) {
        return new LostException(
                Database.isOnlyRead(cause)
                        ? "it takes no changes: it is a standby, or was set read-only"
                        : "it cannot be reached",
                "Look what /readyz says of it. Nothing was changed.",
                false,
                false,
                cause);
    }

    /** It was lost while it was used. */
    static LostException ended(Throwable cause) {
        if (Database.isOnlyRead(cause)) {
            return away(cause);
        }
        return new LostException(
                "it has ended the connection",
                "Look what /readyz says of it. What was to be changed may have been: look before you ask again.",
                false,
                true,
                cause);
    }

    /**
     * It answers, and gives nobody else a connection; nothing was changed.
     *
     * @param reason what keeps it from that
     */
    static LostException busy(String reason, Throwable cause) {
        return new LostException(
                reason,
                "Ask again in a few seconds; qrm_database_… of /metrics tells what takes so long. Nothing was changed.",
                true,
                false,
                cause);
    }

    boolean isBusy() {
        return busy;
    }
}
