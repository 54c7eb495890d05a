package org.qrm.api.plugin;

/** Steps of a plug-in's life cycle that an administrator asks for. */
public enum PluginAction {
    REGISTER("register", "register plug-in"),
    INSTALL("install", "install plug-in"),
    RUN_ONCE("run-once", "activate plug-in"),
    UNINSTALL("uninstall", "uninstall plug-in");

    private final String word;
    private final String attempt;

    PluginAction(String word, String attempt) {
        this.word = word;
        this.attempt = attempt;
    }

    /** As REST and the commands spell it. */
    public String word() {
        return word;
    }

    /** As a {@link org.qrm.api.Problem} says what was tried: {@code activate plug-in}. */
    public String attempt() {
        return attempt;
    }
}
