package org.qrm.api.operation;

/** Thrown by {@link WorkContext#checkpoint} to end work that somebody cancelled or whose time is over. */
public class CancelledException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CancelledException(String message) {
        super(message);
    }
}
