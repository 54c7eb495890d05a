package org.qrm.core.environment;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.qrm.api.event.Priority;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;
import org.qrm.core.store.EventRows;
import org.qrm.core.store.Text;

/**
 * Boots that fencing ended. One that reports all the same has its power: who said that it has none was wrong, or switches another
 * machine. It may write what its successor writes.
 */
public final class FencedBoots {

    private static final String REPORTS = "resource.fenced-reports";
    private static final Duration TOLD_AGAIN = Duration.ofHours(1);

    private final Database database;
    private final ResourceRows rows;
    private final Clock clock;

    public FencedBoots(Database database, ResourceRows rows, Clock clock) {
        this.database = database;
        this.rows = rows;
        this.clock = clock;
    }

    /**
     * What fencing ended.
     *
     * @param tokenHash digest of the token by which it reported
     * @param told when its reports were told, in milliseconds; 0 when there were none
     */
    private record Ended(String bootId, String tokenHash, String image, String reason, long told) {}

    /**
     * Its boot is about to be ended in this transaction.
     *
     * @param image that it may write, or empty
     * @param reason why it is off
     */
    static void note(Change change, ResourceRow row, String image, String reason) {
        if (row.bootId() == null || row.nodeTokenHash() == null) {
            return;
        }
        long told = find(change.handle(), row.id()).map(Ended::told).orElse(0L);
        delete(change, row.id());
        change.handle()
                .execute(
                        "insert into fenced_boot (resource_id, boot_id, node_token_hash, image, reason, told)"
                                + " values (?, ?, ?, ?, ?, ?)",
                        row.id(),
                        row.bootId(),
                        row.nodeTokenHash(),
                        image,
                        Text.cut(reason, 1000),
                        told);
    }

    private static Optional<Ended> find(Handle handle, long resource) {
        return handle.createQuery("select * from fenced_boot where resource_id = :id")
                .bind("id", resource)
                .map((row, context) -> new Ended(
                        row.getString("boot_id"),
                        row.getString("node_token_hash"),
                        row.getString("image"),
                        row.getString("reason"),
                        row.getLong("told")))
                .findOne();
    }

    private static int delete(Change change, long resource) {
        return change.handle().execute("delete from fenced_boot where resource_id = ?", resource);
    }

    /** It boots anew. */
    public static void over(Change change, long resource) {
        if (delete(change, resource) > 0) {
            EventRows.resolve(change.handle(), REPORTS, ResourceService.lane(resource));
        }
    }

    /** Whether it reported after it was fenced, and has not booted since: whoever says that it is off is not believed. */
    static boolean isDisproved(Handle handle, long resource) {
        return find(handle, resource).filter(ended -> ended.told() > 0).isPresent();
    }

    /** The digest of the token by which a boot reported that fencing ended. */
    public Optional<String> tokenHash(long resource) {
        return database.read(handle -> find(handle, resource)).map(Ended::tokenHash);
    }

    /**
     * It reports. A person is told, once an hour at most. Where nothing was done with the machine since, it is what it was before: lost,
     * bound to nothing, and one that may write its image.
     */
    public void reports(long resource) {
        database.change(change -> {
            rows.lock(change, resource);
            Optional<Ended> ended = find(change.handle(), resource);
            Optional<ResourceRow> row = rows.find(change.handle(), resource);
            if (ended.isPresent() && row.isPresent()) {
                putBack(change, row.get(), ended.get());
                tell(change, row.get(), ended.get());
            }
            return null;
        });
    }

    private void putBack(Change change, ResourceRow row, Ended ended) {
        boolean untouched = row.state() == ResourceState.OFF
                && row.resource().kind() == ResourceKind.NODE
                && row.resource().environmentId() == null
                && row.nodeTokenHash() == null
                && ended.bootId().equals(row.bootId());
        if (!untouched) {
            return;
        }
        rows.resumeBoot(change, row, ended.tokenHash());
        rows.move(
                change,
                rows.find(change.handle(), row.id()).orElseThrow(),
                ResourceState.ERROR,
                "it reports, although it was fenced: " + ended.reason());
        if (!ended.image().isEmpty()) {
            Leftovers.note(change, rows.find(change.handle(), row.id()).orElseThrow(), ended.image());
        }
    }

    private void tell(Change change, ResourceRow row, Ended ended) {
        long now = clock.millis();
        if (now - ended.told() < TOLD_AGAIN.toMillis()) {
            return;
        }
        change.handle().execute("update fenced_boot set told = ? where resource_id = ?", now, row.id());
        EventRows.resolve(change.handle(), REPORTS, ResourceService.lane(row.id()));
        change.event(
                Priority.ALARM,
                REPORTS,
                ResourceService.lane(row.id()),
                row.resource().name() + " was fenced (" + ended.reason() + "), but reports all the same: it has power"
                        + (ended.image().isEmpty()
                                ? ""
                                : ", and may write " + ended.image() + ", which another machine may run by now")
                        + ". It is told to restart; if it is not idle in a few minutes, cut its power at the machine. Then find out why it"
                        + " counted as off: who switches it may switch another machine (its BMC's address), or a person was wrong",
                row.id());
    }
}
