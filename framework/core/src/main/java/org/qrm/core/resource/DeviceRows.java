package org.qrm.core.resource;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.qrm.api.resource.Device;
import org.qrm.api.resource.DeviceKind;
import org.qrm.core.store.Change;
import org.qrm.core.store.Text;

/** The table of what machines found in themselves. */
public final class DeviceRows {

    private static final int MOST = 64;

    private static final RowMapper<Device> ROW = (row, context) -> new Device(
            DeviceKind.valueOf(row.getString("kind")),
            row.getString("name"),
            row.getLong("size_mb"),
            row.getString("serial"),
            row.getString("model"),
            row.getString("details"));

    private DeviceRows() {}

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
