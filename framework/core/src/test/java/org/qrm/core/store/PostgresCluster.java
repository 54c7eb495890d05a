package org.qrm.core.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of the tests' own, on the loopback address, with its files in a temporary directory. It runs beside
 * a shell that takes its orders from this JVM: when the JVM ends, however it ends, the shell stops the server and removes
 * the files.
 */
final class PostgresCluster {

    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
    private static final Duration START = Duration.ofMinutes(2);
    private static final String KEEP_UNTIL_END_OF_INPUT = """
            directory=$1; shift
            start() { "$@" > "$directory/log" 2>&1 & server=$!; }
            start "$@"
            while read -r order; do
                case $order in
                    crash) kill -QUIT "$server"; wait "$server" ;;
                    start) start "$@" ;;
                esac
            done
            kill -INT "$server"
            wait "$server"
            rm -rf "$directory"
            """;

    /** SQLSTATE of the driver for a connection that was refused. */
    private static final String NOBODY_LISTENS = "08001";

    private static PostgresCluster running;

    private final Process keeper;
    private final Path log;
    private final int port;

    private PostgresCluster(Process keeper, Path log, int port) {
        this.keeper = keeper;
        this.log = log;
        this.port = port;
    }

    /** Where Debian has the server's programs, if it has. */
    static Optional<Path> programs() {
        if (!Files.isDirectory(INSTALLED)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(INSTALLED)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
                    .max(Comparator.naturalOrder());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The one of this JVM, started at its first use. */
    static synchronized PostgresCluster running() {
        if (running == null) {
            try {
                running = start();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
        return running;
    }

    /** One of its own for a test that stops it. */
    static PostgresCluster start() throws IOException, InterruptedException {
        Path programs = programs().orElseThrow();
        Path directory = Files.createTempDirectory("qrm-postgres");
        run(List.of("chmod", "755", directory.toString()));
        Path data = directory.resolve("data");
        Files.createDirectory(data);
        if (isRoot()) {
            run(List.of("chown", "postgres:", directory.toString(), data.toString()));
        }
        run(unprivileged(
                programs.resolve("initdb").toString(),
                "--pgdata=" + data,
                "--auth=trust",
                "--username=qrm",
                "--no-sync",
                "--encoding=UTF8",
                "--locale=C"));
        int port = freePort();
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", KEEP_UNTIL_END_OF_INPUT, "sh", directory.toString()));
        command.addAll(unprivileged(
                programs.resolve("postgres").toString(),
                "-D",
                data.toString(),
                "-h",
                "127.0.0.1",
                "-p",
                String.valueOf(port),
                "-k",
                directory.toString(),
                "-c",
                "fsync=off",
                "-c",
                "max_connections=300"));
        Process keeper = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        PostgresCluster cluster = new PostgresCluster(keeper, directory.resolve("log"), port);
        cluster.awaitAnswer();
        return cluster;
    }

    /** Ends it without a word to those who are connected; nobody answers from then on. */
    void crash() throws IOException, InterruptedException {
        order("crash");
        for (boolean answers = true; answers; ) {
            try {
                connect().close();
                keeper.waitFor(20, TimeUnit.MILLISECONDS);
            } catch (SQLException refused) {
                // who is refused with words is refused by a server that others may still be connected to
                answers = !NOBODY_LISTENS.equals(refused.getSQLState());
            }
        }
    }

    /** Starts it again; it recovers, and answers. */
    void comeBack() throws IOException, InterruptedException {
        order("start");
        awaitAnswer();
    }

    /** Ends it for good. */
    void end() throws IOException, InterruptedException {
        keeper.outputWriter().close();
        keeper.waitFor();
    }

    private void order(String word) throws IOException {
        keeper.outputWriter().write(word + "\n");
        keeper.outputWriter().flush();
    }

    /** Ends the connections to a database, as an administrator does who is about to stop the server. */
    void endConnections(String url) {
        execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name(url) + "'");
    }

    /** Whether connections that are made from now on can change anything; those that there are stay as they are. */
    void takesChanges(String url, boolean takes) {
        execute("alter database " + name(url) + " set default_transaction_read_only = " + !takes);
    }

    private static String name(String url) {
        return url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
    }

    private void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        Instant end = Instant.now().plus(START);
        while (true) {
            try {
                connect().close();
                return;
            } catch (SQLException notYet) {
                if (Instant.now().isAfter(end) || keeper.waitFor(100, TimeUnit.MILLISECONDS)) {
                    throw new IllegalStateException(
                            "PostgreSQL did not start: " + (Files.exists(log) ? Files.readString(log) : ""), notYet);
                }
            }
        }
    }

    /** An empty database that nobody else has. */
    String freshUrl() {
        String name = "qrm_" + UUID.randomUUID().toString().replace("-", "");
        execute("create database " + name);
        return url(name);
    }

    /** An empty database in which its user may make no tables. */
    String urlWithoutRights() {
        String url = freshUrl();
        String reader = "reader_" + UUID.randomUUID().toString().replace("-", "");
        execute("create role " + reader + " login");
        return url.replace("user=qrm", "user=" + reader);
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(url("postgres"));
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=qrm";
    }

    /** PostgreSQL refuses to run as root. */
    private static List<String> unprivileged(String... command) {
        List<String> words = new ArrayList<>();
        if (isRoot()) {
            words.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        words.addAll(List.of(command));
        return words;
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + said);
        }
    }
}
