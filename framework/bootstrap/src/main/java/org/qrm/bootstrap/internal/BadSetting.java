package org.qrm.bootstrap.internal;

/** A setting with which the server cannot work; the message names it, and says what to do. */
final class BadSetting extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BadSetting(String message) {
        super(message);
    }
}
