package org.qrm.exec.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.sshd.client.channel.ChannelExec;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Command;
import org.qrm.api.exec.CommandResult;
import org.qrm.api.exec.MachineEndpoints;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.api.exec.SshHost;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.server.ServerSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link RemoteCommands} with the Apache MINA SSH client. */
@Component
public final class SshRemoteCommands implements RemoteCommands {

    private static final Logger LOG = LoggerFactory.getLogger(SshRemoteCommands.class);
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final Duration ENDING = Duration.ofSeconds(30);
    private static final int MOST_OUTPUT = 16 * 1024 * 1024;

    private final MachineEndpoints endpoints;
    private final ServerKey key;
    private final SshDialer dialer;
    private final Connections connections;
    private final Workers workers = new Workers();

    @Activate
    public SshRemoteCommands(@Reference ServerSettings settings, @Reference MachineEndpoints endpoints) {
        this.endpoints = endpoints;
        this.key = ServerKey.in(settings.dataDirectory().resolve("exec"));
        this.dialer = new SshDialer(key);
        this.connections = new Connections(dialer);
        workers.every(Duration.ofSeconds(10), () -> connections.close(Connections.IDLE));
    }

    @Deactivate
    public void stop() {
        connections.close(Duration.ofSeconds(-1));
        dialer.close();
        workers.close();
    }

    @Override
    public String authorizedKey() {
        return key.authorizedKey();
    }

    @Override
    public CommandResult run(SshHost host, Command command) {
        return run(Request.to(host, command.words()), command);
    }

    @Override
    public CommandResult runOnMachine(long resource, Command command) {
        String line = CommandLine.forExecd(command.words());
        SshHost host = endpoint("run " + command.words().get(0) + " on resource", resource);
        return run(new Request(host, line, null), command);
    }

    private SshHost endpoint(String doing, long resource) {
        return endpoints
                .endpoint(resource)
                .orElseThrow(() -> QrmException.conflict(
                        doing,
                        Long.toString(resource),
                        "it never registered, so its address and host key are not known",
                        "Let it boot from the network."));
    }

    @Override
    public Terminal openTerminal(long resource, List<String> words, TerminalSize size) {
        String line = CommandLine.forExecd(words);
        SshHost host = endpoint("open a terminal on resource", resource);
        try {
            return VerbTerminal.open(dialer.dial(host), line, size);
        } catch (IOException failure) {
            throw explained(host, "open a terminal", failure);
        }
    }

    @Override
    public Session open(SshHost host, List<String> words, Duration timeLimit, Consumer<String> progress) {
        return start(Request.to(host, words), doing(words), checked(timeLimit), progress, null);
    }

    @Override
    public String offeredHostKey(String address, int port) {
        SshHost host = new SshHost(address, port, null);
        try {
            return dialer.offered(host).text();
        } catch (IOException failure) {
            throw explained(host, "ask for the host key", failure);
        }
    }

    /**
     * What is sent where.
     *
     * @param mark before its output; null on a machine, where no login shell is in between
     */
    private record Request(SshHost host, String line, StartMark mark) {

        static Request to(SshHost host, List<String> words) {
            StartMark mark = StartMark.fresh();
            return new Request(host, CommandLine.forShell(words, mark), mark);
        }
    }

    private CommandResult run(Request request, Command command) {
        if (command.outputLimit() < 0 || command.outputLimit() > MOST_OUTPUT) {
            throw QrmException.invalid("run a command", "", "output limit " + command.outputLimit(), "At most 16 MiB.");
        }
        KeptOutput output = new KeptOutput(command.outputLimit());
        String doing = doing(command.words());
        RunningCommand running = start(request, doing, checked(command.timeLimit()), command.progress(), output);
        Future<?> feeder = workers.start("input", () -> feed(command.input(), running));
        try (running) {
            int status = running.await();
            return new CommandResult(status, output.text(), running.errorTail(), output.truncated());
        } catch (InterruptedException interrupt) {
            throw SshProblems.interrupted(request.host, doing);
        } finally {
            feeder.cancel(true);
        }
    }

    /** @param output where standard output goes; null leaves it to whoever reads it */
    private RunningCommand start(
            Request request, String doing, Duration limit, Consumer<String> progress, OutputStream output) {
        try {
            Connections.Lease lease = lease(request.host);
            ChannelExec channel;
            try {
                channel = opened(lease, request, output);
            } catch (IOException broken) {
                if (!lease.used() || SshProblems.isInterrupt(broken)) {
                    throw broken;
                }
                LOG.info(
                        "The connection to {} broke while it was idle: making another",
                        SshProblems.place(request.host));
                lease = lease(request.host);
                channel = opened(lease, request, output);
            }
            LongConsumer ending = group -> endGroup(request.host, group);
            ErrorLines errors = new ErrorLines(progress);
            return new RunningCommand(
                    request.host, doing, limit, channel, request.mark, errors, lease, ending, workers);
        } catch (IOException failure) {
            throw explained(request.host, doing, failure);
        }
    }

    private Connections.Lease lease(SshHost host) throws IOException {
        if (connections.size() >= Connections.MOST) {
            connections.close(Duration.ZERO);
        }
        if (connections.size() >= Connections.MOST) {
            throw SshProblems.tooMany(host, Connections.MOST);
        }
        return connections.lease(host);
    }

    private static ChannelExec opened(Connections.Lease lease, Request request, OutputStream output)
            throws IOException {
        try {
            ChannelExec channel = lease.session().createExecChannel(request.line);
            if (output != null) {
                channel.setOut(request.mark == null ? output : request.mark.onTo(output));
            }
            channel.open().verify(SshDialer.PATIENCE);
            return channel;
        } catch (IOException broken) {
            lease.discard();
            throw broken;
        }
    }

    private void endGroup(SshHost host, long group) {
        List<String> words = CommandLine.endingGroup(group);
        Command command = new Command(words, null, ENDING, Command.DEFAULT_OUTPUT, null);
        try {
            run(Request.to(host, words), command);
        } catch (QrmException unreachable) {
            LOG.warn("Process group {} may still run on {}", group, SshProblems.place(host), unreachable);
        }
    }

    /** A command that ends without reading all its input is no failure. */
    private static void feed(InputStream input, RunningCommand running) {
        try (OutputStream to = running.input()) {
            if (input != null) {
                input.transferTo(to);
            }
        } catch (IOException ended) {
            LOG.debug("A command ended before its input did", ended);
        }
    }

    private static RuntimeException explained(SshHost host, String doing, IOException failure) {
        return SshProblems.isInterrupt(failure)
                ? SshProblems.interrupted(host, doing)
                : SshProblems.unreachable(host, failure);
    }

    /** The arguments stay out of messages: they may hold secrets. */
    private static String doing(List<String> words) {
        return "run " + Name.printable(words.get(0));
    }

    private static Duration checked(Duration limit) {
        if (limit.isNegative() || limit.isZero() || limit.compareTo(LONGEST) > 0) {
            throw QrmException.invalid("run a command", "", "time limit " + limit, "More than nothing, at most 24 h.");
        }
        return limit;
    }
}
