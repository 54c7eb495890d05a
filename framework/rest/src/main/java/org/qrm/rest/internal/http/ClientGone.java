package org.qrm.rest.internal.http;

import java.io.IOException;

/** The connection broke while an answer was written; there is nobody to tell. */
public final class ClientGone extends IOException {

    private static final long serialVersionUID = 1L;

    ClientGone(IOException cause) {
        super(cause);
    }
}
