package org.qrm.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
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
import org.qrm.api.operation.CancelledException;

/** Commands on machines that a test plays: it says what each of them does with the words that it is sent. */
public final class FakeCommands implements RemoteCommands {

    /** The host key that every host has. */
    public static final String HOST_KEY = "ecdsa-sha2-nistp256 AAAA";

    /** What a machine does with a command. */
    @FunctionalInterface
    public interface Far {

        /**
         * Carries it out.
         *
         * @param words the command and its arguments
         * @param input its whole standard input
         */
        CommandResult run(List<String> words, String input);
    }

    private enum Mood {
        ANSWERS,
        GONE,
        STUCK
    }

    private final Map<String, Far> far = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile Mood mood = Mood.ANSWERS;

    /** A command that ended well. */
    public static CommandResult well(String output) {
        return new CommandResult(0, output, "", false);
    }

    /** A command that failed, and what it said. */
    public static CommandResult failed(int status, String error) {
        return new CommandResult(status, "", error, false);
    }

    /** What a machine does that has registered. */
    public FakeCommands machine(long resource, Far does) {
        far.put(String.valueOf(resource), does);
        return this;
    }

    /** What a storage server or source system does. */
    public FakeCommands host(String address, Far does) {
        far.put(address, does);
        return this;
    }

    /** From now on nobody can be reached. */
    public void disconnect() {
        mood = Mood.GONE;
    }

    /** From now on each command hangs until its time is over, or whoever waits is interrupted. */
    public void hang() {
        mood = Mood.STUCK;
    }

    /** What was asked, in order: resource or address, and the words, with blanks between. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public String authorizedKey() {
        return "ecdsa-sha2-nistp256 BBBB qrm";
    }

    @Override
    public CommandResult run(SshHost host, Command command) {
        return run(host.address(), command);
    }

    @Override
    public CommandResult runOnMachine(long resource, Command command) {
        return run(String.valueOf(resource), command);
    }

    private CommandResult run(String where, Command command) {
        Far does = reach(where, command.words(), command.timeLimit());
        CommandResult result = does.run(command.words(), text(command.input()));
        if (command.progress() != null) {
            result.error().lines().forEach(command.progress());
        }
        byte[] output = result.output().getBytes(UTF_8);
        return output.length <= command.outputLimit()
                ? result
                : new CommandResult(
                        result.exitStatus(), new String(output, 0, command.outputLimit(), UTF_8), result.error(), true);
    }

    @Override
    public Session open(SshHost host, List<String> words, Duration timeLimit, Consumer<String> progress) {
        return new Pipes(reach(host.address(), words, timeLimit), words);
    }

    /** It shows what the verb writes at once, and takes what is typed without a word. */
    @Override
    public Terminal openTerminal(long resource, List<String> words, TerminalSize size) {
        String where = String.valueOf(resource);
        CommandResult shown = reach(where, words, Duration.ofSeconds(30)).run(words, "");
        return new Screen(new ByteArrayInputStream(shown.output().getBytes(UTF_8)));
    }

    @Override
    public String offeredHostKey(String address, int port) {
        reach(address, List.of("ssh-keyscan"), Duration.ofSeconds(20));
        return HOST_KEY;
    }

    private Far reach(String where, List<String> words, Duration limit) {
        asked.add(where + " " + String.join(" ", words));
        Far does = far.get(where);
        if (mood == Mood.GONE || does == null) {
            throw problem(Problem.Kind.UNREACHABLE, where, "it does not answer");
        }
        if (mood == Mood.STUCK) {
            await(where, limit);
        }
        return does;
    }

    private static void await(String where, Duration limit) {
        try {
            new CountDownLatch(1).await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted");
        }
        throw problem(Problem.Kind.TIMEOUT, where, "the command was not done within " + limit.toSeconds() + " s");
    }

    private static QrmException problem(Problem.Kind kind, String where, String reason) {
        return new QrmException(new Problem(kind, "run a command on", where, reason, "Look at its network."));
    }

    private static String text(InputStream input) {
        try {
            return input == null ? "" : new String(input.readAllBytes(), UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** It is carried out when its output is read, or its end is awaited. */
    private static final class Pipes implements Session {

        private final Far does;
        private final List<String> words;
        private final ByteArrayOutputStream input = new ByteArrayOutputStream();
        private CommandResult result;

        Pipes(Far does, List<String> words) {
            this.does = does;
            this.words = List.copyOf(words);
        }

        private synchronized CommandResult result() {
            if (result == null) {
                result = does.run(words, input.toString(UTF_8));
            }
            return result;
        }

        @Override
        public OutputStream input() {
            return input;
        }

        @Override
        public InputStream output() {
            return new ByteArrayInputStream(result().output().getBytes(UTF_8));
        }

        @Override
        public int await() {
            return result().exitStatus();
        }

        @Override
        public void close() {
            // nothing runs
        }
    }

    /** What somebody is shown. */
    private record Screen(InputStream output) implements Terminal {

        @Override
        public OutputStream input() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public void resize(TerminalSize size) {
            // it writes no more
        }

        @Override
        public void close() {
            // nothing runs
        }
    }
}
