package org.qrm.core.resource;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.qrm.api.resource.Device;
import org.qrm.api.resource.DeviceKind;
import org.qrm.api.resource.Resource;
import org.qrm.core.store.Change;
import org.qrm.core.store.Column;
import org.qrm.core.store.Text;

/** The table of what machines found in themselves. */
public final class DeviceRows {

    /** Resources with a device that has a text in what it is known by. */
    public static final Column<Resource> HAVING = Column.<Resource>contains("d.kind", "d.model", "d.serial")
            .within("exists (select 1 from device d where d.resource_id = resource.id and ", ")");

    private static final int MOST = 64;
    /** So many machines are named in a query. */
    private static final int NAMED = 2000;

    private static final RowMapper<Device> ROW = (row, context) -> new Device(
            DeviceKind.valueOf(row.getString("kind")),
            row.getString("name"),
            row.getLong("size_mb"),
            row.getString("serial"),
            row.getString("model"),
            row.getString("details"));

    private DeviceRows() {}

    /** At least of these machines those that have a device with that text in its kind, model or serial number. */
    public static Set<Long> having(Handle handle, String text, Collection<Long> machines) {
        if (machines.isEmpty()) {
            return Set.of();
        }
        Column.Rows rows = HAVING.rows().apply(text);
        boolean named = machines.size() <= NAMED;
        Query query = handle.createQuery(
                        "select id from resource where " + (named ? "id in (<machines>) and " : "") + rows.condition())
                .bind("value", rows.bound());
        return (named ? query.bindList("machines", List.copyOf(machines)) : query)
                .mapTo(Long.class)
                .set();
    }

    /** In the machine's order. */
    public static List<Device> of(Handle handle, long resource) {
        return handle.createQuery("select * from device where resource_id = :resource order by place")
                .bind("resource", resource)
                .map(ROW)
                .list();
    }

    /** As it is stored. */
    public static Device cut(Device device) {
        return new Device(
                device.kind(),
                Text.cut(device.name(), MOST),
                device.sizeMb(),
                Text.cut(device.serial(), MOST),
                Text.cut(device.model(), MOST),
                Text.cut(device.details(), MOST));
    }

    /** @param devices each as {@link #cut} */
    public static void replace(Change change, long resource, List<Device> devices) {
        change.handle().execute("delete from device where resource_id = ?", resource);
        if (devices.isEmpty()) {
            return;
        }
        PreparedBatch batch = change.handle()
                .prepareBatch("insert into device (resource_id, place, kind, name, size_mb, serial, model, details)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?)");
        for (int place = 0; place < devices.size(); place++) {
            Device device = devices.get(place);
            batch.add(
                    resource,
                    place,
                    device.kind().name(),
                    device.name(),
                    device.sizeMb(),
                    device.serial(),
                    device.model(),
                    device.details());
        }
        batch.execute();
    }
}
