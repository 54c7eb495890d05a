package org.qrm.core.environment;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.Healing;
import org.qrm.api.environment.HealingStorm;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.event.Priority;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.api.operation.Operations;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.Limits;
import org.qrm.core.environment.HealKind.Lost;
import org.qrm.core.environment.HealingRow.Stage;
import org.qrm.core.environment.HealingRows.StormRow;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;
import org.qrm.core.store.EventRows;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins to heal environments whose machines are lost: when the watch has looked, or when a person says so. */
public final class Healer {

    static final String STORM = "healing.storm";

    private static final Logger LOG = LoggerFactory.getLogger(Healer.class);

    /** Attempts count until it was well for so long. */
    private static final Duration STEADY = Duration.ofHours(1);
    /** Machines that were lost longer ago are no part of what happens now. */
    private static final Duration WINDOW = Duration.ofMinutes(10);

    /** Of a report each 10 s one is missed, and the next is late. */
    private static final Duration OVERDUE = Duration.ofSeconds(20);

    private static final int MOST_BEGUN = 100;
    private static final String HEAL = "heal virtual environment";
    private static final String SERVER = "server";

    private final Database database;
    private final OperationEngine engine;
    private final Operations operations;
    private final ResourceRows rows;
    private final Leftovers leftovers;
    private final Limits limits;
    private final Clock clock;

    Healer(
            Database database,
            OperationEngine engine,
            Operations operations,
            ResourceRows rows,
            Leftovers leftovers,
            Limits limits,
            Clock clock) {
        this.database = database;
        this.engine = engine;
        this.operations = operations;
        this.rows = rows;
        this.leftovers = leftovers;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * Looks once.
     *
     * @param hearsSince since when the server has been there to hear machines, in milliseconds
     */
    public void look(long hearsSince) {
        long now = clock.millis();
        database.read(handle -> HealingRows.toFollow(handle, now - STEADY.toMillis()))
                .forEach(row -> guarded(row.environment(), () -> follow(row)));
        long heard = now - limits.silence().toMillis() - hearsSince;
        if (heard <= 0) {
            return; // nobody could be heard while the server was away
        }
        List<Lost> lost = database.read(handle -> lost(handle, now, heard));
        StormRow storm = database.read(HealingRows::storm);
        // as soon as machines are lost, and not when their silence was borne: by then it is long ago
        if (storm.is() || database.read(HealingRows::isAnyToCome)) {
            settle(storm, now);
        }
        lost.forEach(each -> guarded(each.environment(), () -> begin(each)));
    }

    /** What goes wrong with one keeps none of the others waiting. */
    private static void guarded(String environment, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException failed) {
            LOG.warn("Could not see to the healing of {}; trying again", environment, failed);
        }
    }

    private List<Lost> lost(Handle handle, long now, long heard) {
        return handle.createQuery("select a.environment, a.resource_id from environment e"
                        + " join assignment a on a.environment = e.name join resource r on r.id = a.resource_id"
                        + " where e.heal = 'RESTART' and e.state = 'ERROR' and a.releasing = false"
                        + " and r.state = 'ERROR' and r.last_seen + e.heal_after * 1000 < :before"
                        + " and e.heal_after <= :heard"
                        + " and not exists (select 1 from operation_lane l"
                        + "  where l.lane = 'virtual-environment/' || e.name)"
                        + " and not exists (select 1 from healing h where h.environment = a.environment"
                        + "  and h.resource_id = a.resource_id and h.stage <> 'HEALED')"
                        + " order by r.last_seen, r.id fetch first " + MOST_BEGUN + " rows only")
                .bind("before", now - limits.silence().toMillis())
                .bind("heard", (int) Math.min(heard / 1000, Integer.MAX_VALUE))
                .map((row, context) -> new Lost(row.getString("environment"), row.getLong("resource_id")))
                .list();
    }

    private void settle(StormRow before, long now) {
        Storm.Count count = count(now, before.goOn());
        boolean storm = Storm.now(before.is(), count);
        if (storm != before.is()) {
            database.change(change -> {
                // another server may have seen it, too
                if (HealingRows.lockStorm(change).equals(before)) {
                    HealingRows.setStorm(change, new StormRow(storm ? now : null, before.goOn()));
                    tell(change, storm, count);
                }
                return null;
            });
        }
    }

