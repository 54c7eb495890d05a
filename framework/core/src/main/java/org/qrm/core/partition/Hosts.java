package org.qrm.core.partition;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentAction;
import org.qrm.api.environment.Requirements;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.call.PluginCall;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.call.PluginTerminals;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;

/** Finds hosts and what speaks to them. */
public final class Hosts {

    /** For questions to a host. */
    static final Duration ASKING = Duration.ofSeconds(30);

    private final ResourceRows rows;
    private final Supplier<List<PartitionProvider>> providers;
    private final PluginCalls calls;

    /** @param providers those there are now */
    public Hosts(ResourceRows rows, Supplier<List<PartitionProvider>> providers, PluginCalls calls) {
        this.rows = rows;
        this.providers = providers;
        this.calls = calls;
    }

    /**
     * A machine that can be told to make partitions.
     *
     * @param plugin whose host it is
     */
    record Host(ResourceRow row, String plugin) {
        String name() {
            return row.resource().name();
        }

        boolean isUp() {
            return row.state() == ResourceState.ACTIVE;
        }
    }

    /** @throws QrmException NOT_FOUND; CONFLICT when it is no host, or not up */
    Host up(Handle handle, String attempted, long id) {
        ResourceRow row = rows.find(handle, id)
                .orElseThrow(() -> QrmException.notFound(attempted, "resource", String.valueOf(id)));
        Host host = find(handle, id)
                .orElseThrow(() -> QrmException.conflict(
                        attempted,
                        row.resource().name(),
                        "this resource is not a host of partitions",
                        "Start a virtual environment with partitioning on it."));
        if (!host.isUp()) {
            throw QrmException.conflict(
                    attempted,
                    host.name(),
                    "the host is " + row.state().name().toLowerCase(java.util.Locale.ROOT) + ", not active",
                    "Wait until it is active, or see why it is not.");
        }
        return host;
    }

    /** The host that a machine is, up or not; empty for any other. */
    Optional<Host> find(Handle handle, long id) {
        return rows.find(handle, id)
                .filter(row -> row.resource().environmentId() != null)
                .flatMap(row -> handle.createQuery("select e.partitioning from environment e"
                                + " where e.name = :name and e.partitioning is not null")
                        .bind("name", row.resource().environmentId())
                        .mapTo(String.class)
                        .findOne()
                        .map(plugin -> new Host(row, plugin)));
    }

    /** Ids of the hosts that are up. */
    List<Long> allUp(Handle handle) {
        return handle.createQuery("select r.id from resource r join environment e on e.name = r.environment"
                        + " where r.state = 'ACTIVE' and e.partitioning is not null order by r.id")
                .mapTo(Long.class)
                .list();
    }

    Optional<PartitionProvider> provider(String plugin) {
        return providers.get().stream()
                .filter(provider -> provider.plugin().equals(plugin))
                .findFirst();
    }

    /** @throws QrmException UNAVAILABLE */
    PartitionProvider require(String attempted, String plugin) {
        return provider(plugin).orElseThrow(() -> missing(attempted, plugin));
    }

    static QrmException missing(String attempted, String plugin) {
        return new QrmException(new Problem(
                Problem.Kind.UNAVAILABLE,
                attempted,
                plugin,
                "the plug-in " + plugin + " that speaks to the host is not there",
                "Install and start its bundle."));
    }

    /**
     * What a machine needs at least to be a host of that plug-in.
     *
     * @throws QrmException UNAVAILABLE
     */
    public Requirements needs(String plugin) {
        return require(EnvironmentAction.START.attempt(), plugin).hostNeeds();
    }

    /** Calls a provider; {@code work} may be null. */
    <T> T call(PartitionProvider provider, Duration limit, WorkContext work, PluginCall.Body<T> body) {
        return calls.call(provider, who(provider), limit, work, body);
    }

    private static String who(PartitionProvider provider) {
        return "plug-in " + provider.plugin();
    }

    /** A provider that opens terminals. */
    PluginTerminals.Opener opener(PartitionProvider provider) {
        return new PluginTerminals.Opener(
                provider, who(provider), ASKING, () -> providers.get().contains(provider));
    }
}
