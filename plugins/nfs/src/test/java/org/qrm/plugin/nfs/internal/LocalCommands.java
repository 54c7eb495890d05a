package org.qrm.plugin.nfs.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Command;
import org.qrm.api.exec.CommandResult;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.api.exec.SshHost;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;

/** Runs commands on this machine instead, behind a prefix that is chosen by the host's address ({@code ip netns exec NAME}). */
final class LocalCommands implements RemoteCommands {

    final Map<String, String> environment = new HashMap<>();
    final Map<String, List<String>> prefixes = new HashMap<>();

    /** Hears of each command before it runs. */
    volatile Consumer<List<String>> before = words -> {};

    /** Whether nobody can be reached. */
    volatile boolean disconnected;

    /** The words of each command that was opened as a session, with the host's address first. */
    final List<List<String>> opened = new ArrayList<>();

    @Override
    public String authorizedKey() {
        return "ecdsa-sha2-nistp256 AAAA qrm";
    }

    @Override
    public CommandResult run(SshHost host, Command command) {
        before.accept(command.words());
        LocalSession session = start(host, command.words(), command.progress());
        try (InputStream in = command.input()) {
            Thread feeder = session.feed(in);
            String output = new String(session.output().readAllBytes());
            int status = session.await();
            feeder.join();
            return new CommandResult(status, output, "", false);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        } finally {
            session.close();
        }
    }

    @Override
    public CommandResult runOnMachine(long resource, Command command) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Session open(SshHost host, List<String> words, Duration timeLimit, Consumer<String> progress) {
        List<String> what = new ArrayList<>(List.of(host.address()));
        what.addAll(words);
        opened.add(what);
        return start(host, words, progress);
    }

    @Override
    public Terminal openTerminal(long resource, List<String> words, TerminalSize size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String offeredHostKey(String address, int port) {
        return "ecdsa-sha2-nistp256 AAAA";
    }

    private LocalSession start(SshHost host, List<String> words, Consumer<String> progress) {
        if (disconnected) {
            throw new QrmException(new Problem(
                    Problem.Kind.UNREACHABLE, "run a command on", host.address(), "it does not answer", "Look there."));
        }
        List<String> all = new ArrayList<>(prefixes.getOrDefault(host.address(), List.of()));
        all.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(all);
        builder.environment().putAll(environment);
        try {
            return new LocalSession(builder.start(), progress);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static final class LocalSession implements Session {
        private final Process process;
        private final Thread errors;

        LocalSession(Process process, Consumer<String> progress) {
            this.process = process;
            this.errors = new Thread(() -> tell(process.errorReader(), progress), "errors");
            errors.start();
        }

        Thread feed(InputStream in) {
            Thread feeder = new Thread(() -> {
                try (OutputStream to = process.getOutputStream()) {
                    if (in != null) {
                        in.transferTo(to);
                    }
                } catch (IOException ended) {
                    // it does not want more
                }
            });
            feeder.start();
            return feeder;
        }

        @Override
        public OutputStream input() {
            return process.getOutputStream();
        }

        @Override
        public InputStream output() {
            return process.getInputStream();
        }

        @Override
        public int await() throws InterruptedException {
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("hangs: " + process.info());
            }
            errors.join();
            return process.exitValue();
        }

        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }

        private static void tell(BufferedReader reader, Consumer<String> progress) {
            try {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    if (progress != null) {
                        progress.accept(line);
                    }
                }
            } catch (IOException closed) {
                // the process is gone
            }
        }
    }
}
