package org.qrm.api.plugin;

/** States of a plug-in's life cycle. */
public enum PluginState {
    /** Its bundle is there. */
    AVAILABLE,
    /** An administrator wants it. */
    REGISTERED,
    /** Its wizard is answered; a plug-in without one passes through. */
    CONFIGURED,
    INSTALLED,
    /** run_once is done. */
    ACTIVE
}
