package org.qrm.core.history;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.qrm.core.history.Ring.Together;
import org.qrm.core.store.Change;
import org.qrm.core.store.StaleException;

/** The tables {@code resource_history} and {@code site_history}. */
enum HistoryRows {
    MACHINES(
            Together.MEAN,
            "select resource_id, latest, steps, version from resource_history where resource_id in (<ids>)",
            "insert into resource_history (latest, steps, version, resource_id) values (?, ?, 1, ?)",
            "update resource_history set latest = ?, steps = ?, version = version + 1 where resource_id = ? and version = ?"),
    SITE(
            Together.SUM,
            "select id, latest, steps, version from site_history where id in (<ids>)",
            "insert into site_history (latest, steps, version, id) values (?, ?, 1, ?)",
            "update site_history set latest = ?, steps = ?, version = version + 1 where id = ? and version = ?");

    /** Of the one row of the site. */
    static final long ALL = 1;

    private final Together together;
    private final String select;
    private final String insert;
    private final String update;

    HistoryRows(Together together, String select, String insert, String update) {
        this.together = together;
        this.select = select;
        this.insert = insert;
        this.update = update;
    }

    private record Row(Ring ring, long version) {}

    Ring find(Handle handle, long id) {
        return Optional.ofNullable(rows(handle, List.of(id)).get(id))
                .map(Row::ring)
                .orElseGet(() -> new Ring(together));
    }

    /** @param minutes by machine; machines that are not there any more are left out */
    void add(Change change, Map<Long, List<Minute>> minutes) {
        Handle handle = change.handle();
        Map<Long, Row> before = rows(handle, List.copyOf(minutes.keySet()));
        PreparedBatch added = handle.prepareBatch(insert);
        PreparedBatch changed = handle.prepareBatch(update);
        minutes.forEach((id, heard) -> {
            Row row = before.get(id);
            Ring ring = row == null ? new Ring(together) : row.ring();
            ring.add(heard);
            if (row == null) {
                added.add(ring.latest(), ring.text(), id);
            } else {
                changed.add(ring.latest(), ring.text(), id, row.version());
            }
        });
        if (added.size() > 0) {
            added.execute();
        }
        if (changed.size() > 0) {
            for (int count : changed.execute()) {
                StaleException.unless(count == 1);
            }
        }
    }

    private Map<Long, Row> rows(Handle handle, List<Long> ids) {
        Map<Long, Row> rows = new HashMap<>();
        handle.createQuery(select)
                .bindList("ids", ids)
                .map((row, context) -> rows.put(
                        row.getLong(1),
                        new Row(
                                Ring.of(together, row.getLong("latest"), row.getString("steps")),
                                row.getLong("version"))))
                .list();
        return rows;
    }
}
