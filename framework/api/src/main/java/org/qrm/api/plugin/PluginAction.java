package org.qrm.api.plugin;

/** Steps of a plug-in's life cycle that an administrator asks for. */
public enum PluginAction {
    REGISTER("register"),
    INSTALL("install"),
    RUN_ONCE("run-once"),
    UNINSTALL("uninstall");

    private final String word;

    PluginAction(String word) {
        this.word = word;
    }

    /** As REST and the commands spell it. */
    public String word() {
        return word;
    }
}
