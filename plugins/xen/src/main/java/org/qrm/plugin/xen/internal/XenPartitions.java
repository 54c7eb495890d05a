package org.qrm.plugin.xen.internal;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.environment.Requirements;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.partition.HostCapacity;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.partition.PartitionSighting;
import org.qrm.api.resource.Resource;

/** Xen guests as partitions: each call is one command of qrm-xen-manage on the host. */
@Component(configurationPid = HostOptions.PID)
public final class XenPartitions implements PartitionProvider {

    private static final Duration ASK = Duration.ofSeconds(25);
    private static final Duration LOOK = Duration.ofSeconds(15);
    private static final Duration START = Duration.ofMinutes(5);

    /** A clean shutdown is given a minute there. */
    private static final Duration STOP = Duration.ofMinutes(3);

    private static final Duration CHANGE = Duration.ofMinutes(1);

    private final RemoteCommands commands;
    private volatile String type = HostOptions.DEFAULT.partitionType();

    @Activate
    public XenPartitions(@Reference RemoteCommands commands, Map<String, Object> configuration) {
        this.commands = commands;
        configure(configuration);
    }

    /** Takes over a changed configuration, for partitions that are started from now on. */
    @Modified
    void configure(Map<String, Object> configuration) {
        try {
            type = HostOptions.parse(configuration).partitionType();
        } catch (QrmException invalid) {
            // HostBoot says so; what was valid before stays
            return;
        }
    }

    @Override
    public String plugin() {
        return XenPlugin.ID;
    }

    @Override
    public Requirements hostNeeds() {
        return new Requirements(0, 0, 0, HostBoot.CARDS);
    }

    /** The prefix that XenSource registered for guests. */
    @Override
    public String macPrefix() {
        return "00:16:3e";
    }

    @Override
    public HostCapacity capacity(Resource host) {
        HostVerb verb = new HostVerb(commands, host, "ask for the capacity of Xen host");
        String text = verb.ask(ASK, "info");
        return HostText.capacity(text).orElseThrow(() -> verb.garbled(text));
    }

    @Override
    public List<PartitionSighting> list(Resource host) {
        HostVerb verb = new HostVerb(commands, host, "list the partitions of Xen host");
        String text = verb.ask(ASK, "list");
        return HostText.sightings(text).orElseThrow(() -> verb.garbled(text));
    }

    @Override
    public void start(Resource host, Partition partition, WorkContext work) {
        verb(host, "start", partition).tell(work, START, HostText.describe(partition, type), "start", mac(partition));
    }

    @Override
    public void stop(Resource host, Partition partition, boolean force, WorkContext work) {
        HostVerb verb = verb(host, "stop", partition);
        if (force) {
            verb.tell(work, STOP, "", "stop", mac(partition), "force");
        } else {
            verb.tell(work, STOP, "", "stop", mac(partition));
        }
    }

    @Override
    public void pause(Resource host, Partition partition, boolean pause, WorkContext work) {
        String word = pause ? "pause" : "resume";
        verb(host, word, partition).tell(work, CHANGE, "", word, mac(partition));
    }

    @Override
    public void change(Resource host, Partition partition, WorkContext work) {
        verb(host, "change", partition)
                .tell(work, CHANGE, HostText.describe(partition, type), "change", mac(partition));
    }

    @Override
    public void remove(Resource host, Partition partition, WorkContext work) {
        verb(host, "remove", partition).tell(work, STOP, "", "remove", mac(partition));
    }

    @Override
    public String console(Resource host, Partition partition, int bytes) {
        return verb(host, "read the console of", partition)
                .ask(ASK, "console", mac(partition), Integer.toString(bytes));
    }

    @Override
    public void type(Resource host, Partition partition, String text) {
        verb(host, "type at the console of", partition).give(ASK, text, "type", mac(partition));
    }

    @Override
    public Terminal openTerminal(Resource host, Partition partition, TerminalSize size) {
        // a terminal cannot be refused any more: whoever opens it would see it end at once
        try {
            verb(host, "open the console of", partition).ask(LOOK, "attachable", mac(partition));
        } catch (QrmException not) {
            Problem problem = not.problem();
            if (problem.kind() == Problem.Kind.FAILED) {
                throw QrmException.refused("open the console of", partition.name(), problem.reason(), problem.remedy());
            }
            throw not;
        }
        return commands.openTerminal(host.id(), HostVerb.words("attach", mac(partition)), size);
    }

    private HostVerb verb(Resource host, String word, Partition partition) {
        return new HostVerb(commands, host, word + " partition " + partition.name() + " on Xen host");
    }

    private static String mac(Partition partition) {
        return partition.mac().value();
    }
}
