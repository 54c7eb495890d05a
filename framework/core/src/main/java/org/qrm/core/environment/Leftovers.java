package org.qrm.core.environment;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.event.Priority;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.Limits;
import org.qrm.core.operation.Work;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.store.Change;
import org.qrm.core.store.EventRows;
import org.qrm.core.store.Text;

/**
 * Machines that left an environment and were not seen to leave its image: a start that failed, or a stop, gave them up. Until they boot
 * anew or are off they may still write it, so nobody else mounts it before, unless the image's storage is closed to them for certain.
 */
final class Leftovers {

    /** In these they have not been seen to be elsewhere. */
    private static final Set<ResourceState> UNSEEN =
            Set.of(ResourceState.RELEASING, ResourceState.ERROR, ResourceState.MAINTENANCE, ResourceState.NEW);

    /** Bound to an environment, in these its image may be mounted. */
    private static final Set<ResourceState> MOUNTED =
            Set.of(ResourceState.BOOTING, ResourceState.ACTIVE, ResourceState.RELEASING, ResourceState.ERROR);

    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Duration FENCE_AGAIN = Duration.ofSeconds(60);

    private final ResourceRows rows;
    private final Fencing fencing;
    private final Limits limits;

    Leftovers(ResourceRows rows, Fencing fencing, Limits limits) {
        this.rows = rows;
        this.fencing = fencing;
        this.limits = limits;
    }

    /**
     * Why nobody else may mount the image yet.
     *
     * @param alarming whether a person is to see to it; else it is on its way
     * @param look when to look again
     */
    record Doubt(ResourceRow machine, String told, boolean alarming, Duration look) {}

    /** One of them is given up, and its binding ends. */
    static void note(Change change, ResourceRow row, String image) {
        if (UNSEEN.contains(row.state()) && row.bootId() != null && !row.hasNotBooted()) {
            forget(change, row.id());
            change.handle()
                    .execute(
                            "insert into possible_writer (resource_id, image, boot_id) values (?, ?, ?)",
                            row.id(),
                            image,
                            row.bootId());
        }
    }

    static void forget(Change change, long resource) {
        change.handle().execute("delete from possible_writer where resource_id = ?", resource);
    }

    /** Those that may still write the image. */
    private List<ResourceRow> of(Handle handle, String image) {
        return noted(handle, image).stream()
                .filter(id -> unheardOf(handle, id).isPresent())
                .flatMap(id -> rows.find(handle, id).stream())
                .toList();
    }

    /** One that may still write the image, by its name. */
    static Optional<String> mayStillWrite(Handle handle, String image) {
        return noted(handle, image).stream()
                .flatMap(id -> unheardOf(handle, id).stream())
                .findFirst();
    }

    /** The image that this machine may write, or that is closed to it because it might; of those that there are. */
    static Optional<String> mayWrite(Handle handle, ResourceRow row) {
        if (MOUNTED.contains(row.state())
                && !row.hasNotBooted()
                && row.resource().environmentId() != null) {
            return EnvironmentRows.find(handle, row.resource().environmentId())
                    .map(VirtualEnvironment::spec)
                    .filter(spec -> spec.mode() == EnvironmentMode.SINGLE)
                    .map(EnvironmentSpec::filesystemImage);
        }
        return unheardOf(handle, row.id())
                .flatMap(name -> handle.createQuery("select w.image from possible_writer w"
                                + " join filesystem_image i on i.name = w.image where w.resource_id = :id")
                        .bind("id", row.id())
                        .mapTo(String.class)
                        .findOne());
    }

    private static List<Long> noted(Handle handle, String image) {
        return handle.createQuery(
                        "select resource_id from possible_writer where image = :image and closed_address is null"
                                + " order by resource_id")
                .bind("image", image)
                .mapTo(Long.class)
                .list();
    }

    /** This one, if it was noted, also as one that the image is closed to. */
    private Optional<ResourceRow> noted(Handle handle, String image, long resource) {
        return handle.createQuery("select resource_id from possible_writer where resource_id = :id and image = :image")
                .bind("id", resource)
                .bind("image", image)
                .mapTo(Long.class)
                .findOne()
                .filter(id -> unheardOf(handle, id).isPresent())
                .flatMap(id -> rows.find(handle, id));
    }

    /**
     * The name of one that was noted, if nothing was heard of it since. Each is asked for by its number: were all asked for at once, the
     * embedded database would look at each machine for it, and wait for whoever changes one, who may wait for this transaction.
     */
    static Optional<String> unheardOf(Handle handle, long resource) {
        return handle.createQuery(
                        "select resource.name from possible_writer w join resource on resource.id = w.resource_id"
                                + " where w.resource_id = :id and resource.id = :id and resource.boot_id = w.boot_id"
                                + " and resource.state in (<unseen>) and not " + ResourceRow.NOT_BOOTED)
                .bind("id", resource)
                .bindList("unseen", UNSEEN.stream().map(ResourceState::name).toList())
                .mapTo(String.class)
                .findOne();
    }

