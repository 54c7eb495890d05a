package org.qrm.core.subscription;

/**
 * What came of an attempt to send events.
 *
 * @param status of HTTP or SMTP; 0 without an answer
 * @param failure why they were not taken; empty when they were
 * @param gone whether the receiver wants no more, ever
 * @param partly why some recipients of a mail that was taken do not get it; or empty
 */
record Outcome(int status, String failure, boolean gone, String partly) {

    static Outcome failed(int status, String failure) {
        return new Outcome(status, failure, false, "");
    }

    static Outcome taken(int status) {
        return new Outcome(status, "", false, "");
    }

    boolean accepted() {
        return failure.isEmpty();
    }
}
