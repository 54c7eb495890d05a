package org.qrm.core.partition;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionSize;
import org.qrm.api.partition.PartitionState;
import org.qrm.api.resource.MacAddress;
import org.qrm.core.store.Change;
import org.qrm.core.store.Dialect;
import org.qrm.core.store.Text;

/** The partition table. */
public final class PartitionRows {

    private static final String SELECT =
            "select p.*, r.name, r.mac from host_partition p" + " join resource r on r.id = p.resource_id where ";

    private static final RowMapper<PartitionRow> ROW = (row, context) -> new PartitionRow(
            new Partition(
                    row.getLong("resource_id"),
                    row.getString("name"),
                    new MacAddress(row.getString("mac")),
                    row.getLong("host_id"),
                    row.getString("plugin"),
                    new PartitionSize(row.getInt("cpus"), row.getInt("cpu_mhz"), row.getLong("memory_mb")),
                    row.getString("pinned_cpus"),
                    PartitionState.valueOf(row.getString("state")),
                    row.getString("reason")),
            row.getBoolean("wanted"),
            row.getString("host_boot"));

    private PartitionRows() {}

    static Optional<PartitionRow> find(Handle handle, long id) {
        return handle.createQuery(SELECT + "p.resource_id = :id")
                .bind("id", id)
                .map(ROW)
                .findOne();
    }

    /** Keeps others from changing it until the transaction ends. */
    static void lock(Change change, long id) {
        change.handle().execute("update host_partition set wanted = wanted where resource_id = ?", id);
    }

    /** Whether there are any; looks at no machine, which others may hold who wait for this transaction. */
    static boolean isAnyOf(Handle handle, long host) {
        return handle.createQuery("select count(*) from host_partition" + Dialect.index("host_partition_host")
                                + " where host_id = :host")
                        .bind("host", host)
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    static List<PartitionRow> ofHost(Handle handle, long host) {
        return handle.createQuery(SELECT + "p.host_id = :host order by p.resource_id")
                .bind("host", host)
                .map(ROW)
                .list();
    }

    /** What a partition was given, whatever its system says of itself; empty for any other machine. */
    public static Optional<PartitionSize> size(Handle handle, long id) {
        return find(handle, id).map(row -> row.partition().size());
    }

    /** The plug-in that looks after a partition; empty for any other machine. */
    public static Optional<String> plugin(Handle handle, long id) {
        return find(handle, id).map(row -> row.partition().plugin());
    }

    /** Whether it is no wonder that it is silent. */
    public static boolean isSilentByIntent(Handle handle, long id) {
        return find(handle, id)
                .filter(row -> row.partition().state() == PartitionState.PAUSED)
                .isPresent();
    }

    /** Whether its host was told to start it. */
    public static boolean isBeingStarted(Handle handle, long id) {
        return find(handle, id)
                .filter(row -> row.partition().state() == PartitionState.CREATING)
                .isPresent();
    }

    /** Whether its host runs it, or was told to. */
    public static boolean runs(Handle handle, long id) {
        return find(handle, id)
                .filter(row -> row.partition().state() == PartitionState.CREATING
                        || row.partition().state() == PartitionState.RUNNING)
                .isPresent();
    }

    /** Since when its host asks what it boots, whenever it starts it; in milliseconds, 0 when it never has. */
    public static long hostAsked(Handle handle, long id) {
        return handle.createQuery("select host_asked from host_partition where resource_id = :id")
                .bind("id", id)
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
    }

    /** Its host asks what it boots, for the first time. */
    public static void hostAsks(Change change, long id, long now) {
        change.handle()
                .execute("update host_partition set host_asked = ? where resource_id = ? and host_asked = 0", now, id);
    }

    /** Whether that address was given to a partition once; it is never given again. */
    public static boolean wasGiven(Handle handle, MacAddress mac) {
        return handle.createQuery("select count(*) from partition_mac where mac = :mac")
                        .bind("mac", mac.value())
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    static void give(Change change, MacAddress mac) {
        if (!wasGiven(change.handle(), mac)) {
            change.handle()
                    .execute(
                            "insert into partition_mac (mac, given) values (?, ?)",
                            mac.value(),
                            System.currentTimeMillis());
        }
    }

    static void insert(Change change, long id, long host, String plugin, PartitionSize size, PartitionState state) {
        change.handle()
                .execute(
                        "insert into host_partition (resource_id, host_id, plugin, cpus, cpu_mhz, memory_mb, pinned_cpus,"
                                + " state, reason, wanted) values (?, ?, ?, ?, ?, ?, '', ?, '', true)",
                        id,
                        host,
                        plugin,
                        size.cpus(),
                        size.cpuMhz(),
                        size.memoryMb(),
                        state.name());
    }

    /** Moves it along its life cycle; does nothing if it has gone meanwhile. */
    static void move(Change change, long id, PartitionState to, String reason) {
        find(change.handle(), id).ifPresent(row -> {
            PartitionLifeCycle.TABLE.check(
                    row.partition().name(), row.partition().state(), to);
            change.handle()
                    .execute(
                            "update host_partition set state = ?, reason = ? where resource_id = ?",
                            to.name(),
                            Text.cut(reason, 1000),
                            id);
        });
    }

    static void want(Change change, long id, boolean wanted) {
        change.handle().execute("update host_partition set wanted = ? where resource_id = ?", wanted, id);
    }

    static void startedIn(Change change, long id, String hostBoot) {
        change.handle().execute("update host_partition set host_boot = ? where resource_id = ?", hostBoot, id);
    }

    static void resize(Change change, long id, PartitionSize size, String pinnedCpus) {
        change.handle()
                .execute(
                        "update host_partition set cpus = ?, cpu_mhz = ?, memory_mb = ?, pinned_cpus = ? where"
                                + " resource_id = ?",
                        size.cpus(),
                        size.cpuMhz(),
                        size.memoryMb(),
                        pinnedCpus,
                        id);
    }

    static void delete(Change change, long id) {
        change.handle().execute("delete from host_partition where resource_id = ?", id);
    }
}
