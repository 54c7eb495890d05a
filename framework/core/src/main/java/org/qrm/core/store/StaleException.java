package org.qrm.core.store;

/** A row has changed since it was read; {@link Database#change} begins the change anew. */
public final class StaleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private StaleException() {
        super("a row was changed by others at the same time");
    }

    /** Throws unless the row was as it was read. */
    public static void unless(boolean asRead) {
        if (!asRead) {
            throw new StaleException();
        }
    }
}