    private Storm.Count count(long now, long goOn) {
        return Storm.Count.of(database.read(handle -> bound(handle, now, goOn)));
    }

    /** How it stands now. */
    HealingStorm storm() {
        StormRow row = database.read(HealingRows::storm);
        Storm.Count count = count(clock.millis(), row.goOn());
        return new HealingStorm(row.is() ? Instant.ofEpochMilli(row.since()) : null, count.machines(), count.lost());
    }

    /** A person says that healing is to go on all the same. */
    HealingStorm goOnInStorm() {
        long now = clock.millis();
        Storm.Count count = count(now, 0);
        database.change(change -> {
            if (!HealingRows.lockStorm(change).is()) {
                throw QrmException.conflict(
                        "go on in storm", "", "there is no storm", "Nothing waits for one to be over.");
            }
            HealingRows.setStorm(change, new StormRow(null, now));
            EventRows.resolve(change.handle(), STORM, SERVER);
            change.event(
                    Priority.WARNING,
                    "healing.storm-overruled",
                    SERVER,
                    "A person has healing go on although " + count.lost() + " of " + count.machines()
                            + " machines of virtual environments are lost",
                    null);
            return null;
        });
        return storm();
    }

    private static void tell(Change change, boolean storm, Storm.Count count) {
        String figures = count.lost() + " of " + count.machines() + " machines of virtual environments are lost";
        if (storm) {
            change.event(
                    Priority.ERROR,
                    STORM,
                    SERVER,
                    figures
                            + " at once: nothing is healed until it is a quarter or less. Look at the network, the power and this"
                            + " server first; qrm storm go-on has healing go on all the same, qrm ve heal that of one environment",
                    null);
        } else {
            EventRows.resolve(change.handle(), STORM, SERVER);
            change.event(Priority.INFO, "healing.storm-over", SERVER, figures + ": healing goes on", null);
        }
    }

    /** Those that should report. One that is about to count as lost counts: all of a rack are not found silent in the same second. */
    private List<Storm.Bound> bound(Handle handle, long now, long goOn) {
        long silence = limits.silence().toMillis();
        long before = now - Math.min(silence, Math.max(silence / 2, OVERDUE.toMillis()));
        long lately = Math.max(now - silence - WINDOW.toMillis(), goOn);
        return handle.createQuery("select r.id, r.host_id, r.state, r.last_seen from assignment a"
                        + " join resource r on r.id = a.resource_id"
                        + " where a.releasing = false and r.state in ('ACTIVE', 'ERROR') order by r.id")
                .map((row, context) -> {
                    long seen = row.getLong("last_seen");
                    long host = row.getLong("host_id");
                    Long on = row.wasNull() ? null : host;
                    boolean lost = seen < before;
                    return new Storm.Bound(row.getLong("id"), on, lost, seen > lately);
                })
                .list();
    }

    /** A start that was begun may have ended; what is over is forgotten. */
    private void follow(HealingRow seen) {
        if (seen.stage() == Stage.STARTING) {
            started(seen);
        } else {
            change(seen, HealingRows::delete);
        }
    }

    private void started(HealingRow seen) {
        OperationState state =
                operations.find(seen.operation()).map(Operation::state).orElse(OperationState.DONE);
        if (!state.ended()) {
            return;
        }
        change(seen, (change, row) -> {
            if (state == OperationState.DONE) {
                HealingRows.move(change, row, Stage.HEALED);
            } else if (state == OperationState.CANCELLED && !isStopped(change, row)) {
                HealKind.givenUp(change, row, "its start was cancelled");
            } else {
                again(change, row);
            }
        });
    }

    private void again(Change change, HealingRow row) {
        Optional<VirtualEnvironment> environment = EnvironmentRows.find(change.handle(), row.environment());
        int most = environment.map(it -> it.spec().healing().attempts()).orElse(0);
        if (environment.isEmpty() || isStopped(change, row)) {
            HealingRows.delete(change, row);
        } else if (row.attempts() >= most) {
            HealKind.givenUp(change, row, row.attempts() + " starts on other machines failed");
        } else {
            HealingRows.move(change, row, Stage.RELEASED);
            submit(change, row);
        }
    }

