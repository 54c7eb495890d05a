package org.qrm.core.operation;

/** Another server has taken over the operation. */
public final class FencedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    FencedException(long operation) {
        super("operation " + operation + " is held by another server now");
    }
}
