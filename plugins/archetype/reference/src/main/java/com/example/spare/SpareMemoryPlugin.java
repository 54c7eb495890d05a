package com.example.spare;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.environment.EnvironmentField;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.environment.VirtualEnvironments;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.plugin.Plugin;
import org.qrm.api.plugin.Plugins;
import org.qrm.api.resource.Resources;

/**
 * Who the plug-in is, and what it does when an administrator says install, run_once or uninstall. Each of these bears
 * repetition, since the server calls it again after a crash, and undoes what it did when it fails.
 */
@Component
public final class SpareMemoryPlugin implements Plugin {

    /** Its name in commands, in REST and in events. A plug-in keeps it for ever. */
    static final String ID = "spare";

    private final Plugins plugins;
    private final VirtualEnvironments environments;
    private final Resources resources;
    private final Remarks remarks;

    @Activate
    public SpareMemoryPlugin(
            @Reference Plugins plugins,
            @Reference VirtualEnvironments environments,
            @Reference Resources resources,
            @Reference Remarks remarks) {
        this.plugins = plugins;
        this.environments = environments;
        this.resources = resources;
        this.remarks = remarks;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "Spare memory";
    }

    /** The place to make what the plug-in needs: images, storage servers, files of its own. This one needs its answers. */
    @Override
    public void install(WorkContext work) {
        Settings settings = Settings.of(plugins.answers(ID));
        work.log("It will remark on machines with more than " + settings.spareMemoryMb() + " MiB to spare.");
    }

    /** Looks at what runs already; what is started from now on is {@link StartListener}'s. */
    @Override
    public void runOnce(WorkContext work) {
        Settings settings = Settings.of(plugins.answers(ID));
        Filter<EnvironmentField> active = Filter.by(EnvironmentField.STATE, EnvironmentState.ACTIVE);
        for (VirtualEnvironment environment : Page.all(page -> environments.list(active, page))) {
            work.checkpoint();
            environment.resources().forEach(id -> lookAt(id, environment, settings));
        }
    }

    private void lookAt(long machine, VirtualEnvironment environment, Settings settings) {
        resources.find(machine).ifPresent(found -> remarks.remarkOn(found, environment.spec(), settings));
    }

    /** Events stay in the log; nobody has to look at these any more. */
    @Override
    public void uninstall(WorkContext work) {
        remarks.acknowledgeAll();
    }
}
