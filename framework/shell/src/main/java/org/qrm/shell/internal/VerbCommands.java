package org.qrm.shell.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.qrm.commands.ApiServices;
import org.qrm.commands.AuditTrail;
import org.qrm.commands.Commands;
import org.qrm.commands.Router;
import org.qrm.commands.line.Verb;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers every verb of the server's description, and those by hand, at the Karaf console, {@code ve start} as {@code qrm:ve-start}; those that
 * plug-ins bring for as long as they are there, which is looked at each second.
 */
@Component(service = {})
public final class VerbCommands {

    private static final Logger LOG = LoggerFactory.getLogger(VerbCommands.class);

    private final Commands described;
    private final SessionFactory console;
    private final Router router;
    private final AuditTrail audit;
    private final List<VerbCommand> commands = new ArrayList<>();
    private final Map<Verb, VerbCommand> ofPlugins = new HashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "qrm-plugin-commands");
        thread.setDaemon(true);
        return thread;
    });

    @Activate
    public VerbCommands(
            @Reference Commands described, @Reference ApiServices services, @Reference SessionFactory console) {
        this.described = described;
        this.console = console;
        router = new Router(described.routes(), described::routesOfPlugins);
        audit = new AuditTrail(services);
        described.verbs().values().stream()
                .flatMap(List::stream)
                .map(this::command)
                .forEach(commands::add);
        commands.addAll(VerbCommand.byHand(described, router, audit));
        commands.forEach(console.getRegistry()::register);
        clock.scheduleWithFixedDelay(this::look, 0, 1, TimeUnit.SECONDS);
    }

    private VerbCommand command(Verb verb) {
        return new VerbCommand(verb, described, router, audit);
    }

    private void look() {
        try {
            Set<Verb> now = Set.copyOf(described.routesOfPlugins().stream()
                    .flatMap(route -> route.verbs().stream())
                    .toList());
            change(now);
        } catch (RuntimeException e) {
            LOG.warn("Cannot look for commands of plug-ins", e);
        }
    }

    private synchronized void change(Set<Verb> now) {
        ofPlugins.entrySet().removeIf(known -> {
            boolean gone = !now.contains(known.getKey());
            if (gone) {
                console.getRegistry().unregister(known.getValue());
            }
            return gone;
        });
        for (Verb verb : now) {
            if (!clock.isShutdown() && !ofPlugins.containsKey(verb)) {
                ofPlugins.put(verb, command(verb));
                console.getRegistry().register(ofPlugins.get(verb));
            }
        }
    }

    @Deactivate
    void leave() {
        clock.shutdownNow();
        change(Set.of());
        commands.forEach(console.getRegistry()::unregister);
    }
}
