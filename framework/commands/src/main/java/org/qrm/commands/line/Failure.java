package org.qrm.commands.line;

import java.util.Map;

/** Why a command failed, for people, and with which exit status. */
public final class Failure extends RuntimeException {

    /** The attempt was made and failed. */
    public static final int FAILED = 1;
    /** The command line, or a value in it, is malformed. */
    public static final int USAGE = 2;
    /** There is no such thing. */
    public static final int NOT_FOUND = 3;
    /** Refused: the state does not allow it, or it does not fit. */
    public static final int REFUSED = 4;
    /** The server cannot be reached, or a part of it is not there now. */
    public static final int UNREACHABLE = 5;
    /** User or password is wrong, or the user may not. */
    public static final int AUTHENTICATION = 6;

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Map<String, String> errors;

    public Failure(int status, String sentence) {
        this(status, sentence, Map.of());
    }

    /** @param errors what is wrong, by the field that the server names */
    public Failure(int status, String sentence, Map<String, String> errors) {
        super(sentence);
        this.status = status;
        this.errors = errors;
    }

    public static Failure usage(String sentence) {
        return new Failure(USAGE, sentence);
    }

    public int status() {
        return status;
    }

    public Map<String, String> errors() {
        return errors;
    }

    /** The exit status for an HTTP status. */
    public static int ofHttp(int http) {
        return switch (http) {
            case 400, 405, 413, 415, 422 -> USAGE;
            case 401, 403 -> AUTHENTICATION;
            case 404 -> NOT_FOUND;
            case 409, 412 -> REFUSED;
            case 429, 502, 503 -> UNREACHABLE;
            default -> FAILED;
        };
    }
}
