package org.qrm.plugin.ipmi.internal;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;
import org.qrm.api.plugin.PluginState;
import org.qrm.api.plugin.Plugins;

/** Whether ipmitool is there. Nobody misses it before the plug-in is installed. */
@Component
public final class IpmiHealth implements HealthCheck {

    private final Supplier<Optional<Path>> ipmitool;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Plugins plugins;

    @Activate
    public IpmiHealth() {
        this(Ipmitool::find);
    }

    IpmiHealth(Supplier<Optional<Path>> ipmitool) {
        this.ipmitool = ipmitool;
    }

    @Override
    public String name() {
        return Ipmi.ID;
    }

    @Override
    public HealthResult execute() {
        if (!isInstalled()) {
            return new HealthResult(HealthResult.Status.OK, "the plug-in is not installed");
        }
        return ipmitool.get()
                .map(path -> new HealthResult(HealthResult.Status.OK, path.toString()))
                .orElseGet(() -> new HealthResult(
                        HealthResult.Status.WARN,
                        "no machine is switched on or off: " + Ipmitool.MISSING + ". " + Ipmitool.INSTALL));
    }

    private boolean isInstalled() {
        Plugins known = plugins;
        return known != null
                && known.find(Ipmi.ID)
                        .filter(plugin -> plugin.state().compareTo(PluginState.INSTALLED) >= 0)
                        .isPresent();
    }
}
