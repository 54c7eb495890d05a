package org.qrm.core.node;

import static org.qrm.core.call.Admission.PLUGIN_ID;
import static org.qrm.core.call.Admission.answered;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.qrm.api.assignment.Assignment;
import org.qrm.api.boot.BootService;
import org.qrm.core.call.Admission;
import org.qrm.core.call.PluginCalls;

/** A boot service that said once whose it is. */
public final class AdmittedBootService implements BootService, Admission.Guarded {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final BootService service;
    private final String plugin;

    private AdmittedBootService(BootService service, String plugin) {
        this.service = service;
        this.plugin = plugin;
    }

    /** Asks a boot service that arrived whose it is. */
    public static Admission<BootService> by(PluginCalls calls) {
        return service -> {
            String who = "boot service " + service.getClass().getName();
            String plugin = answered(
                    who, "plugin", calls.call(service, who, LIMIT, null, service::plugin), PLUGIN_ID, "\"xen\"");
            return new Admission.Admitted<>(new AdmittedBootService(service, plugin), "boot service of " + plugin);
        };
    }

    @Override
    public Object original() {
        return service;
    }

    @Override
    public String plugin() {
        return plugin;
    }

    @Override
    public boolean appliesTo(Assignment assignment) {
        return service.appliesTo(assignment);
    }

    @Override
    public InputStream open() throws IOException {
        return answered("boot service of " + plugin, "open", service.open());
    }
}
