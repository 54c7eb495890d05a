package org.qrm.core.partition;

import java.nio.charset.StandardCharsets;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.core.call.PluginCall;
import org.qrm.core.call.PluginTerminals;
import org.qrm.core.partition.Hosts.Host;
import org.qrm.core.resource.HiddenTokens;
import org.qrm.core.store.Database;

/** Consoles of partitions: what was written there, and terminals. Boot tokens are in neither. */
public final class PartitionConsoles {

    private static final int MOST_READ = 1024 * 1024;
    private static final int MOST_TYPED = 4096;

    private final Database database;
    private final Hosts hosts;
    private final PluginTerminals terminals;

    public PartitionConsoles(Database database, Hosts hosts, PluginTerminals terminals) {
        this.database = database;
        this.hosts = hosts;
        this.terminals = terminals;
    }

    /** @see org.qrm.api.partition.Partitions#console */
    String read(Partition partition, int bytes) {
        String attempted = "read console";
        if (bytes < 1 || bytes > MOST_READ) {
            throw QrmException.invalid(
                    attempted, partition.name(), bytes + " bytes were asked for", "Ask for 1 to " + MOST_READ + ".");
        }
        Spoken spoken = reach(attempted, partition);
        String written =
                spoken.ask(work -> spoken.provider.console(spoken.host.row().resource(), partition, bytes));
        return HiddenTokens.in(written);
    }

    /** @see org.qrm.api.partition.Partitions#type */
    void type(Partition partition, String text) {
        String attempted = "type at console";
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > MOST_TYPED) {
            throw QrmException.invalid(
                    attempted, partition.name(), "the text has " + bytes + " bytes", "Type 1 to " + MOST_TYPED + ".");
        }
        Spoken spoken = reach(attempted, partition);
        spoken.ask(work -> {
            spoken.provider.type(spoken.host.row().resource(), partition, text);
            return null;
        });
    }

    /** @see org.qrm.api.partition.Partitions#openTerminal */
    Terminal open(Partition partition, TerminalSize size) {
        Spoken spoken = reach("open the console", partition);
        return terminals.open(
                hosts.opener(spoken.provider),
                partition.name(),
                () -> spoken.provider.openTerminal(spoken.host.row().resource(), partition, size));
    }

    private Spoken reach(String attempted, Partition partition) {
        Host host = database.read(handle -> hosts.up(handle, attempted, partition.hostId()));
        return new Spoken(host, hosts.require(attempted, host.plugin()));
    }

    /** A host, and what speaks to it. */
    private final class Spoken {
        private final Host host;
        private final PartitionProvider provider;

        Spoken(Host host, PartitionProvider provider) {
            this.host = host;
            this.provider = provider;
        }

        <T> T ask(PluginCall.Body<T> question) {
            return hosts.call(provider, Hosts.ASKING, null, question);
        }
    }
}
