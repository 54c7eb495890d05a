package org.qrm.commands.noun;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.qrm.api.server.ServerSettings;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Counts;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** The server itself, at a glance. */
public final class ServerPaths implements Paths {

    private final ApiServices services;
    private final Counts counts;

    record ServerView(
            @About("version of the server") String version,

            @About("IPv4 address that machines and browsers reach it under")
            String address,

            @About("port of plain HTTP, for boot loaders") int httpPort,
            @About("port of HTTPS, for everything else") int httpsPort,
            @About("its clock") Instant time,
            @About("how many resources are in each state") Map<String, Long> resources,

            @About("how many virtual environments are in each state")
            Map<String, Long> environments,

            @About("how many operations are in each state") Map<String, Long> operations,

            @About("number of the newest event, 0 when there is none")
            long newestEvent) {}

    public ServerPaths(ApiServices services) {
        this.services = services;
        this.counts = new Counts(services);
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/server", "The server: version, address, and how much there is of everything.")
                .answers(200, ServerView.class)
                .typed(VerbSketch.of("server", "show"))
                .by(call -> Answer.ok(server())));
    }

    private ServerView server() {
        ServerSettings settings = services.serverSettings();
        return new ServerView(
                settings.version(),
                settings.address(),
                settings.httpPort(),
                settings.httpsPort(),
                Instant.now(),
                counts.resources(),
                counts.environments(),
                counts.operations(),
                services.eventLog().newest());
    }
}