    /** Makes certain that none of them writes the image; empty when that is so. */
    Optional<Doubt> clear(Work work, String image, StorageAccess access) {
        for (ResourceRow row : work.read(handle -> of(handle, image))) {
            Optional<Doubt> doubt = clear(work, row, image, access);
            if (doubt.isPresent()) {
                return doubt;
            }
        }
        return Optional.empty();
    }

    private Optional<Doubt> clear(Work work, ResourceRow row, String image, StorageAccess access) {
        String name = row.resource().name();
        if (row.state() == ResourceState.RELEASING && isHeardOf(row)) {
            return Optional.of(new Doubt(row, name + " has not left " + image + " yet, and restarts", false, LOOK));
        }
        boolean disproved = work.read(handle -> FencedBoots.isDisproved(handle, row.id()));
        Optional<String> lately = disproved
                ? Optional.of("it was fenced before, and reported all the same")
                : work.read(handle -> triedLately(handle, row.id()));
        Fencing.Verdict verdict = lately.map(told -> new Fencing.Verdict(false, told))
                .orElseGet(() -> fencing.fence(work, row.resource()));
        if (!verdict.fenced() && isClosed(work, row, image, access)) {
            work.log("Fenced by its storage, since " + verdict.told() + ": " + image + " is closed to " + name);
            return Optional.empty();
        }
        if (!verdict.fenced()) {
            if (lately.isEmpty()) {
                work.change(change -> tried(change, row.id(), verdict.told()));
            }
            return Optional.of(
                    new Doubt(row, name + " may still write " + image + ": " + verdict.told(), true, FENCE_AGAIN));
        }
        work.log("Fenced: " + verdict.told());
        work.change(change -> {
            over(change, row, image, "fenced, since it had not left " + image);
            return null;
        });
        return Optional.empty();
    }

    /** It is bound to the image no more: whatever it had opened, the storage takes nothing from it, if that can be said. */
    private static boolean isClosed(Work work, ResourceRow row, String image, StorageAccess access) {
        String why = access.close(work, image, row, change -> ClosedMachines.note(change, row, image));
        if (!why.isEmpty()) {
            work.log(image + " could not be closed to " + row.resource().name() + ": " + why);
        }
        return why.isEmpty();
    }

    /** Steps look again for many reasons; it is not switched off each time. */
    private static Optional<String> triedLately(Handle handle, long resource) {
        return handle.createQuery("select told from possible_writer where resource_id = :id and tried > :before")
                .bind("id", resource)
                .bind("before", System.currentTimeMillis() - FENCE_AGAIN.toMillis())
                .mapTo(String.class)
                .findOne();
    }

    private static int tried(Change change, long resource, String told) {
        return change.handle()
                .execute(
                        "update possible_writer set tried = ?, told = ? where resource_id = ?",
                        System.currentTimeMillis(),
                        Text.cut(told, 1000),
                        resource);
    }

    /**
     * A person says that one of them has no power.
     *
     * @return whether it is one of them, and not heard of
     */
    boolean confirm(Change change, long resource, String image) {
        Optional<ResourceRow> row = noted(change.handle(), image, resource).filter(it -> !isHeardOf(it));
        row.ifPresent(it -> over(change, it, image, "has no power, says a person"));
        return row.isPresent();
    }

    private void over(Change change, ResourceRow seen, String image, String reason) {
        rows.lock(change, seen.id());
        ResourceRow row = noted(change.handle(), image, seen.id()).orElse(null);
        forget(change, seen.id());
        if (row == null) {
            return;
        }
        rows.order(change, row.id(), null);
        FencedBoots.note(change, row, image, reason);
        rows.endBoot(change, rows.find(change.handle(), row.id()).orElseThrow());
        rows.move(change, rows.find(change.handle(), row.id()).orElseThrow(), ResourceState.OFF, reason);
        List.of("resource.silent", "resource.lost")
                .forEach(type -> EventRows.resolve(change.handle(), type, ResourceService.lane(row.id())));
        change.event(
                Priority.WARNING,
                "resource.fenced",
                ResourceService.lane(row.id()),
                row.resource().name() + " is off: " + reason,
                row.id());
    }

    private boolean isHeardOf(ResourceRow row) {
        Instant seen = row.resource().lastSeen();
        return row.state() != ResourceState.ERROR
                && seen != null
                && seen.plus(limits.silence()).isAfter(Instant.now());
    }
}
