package org.qrm.core.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.postgresql.Driver;

/** PostgreSQL's own programs, which get their database and password by the environment, so that no list of processes shows it. */
final class PostgresPrograms {

    private final Map<String, String> environment;

    PostgresPrograms(String url) throws IOException {
        Properties parsed = Driver.parseURL(url, new Properties());
        if (parsed == null) {
            throw new IOException(
                    "QRM_DATABASE_URL is not understood; give jdbc:postgresql://HOST:PORT/DATABASE?user=…");
        }
        this.environment = new java.util.HashMap<>();
        put("PGHOST", parsed.getProperty("PGHOST"));
        put("PGPORT", parsed.getProperty("PGPORT"));
        put("PGDATABASE", parsed.getProperty("PGDBNAME"));
        put("PGUSER", parsed.getProperty("user"));
        put("PGPASSWORD", parsed.getProperty("password"));
        put("PGSSLMODE", parsed.getProperty("sslmode"));
        put("PGSSLROOTCERT", parsed.getProperty("sslrootcert"));
    }

    /** What the programs are told. */
    Map<String, String> environment() {
        return environment;
    }

    private void put(String name, String value) {
        if (value != null) {
            environment.put(name, value);
        }
    }

    void dump(Path file) throws IOException {
        run(List.of(
                "pg_dump", "--format=custom", "--schema=public", "--no-owner", "--no-privileges", "--file=" + file));
    }

    /** Reads all of a dump. */
    static void check(Path dump) throws IOException {
        new PostgresPrograms("jdbc:postgresql:none")
                .run(List.of("pg_restore", "--file=/dev/null", "--no-owner", dump.toString()));
    }

    /** The restored tables take the place of all that are there, in one transaction or not at all. */
    void restore(Path dump) throws IOException {
        Path contents = dump.resolveSibling("restore.list");
        Path script = dump.resolveSibling("restore.sql");
        try {
            run(List.of("pg_restore", "--list", "--file=" + contents, dump.toString()));
            leaveOutTheSchema(contents);
            // PostgreSQL's own programs have the tables in their hands, since they may be larger than this one's memory
            run(List.of(
                    "pg_restore",
                    "--no-owner",
                    "--no-privileges",
                    "--use-list=" + contents,
                    "--file=" + script,
                    dump.toString()));
            run(List.of(
                    "psql",
                    "--no-psqlrc",
                    "--quiet",
                    "--single-transaction",
                    "--set=ON_ERROR_STOP=1",
                    "--output=/dev/null",
                    "--command=drop schema public cascade",
                    "--command=create schema public",
                    "--file=" + script));
        } finally {
            Files.deleteIfExists(contents);
            Files.deleteIfExists(script);
        }
    }

    /** It is made right before. */
    private static void leaveOutTheSchema(Path contents) throws IOException {
        Files.write(
                contents,
                Files.readAllLines(contents).stream()
                        .filter(line -> !line.matches(".* SCHEMA - public( .*)?"))
                        .toList());
    }

    private void run(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException missing) {
            throw new IOException(
                    "the program " + command.get(0) + " is not installed (Debian: apt-get install postgresql-client)",
                    missing);
        }
        process.getOutputStream().close();
        String said;
        try (InputStream in = process.getInputStream()) {
            said = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new IOException(command.get(0) + ": " + said.replaceAll("\\s+", " "));
            }
        } catch (InterruptedException interrupted) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }
}
