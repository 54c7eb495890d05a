package org.qrm.api.user;

import org.qrm.api.Problem;
import org.qrm.api.QrmException;

/** Logins failed too often; the next one is looked at later. */
public final class TooManyAttempts extends QrmException {

    private static final long serialVersionUID = 1L;

    private final long retryAfter;

    /** @param retryAfter seconds, from 1 */
    public TooManyAttempts(long retryAfter) {
        super(new Problem(
                Problem.Kind.UNAUTHENTICATED,
                "log in",
                "",
                "too many attempts failed",
                "Try again in " + retryAfter + " s."));
        this.retryAfter = retryAfter;
    }

    /** Seconds until the next attempt is looked at, from 1. */
    public long retryAfter() {
        return retryAfter;
    }
}
