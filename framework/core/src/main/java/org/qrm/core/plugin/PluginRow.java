package org.qrm.core.plugin;

import org.qrm.api.plugin.PluginState;

/**
 * What is remembered of a plug-in that is registered.
 *
 * @param description as it said when it was last there
 * @param version likewise
 * @param touched whether its installation was begun, so that there may be something to take away
 */
record PluginRow(String id, PluginState state, String description, String version, boolean touched) {}
