package org.qrm.core.node;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.qrm.api.boot.BootService;
import org.qrm.api.image.BootImages;
import org.qrm.api.metric.Metrics;
import org.qrm.api.node.Nodes;
import org.qrm.api.server.ServerSettings;
import org.qrm.core.Limits;
import org.qrm.core.admission.Newcomers;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.call.Whiteboard;
import org.qrm.core.environment.EnvironmentHealth;
import org.qrm.core.environment.EnvironmentService;
import org.qrm.core.environment.FencedBoots;
import org.qrm.core.history.History;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.resource.BootProgress;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.Database;

/** What answers machines and looks after them, put together. */
public final class NodeParts implements AutoCloseable {

    private final NodeService nodes;
    private final Watch watch;
    private final ExecutorService wakeups;
    private final LifeSigns lifeSigns;
    private final Refusals refusals;

    /**
     * Puts them together.
     *
     * @param authorizedKey the server's public key for qrm-execd
     * @param answers whether the qrm-execd of the machine with that id answers; takes its time, and may throw when it does not
     * @param services boot services that there are now
     * @param faults hears of boot services that do not answer
     * @param missingPlugins plug-ins that are registered and not there now
     */
    public NodeParts(
            Database database,
            ResourceRows rows,
            OperationEngine engine,
            EnvironmentHealth health,
            Newcomers newcomers,
            BootImages images,
            EnvironmentService environments,
            ServerSettings settings,
            Supplier<String> authorizedKey,
            LongPredicate answers,
            Supplier<List<BootService>> services,
            Supplier<List<String>> missingPlugins,
            BootProgress progress,
            History history,
            PluginCalls calls,
            Whiteboard.Refusals faults,
            Limits limits) {
        Clock clock = Clock.systemUTC();
        BootTokens tokens = new BootTokens(Secrets.shared(database, "boot-token"), clock);
        refusals = new Refusals(database);
        wakeups = Executors.newFixedThreadPool(2, task -> {
            Thread thread = new Thread(task, "qrm-wakeup");
            thread.setDaemon(true);
            return thread;
        });
        Map<Long, NodeSession> sessions = new ConcurrentHashMap<>();
        lifeSigns = new LifeSigns(answers, clock);
        Incumbents incumbents = new Incumbents(database, rows, sessions, refusals, lifeSigns, limits, clock);
        OwnWords words = new OwnWords(clock);
        nodes = new NodeService(
                database,
                rows,
                new BootOrders(database, rows, images, tokens, settings, new AuthorityDigest(settings.caCertificate())),
                new Registrations(
                        database,
                        rows,
                        tokens,
                        health,
                        newcomers,
                        incumbents,
                        new Addresses(settings, rows, incumbents),
                        refusals,
                        words,
                        engine,
                        authorizedKey),
                new Observations(database, rows, health, words),
                new BootPackages(services, environments, calls, limits.call(), faults),
                environments::secretArguments,
                progress,
                history,
                incumbents,
                sessions,
                refusals,
                new FencedBoots(database, rows, clock),
                words,
                wakeups,
                clock);
        watch = new Watch(
                database,
                rows,
                nodes,
                health,
                newcomers,
                incumbents,
                environments.healer(),
                refusals,
                missingPlugins,
                limits,
                clock);
        watch.start();
    }

    /** Has what happens measured from now on. */
    public void measure(Metrics metrics) {
        NodeFigures figures = new NodeFigures(metrics);
        refusals.measure(figures);
        watch.measure(figures);
    }

    /** What machines ask. */
    public Nodes nodes() {
        return nodes;
    }

    @Override
    public void close() {
        watch.close();
        lifeSigns.close();
        wakeups.shutdownNow();
    }
}
