package org.qrm.api.plugin;

/** What has become of a plug-in's file. */
public enum PluginFileState {
    /** Its bundle is not there yet, or on its way up or down. */
    STARTING,
    /** Its bundle is at work. */
    ACTIVE,
    /**
     * Its bundle has started, and a component or a plug-in of it is not at work; or its start has not returned for long; or the file is another
     * one than the bundle was made of, and none could be made of it.
     */
    DEGRADED,
    /** Its bundle requires what is not there. */
    UNRESOLVED,
    /** It is not at work: no bundle could be made of it, its bundle failed to start, or somebody stopped that. */
    STOPPED
}
