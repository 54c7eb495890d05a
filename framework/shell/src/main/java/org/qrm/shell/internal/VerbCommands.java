package org.qrm.shell.internal;

import java.util.List;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.qrm.commands.ApiServices;
import org.qrm.commands.AuditTrail;
import org.qrm.commands.Commands;
import org.qrm.commands.Router;

/** Offers every verb of the server's description at the Karaf console, {@code ve start} as {@code qrm:ve-start}. */
@Component(service = {})
public final class VerbCommands {

    private final SessionFactory console;
    private final List<VerbCommand> commands;

    @Activate
    public VerbCommands(
            @Reference Commands described, @Reference ApiServices services, @Reference SessionFactory console) {
        this.console = console;
        Router router = new Router(described.routes());
        AuditTrail audit = new AuditTrail(services);
        commands = described.verbs().values().stream()
                .flatMap(List::stream)
                .map(verb -> new VerbCommand(verb, described, router, audit))
                .toList();
        commands.forEach(console.getRegistry()::register);
    }

    @Deactivate
    void leave() {
        commands.forEach(console.getRegistry()::unregister);
    }
}
