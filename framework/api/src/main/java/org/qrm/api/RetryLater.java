package org.qrm.api;

/** Something that is needed is not there now, or has more to do than it can; the same may be asked again in a while. */
public class RetryLater extends QrmException {

    private static final long serialVersionUID = 1L;

    private final long retryAfter;

    /**
     * @param problem of kind UNAVAILABLE
     * @param retryAfter seconds, from 1
     */
    public RetryLater(Problem problem, long retryAfter, Throwable cause) {
        super(problem, cause);
        this.retryAfter = retryAfter;
    }

    /** Seconds after which it is worth while to ask again, from 1. */
    public long retryAfter() {
        return retryAfter;
    }
}
