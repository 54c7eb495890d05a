package org.qrm.core.partition;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.core.call.PluginCall;
import org.qrm.core.partition.Hosts.Host;
import org.qrm.core.store.Database;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Consoles of partitions: what was written there, and terminals. Boot tokens are in neither. */
public final class PartitionConsoles {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionConsoles.class);
    private static final int MOST_READ = 1024 * 1024;
    private static final int MOST_TYPED = 4096;

    private final Database database;
    private final Hosts hosts;
    private final Set<OpenConsole> open = ConcurrentHashMap.newKeySet();

    public PartitionConsoles(Database database, Hosts hosts) {
        this.database = database;
        this.hosts = hosts;
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
        return BootTokens.hiddenIn(written);
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
        OpenConsole console = new OpenConsole(spoken, spoken.ask(work -> {
            Terminal opened = spoken.provider.openTerminal(spoken.host.row().resource(), partition, size);
            try {
                work.checkpoint();
            } catch (CancelledException nobodyWaits) {
                opened.close();
                throw nobodyWaits;
            }
            return opened;
        }));
        open.add(console);
        return console;
    }

    /** A plug-in goes: so do the terminals that it opened. Returns at once. */
    public void gone(PartitionProvider provider) {
        open.stream()
                .filter(console -> console.spoken.provider == provider)
                .forEach(console -> new Thread(console::close, "qrm-console-end").start());
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

    /** A terminal that a plug-in opened. */
    private final class OpenConsole implements Terminal {

        private final Spoken spoken;
        private final Terminal opened;
        private final InputStream output;

        OpenConsole(Spoken spoken, Terminal opened) {
            this.spoken = spoken;
            this.opened = opened;
            this.output = BootTokens.hiddenIn(opened.output());
        }

        @Override
        public OutputStream input() {
            return opened.input();
        }

        @Override
        public InputStream output() {
            return output;
        }

        @Override
        public void resize(TerminalSize size) {
            spoken.ask(work -> {
                opened.resize(size);
                return null;
            });
        }

        @Override
        public void close() {
            if (!open.remove(this)) {
                return;
            }
            try {
                spoken.ask(work -> {
                    opened.close();
                    return null;
                });
            } catch (QrmException failed) {
                LOG.warn("A console on {} may stay open: {}", spoken.host.name(), failed.getMessage());
            }
        }
    }
}
