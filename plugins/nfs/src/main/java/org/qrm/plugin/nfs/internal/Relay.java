package org.qrm.plugin.nfs.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.qrm.api.QrmException;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.api.exec.RemoteCommands.Session;
import org.qrm.api.exec.SshHost;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two commands on two machines that do not know each other, with the streams of each passed to the other by this server.
 */
final class Relay {

    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
    private static final String ASKS = "qrm-remote ";
    private static final Duration FOR_ASKING = Duration.ofMinutes(1);
    private static final Duration FOR_LEAVING = Duration.ofSeconds(20);

    private final RemoteCommands commands;
    private final Patient patient;
    private final Duration limit;

    Relay(RemoteCommands commands, Patient patient, Duration limit) {
        this.commands = commands;
        this.patient = patient;
        this.limit = limit;
    }

    /**
     * How the two ended.
     *
     * @param client exit status
     * @param server exit status, or -1 when it was not started or did not end by itself
     */
    record Ended(int client, int server) {}

    /**
     * Runs a command that tells on standard error, after {@code qrm-remote}, what it wants to talk to, and what that asks for.
     *
     * @param answer makes the words of the other command from what was told
     */
    Ended run(
            SshHost clientHost,
            List<String> clientWords,
            SshHost serverHost,
            Function<String, List<String>> answer,
            Consumer<String> lines)
            throws InterruptedException {
        CompletableFuture<String> asked = new CompletableFuture<>();
        Consumer<String> listener = line -> {
            if (line.startsWith(ASKS)) {
                asked.complete(line.substring(ASKS.length()));
            } else {
                lines.accept(line);
            }
        };
        try (Session client = commands.open(clientHost, clientWords, limit, listener)) {
            Future<Integer> clientEnd = patient.start(client::await);
            String request = request(asked, clientEnd);
            if (request == null) {
                return new Ended(value(clientEnd), -1);
            }
            try (Session server = commands.open(serverHost, answer.apply(request), limit, lines)) {
                return joined(client, clientEnd, server);
            }
        }
    }

    private Ended joined(Session client, Future<Integer> clientEnd, Session server) throws InterruptedException {
        Future<Integer> serverEnd = patient.start(server::await);
        patient.start(() -> pump(server.output(), client.input()));
        patient.start(() -> pump(client.output(), server.input()));
        int clientStatus = value(clientEnd);
        try {
            return new Ended(clientStatus, serverEnd.get(FOR_LEAVING.toSeconds(), TimeUnit.SECONDS));
        } catch (ExecutionException failure) {
            if (clientStatus != 0 && failure.getCause() instanceof QrmException lost) {
                throw lost; // what the client complains of is that the other end is gone
            }
            LOG.debug("The other end broke after all was done", failure);
            return new Ended(clientStatus, -1);
        } catch (TimeoutException hanging) {
            LOG.debug("The other end did not leave by itself", hanging);
            return new Ended(clientStatus, -1);
        }
    }

    /** Null if the client ended without asking. */
    private static String request(CompletableFuture<String> asked, Future<Integer> clientEnd)
            throws InterruptedException {
        long end = System.nanoTime() + FOR_ASKING.toNanos();
        while (System.nanoTime() < end && !(clientEnd.isDone() && !asked.isDone())) {
            try {
                return asked.get(100, TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException notYet) {
                LOG.trace("Nothing is asked for yet");
            }
        }
        return asked.getNow(null);
    }

    private static int value(Future<Integer> end) throws InterruptedException {
        try {
            return end.get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failure.getCause());
        }
    }

    private static Void pump(InputStream from, OutputStream to) throws IOException {
        byte[] bytes = new byte[64 * 1024];
        try (to) {
            for (int n = from.read(bytes); n >= 0; n = from.read(bytes)) {
                to.write(bytes, 0, n);
                if (from.available() == 0) {
                    to.flush();
                }
            }
        }
        return null;
    }
}
