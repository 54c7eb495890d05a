package org.qrm.core.partition;

import static org.qrm.core.call.Admission.PLUGIN_ID;
import static org.qrm.core.call.Admission.answered;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.qrm.api.environment.Requirements;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.partition.HostCapacity;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.partition.PartitionSighting;
import org.qrm.api.resource.Resource;
import org.qrm.core.call.Admission;
import org.qrm.core.call.PluginCalls;

/** A provider of partitions that said once who it is and what it needs, and whose answers are answers. */
public final class AdmittedProvider implements PartitionProvider, Admission.Guarded {

    /** Of one card each: the lowest bit of the first byte is not set. */
    private static final Pattern PREFIX = Pattern.compile("[0-9a-f][02468ace](:[0-9a-f]{2}){2}");

    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** What it said when it arrived. */
    private record Description(String plugin, String macPrefix, Requirements needs) {}

    private final PartitionProvider provider;
    private final Description said;
    private final String who;

    private AdmittedProvider(PartitionProvider provider, Description said) {
        this.provider = provider;
        this.said = said;
        this.who = "plug-in " + said.plugin();
    }

    /** Asks a provider that arrived who it is. */
    public static Admission<PartitionProvider> by(PluginCalls calls) {
        return provider -> {
            String who = "provider of partitions " + provider.getClass().getName();
            Description said = calls.call(
                    provider,
                    who,
                    LIMIT,
                    null,
                    () -> new Description(
                            answered(who, "plugin", provider.plugin(), PLUGIN_ID, "\"xen\""),
                            answered(who, "macPrefix", provider.macPrefix(), PREFIX, "\"00:16:3e\""),
                            answered(who, "hostNeeds", provider.hostNeeds())));
            return new Admission.Admitted<>(
                    new AdmittedProvider(provider, said), "provider of partitions of " + said.plugin());
        };
    }

    @Override
    public Object original() {
        return provider;
    }

    @Override
    public String plugin() {
        return said.plugin();
    }

    @Override
    public Requirements hostNeeds() {
        return said.needs();
    }

    @Override
    public String macPrefix() {
        return said.macPrefix();
    }

    @Override
    public HostCapacity capacity(Resource host) {
        return answered(who, "capacity", provider.capacity(host));
    }

    @Override
    public List<PartitionSighting> list(Resource host) {
        return answered(who, "list", provider.list(host));
    }

    @Override
    public void start(Resource host, Partition partition, WorkContext work) {
        provider.start(host, partition, work);
    }

    @Override
    public void stop(Resource host, Partition partition, boolean force, WorkContext work) {
        provider.stop(host, partition, force, work);
    }

    @Override
    public void pause(Resource host, Partition partition, boolean pause, WorkContext work) {
        provider.pause(host, partition, pause, work);
    }

    @Override
    public void change(Resource host, Partition partition, WorkContext work) {
        provider.change(host, partition, work);
    }

    @Override
    public void remove(Resource host, Partition partition, WorkContext work) {
        provider.remove(host, partition, work);
    }

    @Override
    public String console(Resource host, Partition partition, int bytes) {
        return answered(who, "console", provider.console(host, partition, bytes));
    }

    @Override
    public void type(Resource host, Partition partition, String text) {
        provider.type(host, partition, text);
    }

    @Override
    public Terminal openTerminal(Resource host, Partition partition, TerminalSize size) {
        return answered(who, "openTerminal", provider.openTerminal(host, partition, size));
    }
}
