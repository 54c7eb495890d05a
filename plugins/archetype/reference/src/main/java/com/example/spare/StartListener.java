package com.example.spare;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.assignment.Assignment;
import org.qrm.api.assignment.AssignmentListener;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.plugin.PluginState;
import org.qrm.api.plugin.Plugins;

/** Hears of each machine that has come up in a virtual environment. */
@Component
public final class StartListener implements AssignmentListener {

    private final Plugins plugins;
    private final Remarks remarks;

    @Activate
    public StartListener(@Reference Plugins plugins, @Reference Remarks remarks) {
        this.plugins = plugins;
        this.remarks = remarks;
    }

    @Override
    public void afterAssign(Assignment assignment, WorkContext work) {
        if (isActive()) {
            Settings settings = Settings.of(plugins.answers(SpareMemoryPlugin.ID));
            remarks.remarkOn(assignment.resource(), assignment.environment(), settings);
        }
    }

    /** A listener is called as soon as its bundle is there; it is to act when an administrator wants it to. */
    private boolean isActive() {
        return plugins.find(SpareMemoryPlugin.ID)
                .filter(plugin -> plugin.state() == PluginState.ACTIVE)
                .isPresent();
    }
}
