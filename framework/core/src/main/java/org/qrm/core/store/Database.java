package org.qrm.core.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.Arguments;
import org.jdbi.v3.core.argument.NullArgument;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.qrm.api.metric.Metrics;

/** The database: short transactions, repeated when the database ends one to break a deadlock. */
public final class Database implements AutoCloseable {

    private static final int ATTEMPTS = 20;
    private static final int MOST_CONNECTIONS = 24;
    private static final long BACK_OFF_NANOS = 2_000_000;
    /** For somebody else to give back his connection. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** For the database to take a connection, and to say that it still has one. */
    private static final long CONNECT_MILLIS = 5_000;

    private static final long STILL_THERE_MILLIS = 2_000;

    /** Connections that those use who are not known yet. */
    private static final int OF_STRANGERS = 4;
    /** Each of them holds a thread. */
    private static final int MOST_STRANGERS_WAITING = 64;

    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final Dialect dialect;
    private final List<Runnable> eventWatchers = new CopyOnWriteArrayList<>();
    private final Reach reach;
    private final Share strangers = new Share(OF_STRANGERS, MOST_STRANGERS_WAITING, PATIENCE);
    /** Whether it was found so since it was found to take changes. */
    private volatile boolean onlyRead;

    private volatile DatabaseFigures figures = DatabaseFigures.none();

