package org.qrm.core.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.postgresql.ds.PGSimpleDataSource;

/** PostgreSQL, which several servers may share. It looks after itself: its own programs copy and check it. */
final class Postgres extends Dialect {

    static final String PREFIX = "jdbc:postgresql:";

    private static final long LOCK = 0x51524d;

    /** After so much silence in the middle of a statement nobody answers any more; {@code socketTimeout} in the URL says otherwise. */
    private static final int SILENCE_SECONDS = 60;

    private final String url;

    Postgres(String url) {
        this.url = url;
    }

    @Override
    DataSource connect(Path logDirectory) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(url);
        if (!url.contains("socketTimeout=")) {
            source.setSocketTimeout(SILENCE_SECONDS);
        }
        source.setTcpKeepAlive(true);
        return source;
    }

    @Override
    boolean shared() {
        return true;
    }

    /** A standby does not; others are set so by an administrator, or by who keeps their disk from filling up. */
    @Override
    void checkTakesChanges(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("show transaction_read_only")) {
            answer.next();
            if (answer.getString(1).equals("on")) {
                throw new SQLException("transaction_read_only is on", ONLY_READ);
            }
        }
    }

    /** Another server may be changing them, and this one after it, for as long as that takes. */
    @Override
    void lockDefinitions(Handle handle) {
        try {
            handle.getConnection().setNetworkTimeout(Runnable::run, 0);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
        handle.createQuery("select pg_advisory_xact_lock(:lock)")
                .bind("lock", LOCK)
                .mapToMap()
                .list();
    }

    @Override
    void copyTo(Handle handle, Path directory) {
        throw new IllegalStateException("a database on PostgreSQL is copied by pg_dump");
    }

    @Override
    void checkTables(Handle handle) {}

    @Override
    void shutDown() {}
}
