package org.qrm.core.history;

import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.qrm.api.resource.HistorySample;
import org.qrm.api.resource.HistorySpan;
import org.qrm.core.store.Database;

/**
 * Keeps in the database what this server has heard, now and then, and when it ends. A server that is killed loses what it heard since the last
 * time.
 */
public final class HistoryKeeper implements AutoCloseable {

    /** So often. */
    public static final int MINUTES = 15;

    /** Machines in a transaction. */
    private static final int AT_ONCE = 100;

    private final Database database;
    private final History history;
    private final Clock clock;
    private final Object keeping = new Object();
    /** The last minute of each machine that is in the database. */
    private final Map<Long, Long> kept = new ConcurrentHashMap<>();
    /** What is in the database of machines, and not yet of the site; with {@link #kept}, guarded by this. */
    private final Map<Long, double[]> owed = new HashMap<>();

    public HistoryKeeper(Database database, History history, Clock clock) {
        this.database = database;
        this.history = history;
        this.clock = clock;
    }

    /** Keeps all whole minutes that were heard since it was called last. */
    public void keep() {
        synchronized (keeping) {
            long until = now() - 1;
            List<Long> machines = history.machines();
            kept.keySet().retainAll(new HashSet<>(machines));
            for (int from = 0; from < machines.size(); from += AT_ONCE) {
                keep(machines.subList(from, Math.min(machines.size(), from + AT_ONCE)), until);
            }
            keepSite();
        }
    }

    private synchronized void keepSite() {
        if (!owed.isEmpty()) {
            database.change(change -> {
                HistoryRows.SITE.add(change, Map.of(HistoryRows.ALL, History.minutes(owed)));
                return null;
            });
            owed.clear();
        }
    }

    private void keep(List<Long> machines, long until) {
        Map<Long, List<Minute>> heard = new HashMap<>();
        for (long machine : machines) {
            List<Minute> minutes = history.minutes(machine, lastKept(machine), until);
            if (!minutes.isEmpty()) {
                heard.put(machine, minutes);
            }
        }
        if (heard.isEmpty()) {
            return;
        }
        database.change(change -> {
            Set<Long> there = new HashSet<>(change.handle()
                    .createQuery("select id from resource where id in (<ids>)")
                    .bindList("ids", List.copyOf(heard.keySet()))
                    .mapTo(Long.class)
                    .list());
            Map<Long, List<Minute>> ofThese = new HashMap<>(heard);
            ofThese.keySet().retainAll(there);
            if (!ofThese.isEmpty()) {
                HistoryRows.MACHINES.add(change, ofThese);
            }
            return null;
        });
        synchronized (this) {
            heard.forEach((machine, minutes) -> {
                kept.put(machine, until);
                History.sumUp(owed, minutes);
            });
        }
    }

    private long lastKept(long machine) {
        return kept.getOrDefault(machine, 0L);
    }

    /** How a machine did, oldest first; steps without a report are left out. */
    public List<HistorySample> of(long machine, HistorySpan span) {
        long now = now();
        // before the ring is read: what is kept in between is in both then, and means the same
        List<Minute> since = history.minutes(machine, lastKept(machine), now);
        Ring ring = database.read(handle -> HistoryRows.MACHINES.find(handle, machine));
        ring.add(since);
        return ring.of(span, now);
    }

    /** The same of all machines together. */
    public synchronized List<HistorySample> ofAll(HistorySpan span) {
        long now = now();
        Ring ring = database.read(handle -> HistoryRows.SITE.find(handle, HistoryRows.ALL));
        Map<Long, double[]> since = new HashMap<>(owed);
        history.machines().forEach(machine -> History.sumUp(since, history.minutes(machine, lastKept(machine), now)));
        ring.add(History.minutes(since));
        return ring.of(span, now);
    }

    private long now() {
        return clock.millis() / Minute.MILLIS;
    }

    @Override
    public void close() {
        keep();
    }
}