    private static boolean isStopped(Change change, HealingRow row) {
        return EnvironmentRows.find(change.handle(), row.environment())
                .filter(it -> it.state() == EnvironmentState.INACTIVE)
                .isPresent();
    }

    /** Does something with a row that is still as it was seen. */
    private void change(HealingRow seen, BiConsumer<Change, HealingRow> then) {
        database.change(change -> {
            HealingRows.find(change.handle(), seen.environment(), seen.resource())
                    .filter(row -> row.stage() == seen.stage() && row.operation() == seen.operation())
                    .ifPresent(row -> then.accept(change, row));
            return null;
        });
    }

    private void begin(Lost lost) {
        try {
            database.change(change -> begin(change, lost, false));
        } catch (RuntimeException raced) {
            // another server was quicker
            if (!Database.isConstraint(raced)) {
                throw raced;
            }
        }
    }

    /** Empty when it is not lost any more, or was tried too often. */
    private Optional<Long> begin(Change change, Lost lost, boolean urged) {
        Handle handle = change.handle();
        Optional<VirtualEnvironment> environment = EnvironmentRows.find(handle, lost.environment());
        boolean still = environment
                .filter(it -> it.state() == EnvironmentState.ERROR)
                .filter(it -> rows.find(handle, lost.resource())
                        .map(ResourceRow::resource)
                        .filter(machine -> isLost(machine, it.name()))
                        .isPresent())
                .isPresent();
        Optional<HealingRow> before = HealingRows.find(handle, lost.environment(), lost.resource());
        if (!still || before.filter(row -> row.stage() != Stage.HEALED).isPresent()) {
            return Optional.empty();
        }
        int attempts = urged ? 0 : HealingRows.attemptsOf(handle, lost.environment(), lost.resource());
        before.ifPresent(row -> HealingRows.delete(change, row));
        HealingRows.insert(change, lost.environment(), lost.resource(), attempts, urged);
        HealingRow row =
                HealingRows.find(handle, lost.environment(), lost.resource()).orElseThrow();
        Healing healing = environment.get().spec().healing();
        if (!urged && attempts >= healing.attempts()) {
            HealKind.givenUp(
                    change,
                    row,
                    attempts + " machines were lost with it, one after the other, each within " + STEADY.toMinutes()
                            + " minutes");
            return Optional.empty();
        }
        return Optional.of(submit(change, row));
    }

    private static boolean isLost(Resource machine, String environment) {
        return machine.state() == ResourceState.ERROR && environment.equals(machine.environmentId());
    }

    private long submit(Change change, HealingRow row) {
        String lane = EnvironmentService.lane(row.environment());
        long id = engine.submit(
                change,
                HealKind.NAME,
                lane,
                new Lost(row.environment(), row.resource()),
                List.of(lane, ResourceService.lane(row.resource())));
        HealingRows.by(change, row, id);
        return id;
    }

    /** Because a person says so. */
    Operation heal(String name) {
        Operation asked = engine.asked(change -> {
            existing(change, HEAL, name);
            Optional<HealingRow> underWay = HealingRows.of(change.handle(), name).stream()
                    .filter(row -> row.stage() != Stage.HEALED)
                    .findFirst();
            return underWay.isPresent() ? goOn(change, underWay.get()) : beginByHand(change, name);
        });
        engine.poke(EnvironmentService.lane(name));
        return asked;
    }

    private long goOn(Change change, HealingRow row) {
        HealingRows.urge(change, row);
        if (row.stage() != Stage.GIVEN_UP) {
            return row.operation();
        }
        HealingRows.resolve(change, row.environment());
        boolean bound = rows.find(change.handle(), row.resource())
                .filter(it -> row.environment().equals(it.resource().environmentId()))
                .isPresent();
        HealingRows.move(change, row, bound ? Stage.WAITING : Stage.RELEASED);
        return submit(change, row);
    }