    private Database(HikariDataSource pool, Dialect dialect) {
        this.reach = new Reach(MOST_CONNECTIONS, PATIENCE, this::fromPool, this::connectBesides);
        this.pool = pool;
        this.jdbi = Jdbi.create(pool);
        // Derby wants to know the type of a null; nulls without one are bound to text columns here
        jdbi.getConfig(Arguments.class).setUntypedNullArgument(new NullArgument(Types.VARCHAR));
        this.dialect = dialect;
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
        Dialect dialect = Dialect.of(url);
        HikariConfig config = new HikariConfig();
        config.setDataSource(dialect.connect(logDirectory));
        config.setPoolName("qrm");
        config.setMaximumPoolSize(MOST_CONNECTIONS);
        config.setMinimumIdle(2);
        config.setConnectionTimeout(CONNECT_MILLIS);
        config.setValidationTimeout(STILL_THERE_MILLIS);
        config.setAutoCommit(true);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        Database database = new Database(connected(config), dialect);
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

    /** Has what it does measured from now on. */
    public void measure(Metrics metrics) {
        figures = DatabaseFigures.in(metrics, pool, reach::waiting);
    }

    /** Whether several servers may use it at the same time. */
    public boolean shared() {
        return dialect.shared();
    }

    /** Keeps other servers from changing the tables' definitions until the transaction ends. */
    void lockDefinitions(Handle handle) {
        dialect.lockDefinitions(handle);
    }

    /**
     * Reads; sees what is committed. The query must bear repetition: the database may end it to break a deadlock.
     *
     * @throws org.qrm.api.RetryLater when the database cannot be reached, or others use all connections to it
     */
    public <T> T read(Function<Handle, T> query) {
        return figures.read(() -> repeatedly(figures::readAgain, () -> {
            try (Reach.Connected connected = open()) {
                return query.apply(connected.handle());
            }
        }));
    }

    /**
     * Does what it does for somebody who is not known yet: few of them use the database at a time, so that however many there are leave
     * connections and threads to others.
     *
     * @throws org.qrm.api.RetryLater also when too many do
     */
    public <T> T forStranger(Supplier<T> work) {
        return strangers.use(work);
    }

    /**
     * Reads what stands there at this moment, committed or not, and waits for nobody who writes: for figures, which nothing is decided
     * by. On the embedded database a look at a whole table would else wait for each row that comes in before it, and so for ever.
     *
     * @throws org.qrm.api.RetryLater as {@link #read}
     */
    public <T> T glance(Function<Handle, T> query) {
        return read(handle -> handle.inTransaction(TransactionIsolationLevel.READ_UNCOMMITTED, query::apply));
    }

    /**
     * Changes all or nothing. What the function does besides using the change must bear repetition.
     *
     * @throws org.qrm.api.RetryLater as {@link #read}, and when it was lost in the middle: then it may be changed, or not
     */
    public <T> T change(Function<Change, T> work) {
        Committed<T> committed = figures.change(() -> repeatedly(figures::changeAgain, () -> {
            Change change = new Change(() -> eventWatchers.forEach(Runnable::run));
            try (Reach.Connected connected = open()) {
                return new Committed<>(change, connected.handle().inTransaction(h -> {
                    change.begin(h);
                    return work.apply(change);
                }));
            }
        }));
        // what is committed is never repeated, whatever becomes of what follows
        committed.change.committed();
        return committed.result;
    }

    private record Committed<T>(Change change, T result) {}

    private Reach.Connected open() {
        long start = System.nanoTime();
        try {
            return reach.open();
        } finally {
            figures.waited(start);
        }
    }

    private Handle fromPool() {
        return jdbi.open();
    }

    private void connectBesides() {
        try (Connection connection = pool.getDataSource().getConnection()) {
            dialect.checkTakesChanges(connection);
        } catch (SQLException failed) {
            if (Dialect.isOnlyRead(failed)) {
                onlyRead = true;
            }
            throw new IllegalStateException("the database does not answer: " + failed.getMessage(), failed);
        }
        if (onlyRead) {
            // the pool's are to a standby, or stay as they were made
            onlyRead = false;
            pool.getHikariPoolMXBean().softEvictConnections();
        }
    }

    private <T> T repeatedly(Runnable again, Supplier<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return work.get();
            } catch (RuntimeException failed) {
                if (failed instanceof LostException) {
                    throw failed;
                }
                if (isLost(failed)) {
                    if (isOnlyRead(failed)) {
                        onlyRead = true;
                    }
                    reach.doubt();
                    throw LostException.ended(failed);
                }
                if (attempt == ATTEMPTS || !isTransient(failed)) {
                    throw failed;
                }
                again.run();
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
        reach.close();
        pool.close();
        dialect.shutDown();
    }

    /** Copies the embedded database, as it is at one moment, below an empty directory; work goes on meanwhile. */
    public void copyTo(Path directory) {
        try (Reach.Connected connected = open()) {
            dialect.copyTo(connected.handle(), directory);
        }
    }

    /** Looks whether each table and its indexes agree. */
    public void checkTables() {
        read(handle -> {
            dialect.checkTables(handle);
            return null;
        });
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
    static boolean isLost(Throwable failure) {
        return isBehind(failure, Dialect::isLost);
    }

    /** Whether the failure is that the database takes no more connections, of anybody. */
    static boolean isFull(Throwable failure) {
        return isBehind(failure, Dialect::isFull);
    }

    /** Whether the failure is that the database takes no changes; nothing was changed then. */
    static boolean isOnlyRead(Throwable failure) {
        return isBehind(failure, Dialect::isOnlyRead);
    }

    private static boolean isBehind(Throwable failure, Predicate<SQLException> kind) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && kind.test(sql)) {
                return true;
            }
        }
        return false;
    }

    /** Whether what {@link #read} or {@link #change} threw is that the database answers, and has more to do than it can. */
    public static boolean isBusy(Throwable failure) {
        return failure instanceof LostException lost && lost.isBusy();
    }

    /**
     * Whether what {@link #read} or {@link #change} threw is that, or what was made of it on its way; not when it is of another database, as
     * a plug-in may have.
     */
    public static boolean wasLost(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof LostException) {
                return true;
            }
        }
        return false;
    }

    /** Throws on what is that: no answer of whoever was asked, and nothing to be noted or passed over. */
    public static void throwIfLost(RuntimeException failure) {
        if (wasLost(failure)) {
            throw failure;
        }
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
}
