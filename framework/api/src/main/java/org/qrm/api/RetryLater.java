package org.qrm.api;

/** Something that is needed is not there now, or has more to do than it can; the same may be asked again in a while. */
public class RetryLater extends QrmException {

    private static final long serialVersionUID = 1L;

    private final long retryAfter;
    private final boolean mayBeDone;

    /**
     * Nothing of what was asked for is done.
     *
     * @param problem of kind UNAVAILABLE
     * @param retryAfter seconds, from 1
     */
    public RetryLater(Problem problem, long retryAfter, Throwable cause) {
        this(problem, retryAfter, false, cause);
    }

    /**
     * @param problem of kind UNAVAILABLE
     * @param retryAfter seconds, from 1
     * @param mayBeDone as {@link #mayBeDone}
     */
    public RetryLater(Problem problem, long retryAfter, boolean mayBeDone, Throwable cause) {
        super(problem, cause);
        this.retryAfter = retryAfter;
        this.mayBeDone = mayBeDone;
    }

    /** Whether it is not known if what was to be changed is: who asks again should look before. */
    public boolean mayBeDone() {
        return mayBeDone;
    }

    /** Seconds after which it is worth while to ask again, from 1. */
    public long retryAfter() {
        return retryAfter;
    }
}
