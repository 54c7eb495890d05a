package org.qrm.api.plugin;

/** What has become of a plug-in's file. */
public enum PluginFileState {
    /** Its bundle is not there yet, or on its way up or down. */
    STARTING,
    /** Its bundle is at work. */
    ACTIVE,
    /** Its bundle has started, and a component or a plug-in of it is not at work. */
    DEGRADED,
    /** Its bundle requires what is not there. */
    UNRESOLVED,
    /** Its bundle could be at work; it failed to start, or somebody stopped it. */
    STOPPED
}
