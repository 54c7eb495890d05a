package org.qrm.core.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Brings the tables to the version of this program: {@code V1.sql}, {@code V2.sql} … as far as there are such scripts, all that
 * are missing in one transaction, which both databases support for table definitions. Each script that was applied is noted with
 * its digest and the server that did it; those of a server that noted none are taken as they are.
 */
final class Migrations {

    private final Database database;
    private final String server;
    private final List<String> scripts;

    /** @param server version of this program, to be named when an older one meets these tables */
    Migrations(Database database, String server) {
        this(database, server, scripts());
    }

    Migrations(Database database, String server, List<String> scripts) {
        this.database = database;
        this.server = server;
        this.scripts = scripts;
    }

    private record Applied(int version, String digest, String server) {}

    /** The scripts of this program, the first at index 0. */
    static List<String> scripts() {
        List<String> found = new ArrayList<>();
        for (String next = script(1); next != null; next = script(found.size() + 1)) {
            found.add(next);
        }
        return found;
    }

    void run() {
        database.change(change -> {
            Handle handle = change.handle();
            database.lockDefinitions(handle);
            List<Applied> applied = applied(handle);
            refuseNewer(applied);
            for (Applied one : applied) {
                check(handle, one);
            }
            for (int next = applied.size() + 1; next <= scripts.size(); next++) {
                apply(handle, next);
            }
            return null;
        });
    }

    private static List<Applied> applied(Handle handle) {
        if (!hasColumn(handle, "version")) {
            handle.execute("create table schema_version (version int primary key, applied bigint not null)");
        }
        if (!hasColumn(handle, "digest")) {
            handle.execute("alter table schema_version add column digest varchar(64)");
            handle.execute("alter table schema_version add column server varchar(60)");
        }
        return handle.createQuery("select version, digest, server from schema_version order by version")
                .map((row, context) ->
                        new Applied(row.getInt("version"), row.getString("digest"), row.getString("server")))
                .list();
    }

    private static boolean hasColumn(Handle handle, String column) {
        try (ResultSet columns = handle.getConnection().getMetaData().getColumns(null, null, null, null)) {
            while (columns.next()) {
                if (columns.getString("TABLE_NAME").equalsIgnoreCase("schema_version")
                        && columns.getString("COLUMN_NAME").equalsIgnoreCase(column)) {
                    return true;
                }
            }
            return false;
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private void refuseNewer(List<Applied> applied) {
        if (applied.isEmpty()) {
            return;
        }
        Applied last = applied.get(applied.size() - 1);
        if (last.version > scripts.size()) {
            String newer = last.server == null || last.server.isEmpty() ? "" : " " + last.server;
            throw new DatabaseRefused(
                    "it has tables of version " + last.version + ", of a newer QRM" + newer + "; this is QRM " + server
                            + ", which knows those up to version " + scripts.size() + ". Nothing was changed",
                    "Install QRM" + (newer.isEmpty() ? " of that version" : newer)
                            + " again, or restore a backup that was made before the upgrade.");
        }
    }

    private void check(Handle handle, Applied one) {
        String digest = digest(scripts.get(one.version - 1));
        if (one.digest == null) {
            handle.execute("update schema_version set digest = ? where version = ?", digest, one.version);
        } else if (!one.digest.equals(digest)) {
            throw new DatabaseRefused(
                    "its tables of version " + one.version + " were made by another script V" + one.version
                            + ".sql than the one of this QRM " + server + ". Nothing was changed",
                    "Install an archive of QRM whose files are as released, or restore a backup of this QRM.");
        }
    }

    private void apply(Handle handle, int version) {
        String script = scripts.get(version - 1);
        statements(script).forEach(handle::execute);
        handle.execute(
                "insert into schema_version (version, applied, digest, server) values (?, ?, ?, ?)",
                version,
                System.currentTimeMillis(),
                digest(script),
                server);
    }

    private static List<String> statements(String script) {
        String text = script.replaceAll("(?m)^--.*\n", "");
        return Stream.of(text.split(";\\s*\n")).filter(s -> !s.isBlank()).toList();
    }

    private static String digest(String script) {
        try {
            byte[] bytes = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String script(int version) {
        try (InputStream in = Migrations.class.getResourceAsStream("V" + version + ".sql")) {
            return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
