package org.qrm.plugin.ipmi.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.operation.CancelledException;
import org.qrm.plugin.device.Turns;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs ipmitool: without a shell, for a limited time, a limited number at once and one for each BMC, since many BMCs have few
 * sessions. It gets the password in its environment: that is read by this user and root only, who can open the server's
 * secrets anyway, and nothing of it is left when the server is killed, as a file would be.
 */
final class Ipmitool {

    static final String MISSING = "ipmitool is not there";
    static final String INSTALL = "Install it: apt-get install ipmitool";

    /** Children at a time. */
    static final int MOST = 32;

    private static final Logger LOG = LoggerFactory.getLogger(Ipmitool.class);
    private static final int MOST_OUTPUT = 131_072;
    private static final long MILLIS_TO_READ = 1000;

    private final Supplier<Optional<Path>> program;
    private final Turns turns = new Turns(MOST);

    Ipmitool(Supplier<Optional<Path>> program) {
        this.program = program;
    }

    /** Where it is. */
    static Optional<Path> find() {
        return Stream.of("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin")
                .map(directory -> Path.of(directory, "ipmitool"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** @throws QrmException UNAVAILABLE */
    static Path require(String attempted) {
        return find().orElseThrow(() -> missing(attempted, Ipmi.ID));
    }

    private static QrmException missing(String attempted, String subject) {
        return new QrmException(new Problem(Problem.Kind.UNAVAILABLE, attempted, subject, MISSING, INSTALL));
    }

    /** What is done while a BMC is one's own. */
    private interface Turn<T> {
        T take() throws IOException, InterruptedException;
    }

    /**
     * Has a BMC carry out a command.
     *
     * @param attempted for messages
     * @param limit for it all, the wait for a turn included
     * @param retries how often it asks a BMC that does not answer: twice in 6 s, three times in 12 s
     * @param words of the command
     * @return what it said, with status 0
     * @throws QrmException with what was wrong
     */
    Said run(String attempted, Bmc bmc, Duration limit, int retries, List<String> words) {
        List<String> verbose = new ArrayList<>();
        // without it a wrong password and a dead cable are told in the same words
        verbose.add("-v");
        verbose.addAll(words);
        return runTersely(attempted, bmc, limit, retries, verbose);
    }

    /** The same, of a command that says something else to {@code -v}. */
    Said runTersely(String attempted, Bmc bmc, Duration limit, int retries, List<String> words) {
        Said said = tryTersely(attempted, bmc, limit, retries, words);
        if (!said.isWell()) {
            throw Fault.of(attempted, bmc, said, limit);
        }
        return said;
    }

    /** The same, also of a command that the BMC does not carry out. */
    Said tryTersely(String attempted, Bmc bmc, Duration limit, int retries, List<String> words) {
        Path path = require(attempted, bmc);
        long end = System.nanoTime() + limit.toNanos();
        return inTurn(attempted, bmc, path, limit, () -> {
            Said said = run(command(path, bmc, retries, words), bmc, end);
            LOG.debug("{}: {}: {}", bmc, words, said.words());
            return said;
        });
    }

    /**
     * Has a BMC begin something that goes on.
     *
     * @param limit until it has begun, the wait for a turn included
     * @param sign what the last line begins with that it says before
     * @return at work, and that line read; it shows at once what it is told
     * @throws QrmException with what was wrong
     */
    Process begin(String attempted, Bmc bmc, Duration limit, int retries, String sign, List<String> words) {
        Path path = require(attempted, bmc);
        long end = System.nanoTime() + limit.toNanos();
        List<String> command = new ArrayList<>();
        // else it keeps the sign to itself until more is said
        command.addAll(List.of("stdbuf", "-oL"));
        command.addAll(command(path, bmc, retries, words));
        return inTurn(attempted, bmc, path, limit, () -> {
            Process process = start(command, bmc);
            boolean begun = false;
            try {
                Said said = Begun.heard(process, sign, end);
                begun = said.isWell();
                if (!begun) {
                    throw Fault.of(attempted, bmc, said, limit);
                }
                return process;
            } finally {
                if (!begun) {
                    process.destroyForcibly();
                }
            }
        });
    }

    private Path require(String attempted, Bmc bmc) {
        return program.get().orElseThrow(() -> missing(attempted, bmc.subject()));
    }

    private <T> T inTurn(String attempted, Bmc bmc, Path path, Duration limit, Turn<T> turn) {
        String place = bmc.place();
        try {
            if (!turns.begin(place, limit)) {
                throw new QrmException(new Problem(
                        Problem.Kind.UNREACHABLE,
                        attempted,
                        bmc.subject(),
                        "too many BMCs, or others who ask this one, are waited for",
                        "Try again in a minute."));
            }
            try {
                return turn.take();
            } finally {
                turns.end(place);
            }
        } catch (IOException notStarted) {
            throw QrmException.failed(
                    attempted, bmc.subject(), path + " cannot be started", "Look at the server's log.", notStarted);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted");
        }
    }

    private static List<String> command(Path path, Bmc bmc, int retries, List<String> words) {
        List<String> command = new ArrayList<>();
        command.add(path.toString());
        command.addAll(bmc.options());
        command.addAll(List.of("-N", "1", "-R", Integer.toString(retries)));
        command.addAll(words);
        return command;
    }

    private static Process start(List<String> command, Bmc bmc) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        environment.put("LC_ALL", "C");
        environment.put("IPMI_PASSWORD", bmc.password());
        return builder.start();
    }

    private static Said run(List<String> command, Bmc bmc, long end) throws IOException, InterruptedException {
        Process process = start(command, bmc);
        try {
            process.getOutputStream().close();
            Output output = new Output(process.getInputStream());
            boolean over = process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (!over) {
                process.destroyForcibly();
            }
            return new Said(over ? process.exitValue() : Said.ENDED, output.text());
        } finally {
            process.destroyForcibly();
        }
    }

    /** Reads all, so that nobody who writes waits, and keeps the start of it. */
    private static final class Output {

        private final StringBuilder text = new StringBuilder();
        private final Thread reader;

        Output(InputStream from) {
            reader = new Thread(() -> read(from), "qrm-ipmitool-output");
            reader.setDaemon(true);
            reader.start();
        }

        private void read(InputStream from) {
            byte[] buffer = new byte[1024];
            try (from) {
                for (int n = from.read(buffer); n >= 0 && room() > 0; n = from.read(buffer)) {
                    keep(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
                }
                from.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                LOG.debug("Output of ipmitool ended", e);
            }
        }

        private synchronized int room() {
            return MOST_OUTPUT - text.length();
        }

        private synchronized void keep(String part) {
            text.append(part);
        }

        String text() throws InterruptedException {
            reader.join(MILLIS_TO_READ);
            synchronized (this) {
                return text.toString();
            }
        }
    }
}
