package org.qrm.core.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Types;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.derby.jdbc.EmbeddedDataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.Arguments;
import org.jdbi.v3.core.argument.NullArgument;
import org.postgresql.ds.PGSimpleDataSource;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database: short transactions, repeated when the database ends one to break a deadlock. */
public final class Database implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final int ATTEMPTS = 20;
    private static final long BACK_OFF_NANOS = 2_000_000;

    /** How Derby answers a successful request to shut a database down. */
    private static final String DERBY_IS_DOWN = "08006";

    /**
     * Connections that PostgreSQL ends or does not take: {@code admin_shutdown}, {@code crash_shutdown},
     * {@code cannot_connect_now}, {@code idle_session_timeout}, {@code too_many_connections}.
     */
    private static final Set<String> GONE = Set.of("57P01", "57P02", "57P03", "57P05", "53300");

    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final boolean shared;
    private final List<Runnable> eventWatchers = new CopyOnWriteArrayList<>();

    private Database(HikariDataSource pool, boolean shared) {
        this.pool = pool;
        this.jdbi = Jdbi.create(pool);
        // Derby wants to know the type of a null; nulls without one are bound to text columns here
        jdbi.getConfig(Arguments.class).setUntypedNullArgument(new NullArgument(Types.VARCHAR));
        this.shared = shared;
    }

    /**
     * Connects, and brings the tables up to date.
     *
     * @param url {@code jdbc:derby:…} or {@code jdbc:postgresql:…}
     * @param logDirectory where Derby writes its own log
     * @param server version of this program
     * @throws DatabaseRefused when that can never work with this database
     */
    public static Database open(String url, Path logDirectory, String server) {
        boolean postgres = url.startsWith("jdbc:postgresql:");
        HikariConfig config = new HikariConfig();
        config.setDataSource(postgres ? postgres(url) : booted(derby(url, logDirectory)));
        config.setPoolName("qrm");
        config.setMaximumPoolSize(24);
        config.setMinimumIdle(2);
        config.setConnectionTimeout(10_000);
        config.setAutoCommit(true);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        Database database = new Database(connected(config), postgres);
        try {
            new Migrations(database, server).run();
        } catch (RuntimeException failed) {
            database.close();
            throw DatabaseRefused.opening(failed);
        }
        return database;
    }

    private static HikariDataSource connected(HikariConfig config) {
        try {
            return new HikariDataSource(config);
        } catch (RuntimeException failed) {
            throw DatabaseRefused.opening(failed);
        }
    }

    /** Made or recovered here, however long that takes: the pool gives each connection a few seconds. */
    private static EmbeddedDataSource booted(EmbeddedDataSource derby) {
        try {
            derby.getConnection().close();
        } catch (SQLException e) {
            throw DatabaseRefused.embedded(derby.getDatabaseName(), e);
        }
        return derby;
    }

    /** Whether several servers may use it at the same time. */
    public boolean shared() {
        return shared;
    }

    /** Reads; sees what is committed. The query must bear repetition: the database may end it to break a deadlock. */
    public <T> T read(Function<Handle, T> query) {
        return repeatedly(() -> {
            try (Handle handle = jdbi.open()) {
                return query.apply(handle);
            }
        });
    }

    /** Changes all or nothing. What the function does besides using the change must bear repetition. */
    public <T> T change(Function<Change, T> work) {
        Committed<T> committed = repeatedly(() -> {
            Change change = new Change(() -> eventWatchers.forEach(Runnable::run));
            try (Handle handle = jdbi.open()) {
                return new Committed<>(change, handle.inTransaction(h -> {
                    change.begin(h);
                    return work.apply(change);
                }));
            }
        });
        // what is committed is never repeated, whatever becomes of what follows
        committed.change.committed();
        return committed.result;
    }

    private record Committed<T>(Change change, T result) {}

    private static <T> T repeatedly(Supplier<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return work.get();
            } catch (RuntimeException failed) {
                if (attempt == ATTEMPTS || !isTransient(failed)) {
                    throw failed;
                }
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(attempt * BACK_OFF_NANOS));
            }
        }
    }

    /** Hears that there are new events of this server, after they are durable; must return at once, and not throw. */
    public void watchEvents(Runnable watcher) {
        eventWatchers.add(watcher);
    }

    /** Ends all use; the embedded database is shut down, so that it can be opened again. */
    @Override
    public void close() {
        pool.close();
        if (pool.getDataSource() instanceof EmbeddedDataSource derby) {
            shutDown(derby);
        }
    }

    private static void shutDown(EmbeddedDataSource derby) {
        derby.setCreateDatabase(null);
        derby.setShutdownDatabase("shutdown");
        try {
            derby.getConnection().close();
        } catch (SQLException said) {
            if (!DERBY_IS_DOWN.equals(said.getSQLState())) {
                LOG.warn("The embedded database did not shut down cleanly; it recovers at the next start", said);
            }
        }
    }

    /** Copies the embedded database, as it is at one moment, below an empty directory; work goes on meanwhile. */
    public void copyTo(Path directory) {
        if (shared) {
            throw new IllegalStateException("a database on PostgreSQL is copied by pg_dump");
        }
        try (Handle handle = jdbi.open()) {
            handle.createCall("call syscs_util.syscs_backup_database(?)")
                    .bind(0, directory.toString())
                    .invoke();
        }
    }

    /** Looks whether each table and its indexes agree. */
    public void checkTables() {
        if (!shared) {
            read(handle -> handle.createQuery("select syscs_util.syscs_check_table(s.schemaname, t.tablename)"
                            + " from sys.systables t join sys.sysschemas s on s.schemaid = t.schemaid"
                            + " where t.tabletype = 'T'")
                    .mapTo(Integer.class)
                    .list());
        }
    }

    /** The version of the tables that this program makes. */
    public static int newestTables() {
        return Migrations.scripts().size();
    }

    /** Whether the failure is a row that breaks a unique or foreign key. */
    public static boolean isConstraint(Throwable failure) {
        return stateOf(failure).startsWith("23");
    }

    /**
     * Whether the failure, or what is behind it, is that the database could not be reached or ended the connection: it may
     * be restarted, or have another host. What was being committed then may be durable, or not.
     */
    public static boolean isLost(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && isLost(sql)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLost(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        // the first: the pool had none in time
        return failure instanceof SQLTransientConnectionException || state.startsWith("08") || GONE.contains(state);
    }

    private static boolean isTransient(RuntimeException failure) {
        return failure instanceof StaleException || stateOf(failure).startsWith("40");
    }

    private static String stateOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }

    private static EmbeddedDataSource derby(String url, Path logDirectory) {
        if (!url.startsWith("jdbc:derby:")) {
            throw new QrmException(new Problem(
                    Problem.Kind.INVALID,
                    "open database",
                    "",
                    "QRM_DATABASE_URL begins neither with jdbc:derby: nor with jdbc:postgresql:",
                    "Set it to one of these, or leave it out to use the embedded database."));
        }
        System.setProperty(
                "derby.stream.error.file", logDirectory.resolve("derby.log").toString());
        System.setProperty("derby.locks.deadlockTimeout", "1");
        System.setProperty("derby.locks.waitTimeout", "10");
        System.setProperty("derby.storage.pageCacheSize", "4000");
        System.setProperty("derby.language.statementCacheSize", "500");
        EmbeddedDataSource source = new EmbeddedDataSource();
        String rest = url.substring("jdbc:derby:".length());
        int semicolon = rest.indexOf(';');
        source.setDatabaseName(semicolon < 0 ? rest : rest.substring(0, semicolon));
        source.setCreateDatabase("create");
        return source;
    }

    private static PGSimpleDataSource postgres(String url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(url);
        source.setTcpKeepAlive(true);
        return source;
    }
}
