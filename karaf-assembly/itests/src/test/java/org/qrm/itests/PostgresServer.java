package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.rules.ExternalResource;

/**
 * A PostgreSQL of the test's own, on the loopback address, with its files in a temporary directory. It runs beside a shell that reads
 * from this JVM: when the JVM ends, however it ends, the shell stops the server and removes the files.
 */
public final class PostgresServer extends ExternalResource {

    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
    private static final String KEEP_UNTIL_END_OF_INPUT = """
            directory=$1; shift
            "$@" >"$directory/log" 2>&1 &
            server=$!
            cat >/dev/null
            kill -INT "$server"
            wait "$server"
            rm -rf "$directory"
            """;

    private Path programs;
    private int port;
    private Process keeper;

    @Override
    protected void before() throws Throwable {
        Optional<Path> installed = programs();
        if (installed.isEmpty() && "true".equals(System.getenv("CI"))) {
            throw new AssertionError("PostgreSQL is not installed (Debian package postgresql), and CI=true");
        }
        assumeTrue("PostgreSQL is not installed (Debian package postgresql)", installed.isPresent());
        programs = installed.get();
        Path directory = Files.createTempDirectory("qrm-postgres");
        Path data = Files.createDirectory(directory.resolve("data"));
        run(List.of("chmod", "755", directory.toString()));
        if (isRoot()) {
            run(List.of("chown", "postgres:", directory.toString(), data.toString()));
        }
        run(unprivileged("initdb", "--pgdata=" + data, "--auth=trust", "--username=qrm", "--no-sync", "--locale=C"));
        port = FreePorts.next();
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", KEEP_UNTIL_END_OF_INPUT, "sh", directory.toString()));
        command.addAll(unprivileged(
                "postgres", "-D", data.toString(), "-h", "127.0.0.1", "-p", "" + port, "-k", directory.toString()));
        keeper = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        run(List.of(
                "sh",
                "-c",
                "for i in $(seq 300); do pg_isready -q -h 127.0.0.1 -p " + port + " && exit; sleep 0.2; done; exit 1"));
        sql("postgres", "create database site");
    }

    @Override
    protected void after() {
        try {
            keeper.getOutputStream().close();
            if (!keeper.waitFor(1, TimeUnit.MINUTES)) {
                keeper.destroyForcibly();
            }
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError("PostgreSQL could not be stopped", failed);
        }
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/site?user=qrm";
    }

    /** What the statement answers, a line for each row. */
    String sql(String database, String statement) throws IOException, InterruptedException {
        return run(List.of(
                "psql", "-XAtq", "-h", "127.0.0.1", "-p", "" + port, "-U", "qrm", "-d", database, "-c", statement));
    }

    /** Where Debian has the server's programs, if it has. */
    private static Optional<Path> programs() throws IOException {
        if (!Files.isDirectory(INSTALLED)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(INSTALLED)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
                    .max(Comparator.naturalOrder());
        }
    }

    /** PostgreSQL refuses to run as root. */
    private List<String> unprivileged(String program, String... arguments) {
        List<String> words = new ArrayList<>();
        if (isRoot()) {
            words.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        words.add(programs.resolve(program).toString());
        words.addAll(List.of(arguments));
        return words;
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(String.join(" ", command) + ": " + said, 0, process.waitFor());
        return said.strip();
    }
}