    private long beginByHand(Change change, String name) {
        for (AssignmentRow each : AssignmentRows.ofEnvironment(change.handle(), name)) {
            Optional<Long> begun = begin(change, new Lost(name, each.resource()), true);
            if (begun.isPresent()) {
                return begun.get();
            }
        }
        throw QrmException.conflict(HEAL, name, "no machine of it is lost", "There is nothing to heal.");
    }

    Operation confirmFenced(String name, long resource) {
        String attempt = "confirm that machine is off";
        Operation asked = engine.asked(change -> {
            existing(change, attempt, name);
            Optional<Long> left = confirmLeft(change, name, resource);
            if (left.isPresent()) {
                return left.get();
            }
            HealingRow row = HealingRows.find(change.handle(), name, resource)
                    .filter(HealingRow::waitsForPerson)
                    .orElseThrow(() -> QrmException.conflict(
                            attempt,
                            name,
                            "its healing does not wait for that of resource " + resource,
                            waitingFor(change.handle(), name)));
            ResourceRow machine = rows.find(change.handle(), resource)
                    .filter(it -> it.state() == ResourceState.ERROR || it.state() == ResourceState.OFF)
                    .orElseThrow(() -> QrmException.conflict(
                            attempt, name, "resource " + resource + " is heard of, so it is on", "Look again."));
            HealingRows.move(change, row, Stage.CONFIRMED);
            EventRows.resolve(change.handle(), HealingRows.UNFENCED, EnvironmentService.lane(name));
            change.event(
                    Priority.WARNING,
                    "healing.confirmed",
                    EnvironmentService.lane(name),
                    "A person says that " + machine.resource().name() + " has no power: virtual environment " + name
                            + " is started on another machine",
                    resource);
            return row.operation();
        });
        engine.poke(EnvironmentService.lane(name));
        return asked;
    }

    /** That of a machine that may still write its image; the operation that waits for it, or else opens the image as it is to be. */
    private Optional<Long> confirmLeft(Change change, String name, long resource) {
        String lane = EnvironmentService.lane(name);
        String image =
                EnvironmentRows.find(change.handle(), name).orElseThrow().spec().filesystemImage();
        if (!leftovers.confirm(change, resource, image)) {
            return Optional.empty();
        }
        Optional<Long> waits = engine.onLane(change.handle(), lane).stream().findFirst();
        EventRows.resolve(change.handle(), HealingRows.UNFENCED, lane);
        change.event(
                Priority.WARNING,
                "healing.confirmed",
                lane,
                "A person says that resource " + resource + " has no power: virtual environment " + name
                        + " may start on another machine",
                resource);
        return Optional.of(waits.orElseGet(() -> ReopenKind.submit(engine, change, name)));
    }

    /** Its machines cannot be restarted while one of them is replaced. */
    void refuseWhileAtWork(Change change, String attempt, String name) {
        boolean atWork = HealingRows.of(change.handle(), name).stream()
                .anyMatch(row -> row.stage() != Stage.HEALED && row.stage() != Stage.GIVEN_UP);
        if (atWork) {
            throw QrmException.conflict(
                    attempt,
                    name,
                    "a machine of it is lost, and is being replaced",
                    "Look at its operation, or stop it.");
        }
    }

    private String waitingFor(Handle handle, String name) {
        List<String> waiting = new ArrayList<>();
        HealingRows.of(handle, name).stream()
                .filter(HealingRow::waitsForPerson)
                .forEach(row -> rows.find(handle, row.resource())
                        .ifPresent(it -> waiting.add(it.resource().name())));
        return waiting.isEmpty()
                ? "No machine of it waits for that: see its operation."
                : "It waits for " + String.join(", ", waiting) + ".";
    }

    private static void existing(Change change, String attempt, String name) {
        if (EnvironmentRows.find(change.handle(), name).isEmpty()) {
            throw QrmException.notFound(attempt, "virtual environment", name);
        }
    }

    /** A person has decided otherwise: what is under way finds no row, and ends. */
    void forget(Change change, String name) {
        HealingRows.forget(change, name);
        change.afterCommit(() -> engine.poke(EnvironmentService.lane(name)));
    }
}
