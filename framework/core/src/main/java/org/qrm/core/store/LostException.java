package org.qrm.core.store;

import org.qrm.api.Problem;
import org.qrm.api.QrmException;

/** The database cannot be reached, or was lost in the middle. */
final class LostException extends QrmException {

    private static final long serialVersionUID = 1L;

    LostException(RuntimeException cause) {
        super(
                new Problem(
                        Problem.Kind.UNAVAILABLE,
                        "use the database",
                        "",
                        "it cannot be reached, or has ended the connection",
                        "Look what /readyz says of it. What was to be changed may have been: look before you ask again."),
                cause);
    }
}
