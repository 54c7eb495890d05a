package org.qrm.core.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

/** What differs between Derby and PostgreSQL. All other SQL of this program is understood by both. */
public abstract sealed class Dialect permits Derby, Postgres {

    /**
     * Connections that PostgreSQL ends or does not take: {@code admin_shutdown}, {@code crash_shutdown},
     * {@code cannot_connect_now}, {@code idle_session_timeout}, {@code idle_in_transaction_session_timeout},
     * {@code transaction_timeout}.
     */
    private static final Set<String> GONE = Set.of("57P01", "57P02", "57P03", "57P05", "25P03", "25P04");

    /** {@code read_only_sql_transaction}. */
    static final String ONLY_READ = "25006";

    /** {@code too_many_connections}. */
    private static final String FULL = "53300";

    /**
     * That of the database.
     *
     * @param url {@code jdbc:derby:…} or {@code jdbc:postgresql:…}
     * @throws QrmException INVALID for any other
     */
    static Dialect of(String url) {
        if (url.startsWith(Derby.PREFIX)) {
            return new Derby(url.substring(Derby.PREFIX.length()));
        }
        if (url.startsWith(Postgres.PREFIX)) {
            return new Postgres(url);
        }
        throw new QrmException(new Problem(
                Problem.Kind.INVALID,
                "open database",
                "",
                "QRM_DATABASE_URL begins neither with jdbc:derby: nor with jdbc:postgresql:",
                "Set it to one of these, or leave it out to use the embedded database."));
    }

    /**
     * Connections to it.
     *
     * @param logDirectory where an embedded database writes its own log
     * @throws DatabaseRefused when that can never work
     */
    abstract DataSource connect(Path logDirectory);

    /** Whether several servers may use it at the same time. */
    abstract boolean shared();

    /**
     * Looks whether it takes changes.
     *
     * @throws SQLException of state 25006 when it does not
     */
    abstract void checkTakesChanges(Connection connection) throws SQLException;

    /** Keeps other servers from changing the tables' definitions until the transaction ends. */
    abstract void lockDefinitions(Handle handle);

    /** Copies it, as it is at one moment, below an empty directory; work goes on meanwhile. */
    abstract void copyTo(Handle handle, Path directory);

    /** Looks whether each table and its indexes agree. */
    abstract void checkTables(Handle handle);

    /** Ends what {@link #connect} began, once nobody is connected any more. */
    abstract void shutDown();

    /**
     * Tells Derby which index to read a table by: to be put behind the table's name in a select. Left alone it scans small
     * tables, and a scan waits for every row that somebody is changing, whether it fits or not. PostgreSQL takes it for a
     * comment.
     */
    public static String index(String name) {
        return " --DERBY-PROPERTIES index=" + name + "\n";
    }

    /** The same, by the index that a foreign key has. */
    public static String foreignKey(String constraint) {
        return " --DERBY-PROPERTIES constraint=" + constraint + "\n";
    }

    /** Whether the failure is that the database could not be reached, or ended the connection. */
    static boolean isLost(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        // the first: the pool had none in time
        return failure instanceof SQLTransientConnectionException
                || state.startsWith("08")
                || GONE.contains(state)
                || isOnlyRead(failure)
                || isFull(failure);
    }

    /** Whether the failure is that the database takes no changes: there is another one that does, or will be. */
    static boolean isOnlyRead(SQLException failure) {
        return ONLY_READ.equals(failure.getSQLState());
    }

    /** Whether the failure is that the database takes no more connections. */
    static boolean isFull(SQLException failure) {
        return FULL.equals(failure.getSQLState());
    }
}
