package org.qrm.api.environment;

/** What can be asked of a virtual environment. */
public enum EnvironmentAction {
    /** Start it on machines that the server chooses. */
    START("start", "start virtual environment"),
    /** Stop it and give its machines back. */
    STOP("stop", "stop virtual environment"),
    /** Restart its machines, which stay bound to it. */
    RESTART("restart", "restart virtual environment");

    private final String word;
    private final String attempt;

    EnvironmentAction(String word, String attempt) {
        this.word = word;
        this.attempt = attempt;
    }

    /** As REST and the commands spell it. */
    public String word() {
        return word;
    }

    /** As a {@link org.qrm.api.Problem} says what was tried: {@code start virtual environment}. */
    public String attempt() {
        return attempt;
    }
}
