package org.qrm.core.store;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.qrm.api.metric.Counter;
import org.qrm.api.metric.Family;
import org.qrm.api.metric.Metrics;
import org.qrm.api.metric.Timing;

/** What the database is asked, and how it answers. */
final class DatabaseFigures {

    private final Uses reads;
    private final Uses changes;
    private final Timing wait;

    private record Uses(Timing done, Timing failed, Counter repeated) {

        static Uses of(String kind, Family<Timing> took, Family<Counter> repeated) {
            return new Uses(took.with(kind, "done"), took.with(kind, "failed"), repeated.with(kind));
        }
    }

    private DatabaseFigures(Metrics metrics) {
        Family<Timing> took = metrics.latency(
                "qrm_database_transaction_duration_seconds",
                "Transactions, with their repetitions and the wait for a connection.",
                "kind",
                "outcome");
        Family<Counter> repeated = metrics.counter(
                "qrm_database_repetitions_total",
                "Transactions that were begun again, after a deadlock or because a row had changed meanwhile.",
                "kind");
        reads = Uses.of("read", took, repeated);
        changes = Uses.of("change", took, repeated);
        wait = metrics.latency("qrm_database_connection_wait_seconds", "Waits for a connection of the pool.")
                .with();
    }

    static DatabaseFigures none() {
        return new DatabaseFigures(Metrics.NONE);
    }

    /** @param waiting how many wait until somebody gives his connection back */
    static DatabaseFigures in(Metrics metrics, HikariDataSource pool, IntSupplier waiting) {
        metrics.gauges(
                "qrm_database_connections",
                "Connections of the pool by what they do, and threads that wait for one.",
                "state",
                () -> states(pool.getHikariPoolMXBean(), waiting.getAsInt()));
        return new DatabaseFigures(metrics);
    }

    private static Map<String, Integer> states(HikariPoolMXBean pool, int waiting) {
        return Map.of(
                "active", pool.getActiveConnections(),
                "idle", pool.getIdleConnections(),
                "waited-for", waiting + pool.getThreadsAwaitingConnection());
    }

    <T> T read(Supplier<T> work) {
        return timed(reads, work);
    }

    <T> T change(Supplier<T> work) {
        return timed(changes, work);
    }

    private static <T> T timed(Uses uses, Supplier<T> work) {
        long start = System.nanoTime();
        Timing end = uses.failed;
        try {
            T result = work.get();
            end = uses.done;
            return result;
        } finally {
            end.since(start);
        }
    }

    void readAgain() {
        reads.repeated.increment();
    }

    void changeAgain() {
        changes.repeated.increment();
    }

    /** The wait for a connection that began then is over. */
    void waited(long start) {
        wait.since(start);
    }
}
