package org.qrm.commands;

/**
 * What is sent back.
 *
 * @param status HTTP status; 0 when the handler sends the answer by itself
 * @param body to be written as JSON, or null for none
 * @param location path below the interface's root for the Location header, or null
 * @param again whether the request was done before, and not now
 */
public record Answer(int status, Object body, String location, boolean again) {

    public Answer(int status, Object body, String location) {
        this(status, body, location, false);
    }

    /** The handler goes on sending after it has returned. */
    public static final Answer STREAMED = new Answer(0, null, null);

    public static final Answer NO_CONTENT = new Answer(204, null, null);

    public static Answer ok(Object body) {
        return new Answer(200, body, null);
    }

    public static Answer created(String location, Object body) {
        return new Answer(201, body, location);
    }

    public static Answer accepted(String location, Object body) {
        return new Answer(202, body, location);
    }
}
