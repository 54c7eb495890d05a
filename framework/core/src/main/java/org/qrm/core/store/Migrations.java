package org.qrm.core.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

/**
 * Brings the tables to the version of this program: {@code V1.sql}, {@code V2.sql} … each in one transaction, which both
 * databases support for table definitions.
 */
final class Migrations {

    /** The newest script. */
    static final int CURRENT = 5;

    private static final long LOCK = 0x51524d;

    private final Database database;

    Migrations(Database database) {
        this.database = database;
    }

    void run() {
        database.change(change -> {
            Handle handle = change.handle();
            if (database.shared()) {
                handle.createQuery("select pg_advisory_xact_lock(:lock)")
                        .bind("lock", LOCK)
                        .mapToMap()
                        .list();
            }
            int version = installed(handle);
            if (version > CURRENT) {
                throw new QrmException(new Problem(
                        Problem.Kind.CONFLICT,
                        "open database",
                        "",
                        "it was written by a newer server (tables " + version + ", this server knows " + CURRENT + ")",
                        "Start that version again, or restore a backup made before the upgrade."));
            }
            for (int next = version + 1; next <= CURRENT; next++) {
                apply(handle, next);
            }
            return null;
        });
    }

    private static int installed(Handle handle) {
        boolean fresh = !hasVersions(handle);
        if (fresh) {
            handle.execute("create table schema_version (version int primary key, applied bigint not null)");
        }
        return handle.createQuery("select coalesce(max(version), 0) from schema_version")
                .mapTo(Integer.class)
                .one();
    }

    private static boolean hasVersions(Handle handle) {
        try (var tables = handle.getConnection().getMetaData().getTables(null, null, null, new String[] {"TABLE"})) {
            while (tables.next()) {
                if (tables.getString("TABLE_NAME").equalsIgnoreCase("schema_version")) {
                    return true;
                }
            }
            return false;
        } catch (java.sql.SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void apply(Handle handle, int version) {
        statements("V" + version + ".sql").forEach(handle::execute);
        handle.execute(
                "insert into schema_version (version, applied) values (?, ?)", version, System.currentTimeMillis());
    }

    private static List<String> statements(String script) {
        try (InputStream in = Objects.requireNonNull(Migrations.class.getResourceAsStream(script), script)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^--.*\n", "");
            return Stream.of(text.split(";\\s*\n")).filter(s -> !s.isBlank()).toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
