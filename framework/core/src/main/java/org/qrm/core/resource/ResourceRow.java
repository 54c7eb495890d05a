package org.qrm.core.resource;

import com.fasterxml.jackson.core.type.TypeReference;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.mapper.RowMapper;
import org.qrm.api.Remark;
import org.qrm.api.power.PowerReading;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.NetworkCard;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.store.Json;
import org.qrm.core.store.Remarks;
import org.qrm.core.store.Tags;

/**
 * A row of the resource table: what everybody sees, and what concerns the machine's present boot alone.
 *
 * @param admitted whether it may join the pool
 * @param pinned what it was when it was admitted, or null
 * @param localBoot whether it boots from its own disk
 * @param instruction an order that it has not obeyed yet, or null
 * @param bootImage the boot image it registered from, or null
 * @param bootId its kernel's random id of this boot, or null
 * @param nodeTokenHash SHA-256 of its node token in hexadecimal, or null
 * @param sshHostKey public host key of its qrm-execd, or null
 * @param execdPort port of its qrm-execd, or 0
 */
public record ResourceRow(
        Resource resource,
        boolean admitted,
        Identity pinned,
        boolean localBoot,
        Order instruction,
        String bootImage,
        String bootId,
        String nodeTokenHash,
        String sshHostKey,
        int execdPort) {

    /** Orders that an administrator gives a machine. */
    public enum Order {
        REBOOT,
        POWER_OFF,
        LOCAL_BOOT
    }

    /** Why it is off when a plug-in says that it has no power; what is heard of again is not off for that reason. */
    public static final String TOLD_OFF = "has no power, says who switches it";

    /** As a condition on the table. */
    public static final String NOT_BOOTED = "(resource.kind = 'NODE' and resource.node_token_hash is null)";

    static final RowMapper<Resource> RESOURCE = (row, context) -> resource(row);

    /** With its note in a column of that name. */
    static final RowMapper<Resource> WHOLE = Remarks.whole(RESOURCE, Resource::remark, Resource::remarked);

    static final RowMapper<ResourceRow> ROW = (row, context) -> new ResourceRow(
            resource(row),
            row.getBoolean("admitted"),
            pinned(row),
            row.getBoolean("local_boot"),
            row.getString("instruction") == null ? null : Order.valueOf(row.getString("instruction")),
            row.getString("boot_image"),
            row.getString("boot_id"),
            row.getString("node_token_hash"),
            row.getString("ssh_host_key"),
            row.getInt("execd_port"));

    public long id() {
        return resource.id();
    }

    public ResourceState state() {
        return resource.state();
    }

    /**
     * Whether it is a machine that was taken while it was off, and has not registered since: what it booted last is over, and where it
     * was then says nothing. {@link #NOT_BOOTED} asks the same.
     */
    public boolean hasNotBooted() {
        return resource.kind() == ResourceKind.NODE && nodeTokenHash == null;
    }

    private static Resource resource(ResultSet row) throws SQLException {
        return new Resource(
                row.getLong("id"),
                new MacAddress(row.getString("mac")),
                row.getString("name"),
                ResourceKind.valueOf(row.getString("kind")),
                nullable(row, "host_id"),
                row.getString("partition_of"),
                ResourceState.valueOf(row.getString("state")),
                row.getString("reason"),
                new Hardware(
                        row.getInt("cpus"),
                        row.getInt("cpu_mhz"),
                        row.getLong("memory_mb"),
                        Json.read(row.getString("nics"), new TypeReference<List<Card>>() {}).stream()
                                .map(Card::toNetworkCard)
                                .toList(),
                        row.getInt("disk_gb"),
                        row.getInt("gpus"),
                        Json.read(row.getString("details"), new TypeReference<Map<String, String>>() {})),
                row.getString("address"),
                row.getString("environment"),
                row.getDouble("load_average"),
                Tags.read(row.getString("tags")),
                time(row, "last_seen"),
                new PowerReading(
                        PowerState.valueOf(row.getString("power")),
                        time(row, "power_since"),
                        row.getString("power_problem")),
                Remark.of(row.getString("owner")),
                row.getLong("version"));
    }

    /** Machines of before this was noted are what they were last. */
    private static Identity pinned(ResultSet row) throws SQLException {
        String pinned = row.getString("pinned");
        if (pinned != null) {
            return Json.read(pinned, new TypeReference<Identity>() {});
        }
        boolean known = row.getBoolean("admitted") && row.getString("node_token_hash") != null;
        return known ? Identity.of(resource(row).hardware(), row.getString("boot_image")) : null;
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        Long millis = nullable(row, column);
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }

    private static Long nullable(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    /** A network card as it is stored. */
    record Card(String mac, String name, String driver, int speed) {

        static Card of(NetworkCard card) {
            return new Card(card.mac().value(), card.name(), card.driver(), card.speedMbit());
        }

        NetworkCard toNetworkCard() {
            return new NetworkCard(new MacAddress(mac), name, driver, speed);
        }
    }
}
