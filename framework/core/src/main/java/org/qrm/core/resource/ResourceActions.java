package org.qrm.core.resource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.event.Priority;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.Limits;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.operation.OperationKind;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Step.Outcome;
import org.qrm.core.operation.Work;
import org.qrm.core.store.Change;

/** What the actions on a resource do. */
public final class ResourceActions {

    /** What of its power an action cannot do without. */
    private static final Map<ResourceAction, PowerAbility> NEEDS =
            Map.of(ResourceAction.POWER_ON, PowerAbility.ON, ResourceAction.POWER_CYCLE, PowerAbility.OFF);

    private static final Map<ResourceAction, Set<ResourceState>> NOT_IN = Map.of(
            ResourceAction.ADMIT, Set.of(),
            ResourceAction.REBOOT, Set.of(ResourceState.NEW, ResourceState.OFF, ResourceState.RELEASING),
            ResourceAction.POWER_ON, Set.of(),
            ResourceAction.POWER_OFF, Set.of(ResourceState.OFF),
            ResourceAction.POWER_CYCLE, Set.of(ResourceState.NEW, ResourceState.OFF, ResourceState.RELEASING),
            ResourceAction.MAINTENANCE,
                    Set.of(
                            ResourceState.NEW,
                            ResourceState.ASSIGNED,
                            ResourceState.BOOTING,
                            ResourceState.ACTIVE,
                            ResourceState.RELEASING),
            ResourceAction.LOCAL_BOOT,
                    Set.of(
                            ResourceState.NEW,
                            ResourceState.ASSIGNED,
                            ResourceState.BOOTING,
                            ResourceState.ACTIVE,
                            ResourceState.RELEASING),
            ResourceAction.RESUME, Set.of(),
            ResourceAction.REMOVE, Set.of());

    /** Of a machine that runs from its disk, and that somebody may have switched on or off. */
    private static final Set<ResourceAction> WHEN_OFF_OR_NOT =
            Set.of(ResourceAction.POWER_OFF, ResourceAction.POWER_CYCLE, ResourceAction.RESUME);

    private static final String OWN_DISK = "boots from its own disk";

    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final ResourceRows rows;
    private final BoundMachines bound;
    private final BiConsumer<Change, Long> hostLeft;
    private final PowerControllers controllers;
    private final Limits limits;
    private final SystemShutdown shutdown;
    private final DiskBoot disk;

    /** @param hostLeft hears of each machine that is forgotten */
    public ResourceActions(
            ResourceRows rows,
            BoundMachines bound,
            BiConsumer<Change, Long> hostLeft,
            PowerControllers controllers,
            Limits limits) {
        this.rows = rows;
        this.bound = bound;
        this.hostLeft = hostLeft;
        this.controllers = controllers;
        this.limits = limits;
        this.shutdown = new SystemShutdown(rows, controllers, limits);
        this.disk = new DiskBoot(controllers);
    }

    /** Makes the engine know them. */
    public void addTo(OperationEngine engine) {
        engine.add(kind(ResourceAction.ADMIT, step("admit", this::admit)));
        engine.add(
                kind(ResourceAction.REBOOT, step("order", this::orderReboot), step("await-return", this::awaitReturn)));
        engine.add(kind(ResourceAction.POWER_ON, step("switch-on", this::switchOn)));
        List<Step> shut = shutdown.steps();
        engine.add(kind(
                ResourceAction.POWER_OFF,
                step("order", this::orderPowerOff),
                shut.get(0),
                shut.get(1),
                step("await-silence", this::awaitSilence)));
        engine.add(kind(
                ResourceAction.POWER_CYCLE,
                step("order", this::orderRestart),
                step("cycle", this::cycle),
                step("await-return", this::awaitReturn)));
        engine.add(kind(ResourceAction.MAINTENANCE, step("set-aside", this::setAside)));
        engine.add(kind(ResourceAction.LOCAL_BOOT, step("set-aside", this::localBoot)));
        engine.add(kind(ResourceAction.RESUME, shut.get(0), shut.get(1), step("return", this::resume)));
        engine.add(kind(ResourceAction.REMOVE, step("forget", this::remove)));
    }

    /**
     * Asks plug-ins, as {@link #checkPower}.
     *
     * @throws QrmException when the resource's present state does not allow the action, or nobody can carry it out
     */
    void check(ResourceRow row, ResourceAction action) {
        checkState(row, action);
        checkPower(row.resource(), action);
    }

    /**
     * Asks plug-ins, and belongs in no transaction.
     *
     * @throws QrmException UNAVAILABLE when the action needs somebody who switches this machine, and there is none
     */
    void checkPower(Resource resource, ResourceAction action) {
        PowerAbility needed = NEEDS.get(action);
        if (needed != null && controllers.of(resource, needed).isEmpty()) {
            throw PowerService.uncontrolled(
                    action.attempt(),
                    resource,
                    "Switch it by hand, or install a power plug-in and configure this machine for it.");
        }
    }

    /** Whether {@link #checkPower} asks anybody. */
    static boolean needsPower(ResourceAction action) {
        return NEEDS.containsKey(action);
    }

    /** @throws QrmException CONFLICT when the resource's present state does not allow the action */
    void checkState(ResourceRow row, ResourceAction action) {
        Resource resource = row.resource();
        boolean needsFree = action == ResourceAction.REMOVE
                || action == ResourceAction.MAINTENANCE
                || action == ResourceAction.LOCAL_BOOT;
        if (needsFree && resource.environmentId() != null) {
            throw QrmException.conflict(
                    action.attempt(),
                    resource.name(),
                    "it is bound to virtual environment " + resource.environmentId(),
                    "Stop that first.");
        }
        if (action == ResourceAction.REMOVE && resource.kind() == ResourceKind.PARTITION) {
            throw QrmException.conflict(
                    action.attempt(), resource.name(), "it is a partition of a host", "Remove the partition.");
        }
        if (action == ResourceAction.REBOOT) {
            checkHears(row);
        }
        // whether it runs from its disk now knows who switches it, at most
        boolean offOrNot = row.localBoot() && row.state() == ResourceState.OFF && WHEN_OFF_OR_NOT.contains(action);
        boolean wrong = NOT_IN.get(action).contains(row.state()) && !offOrNot
                || action == ResourceAction.RESUME && row.state() != ResourceState.MAINTENANCE && !offOrNot
                || action == ResourceAction.ADMIT && row.admitted();
        if (wrong) {
            throw QrmException.conflict(
                    action.attempt(),
                    resource.name(),
                    "it is " + row.state().name().toLowerCase(Locale.ROOT),
                    "Choose an action that this state allows.");
        }
    }

    /** @throws QrmException CONFLICT when the machine would count as one that writes nothing, and nobody knows that */
    void checkWriting(Handle handle, ResourceRow row, ResourceAction action) {
        if (action == ResourceAction.REMOVE || action == ResourceAction.RESUME) {
            bound.mayWrite(handle, row).ifPresent(image -> {
                throw mayWrite(action, row, image);
            });
        }
    }

    private static QrmException mayWrite(ResourceAction action, ResourceRow row, String image) {
        String name = row.resource().name();
        String environment = row.resource().environmentId();
        return QrmException.conflict(
                action.attempt(),
                name,
                "it may still write " + image + ", and nobody can tell that it is off",
                "Restart it; or make certain that it has no power, and say so: qrm ve confirm-fenced, with "
                        + (environment == null
                                ? "a virtual environment of that image"
                                : environment + ", which is to be stopped (force) or healed before")
                        + ".");
    }

    private static void checkHears(ResourceRow row) {
        if (row.localBoot()) {
            throw QrmException.conflict(
                    ResourceAction.REBOOT.attempt(),
                    row.resource().name(),
                    "it runs from its own disk, and does not hear this server",
                    "Reboot it there, or switch it off and on (power-cycle).");
        }
    }

    /** Asks for an action that was checked. */
    long submit(Change change, OperationEngine engine, ResourceRow row, ResourceAction action) {
        String lane = ResourceService.lane(row.id());
        return engine.submit(change, "resource." + action.word(), lane, new OfResource(row.id()), List.of(lane));
    }

    private Outcome admit(Work work) {
        return work.complete(change -> rows.find(change.handle(), id(work))
                .filter(row -> !row.admitted())
                .ifPresent(row -> NewMachines.admit(change, rows, row, limits.silence())));
    }

    /** Takes a machine off the list. */
    private void forget(Change change, ResourceRow row) {
        NewMachines.settled(change, row);
        hostLeft.accept(change, row.id());
        rows.delete(change, row.id());
        change.event(
                Priority.INFO,
                "resource.removed",
                ResourceService.lane(row.id()),
                "Resource " + row.resource().name() + " was removed",
                row.id());
    }

    private Outcome orderReboot(Work work) {
        ResourceRow row = row(work);
        checkHears(row);
        boolean deaf = row.state() == ResourceState.ERROR;
        if (deaf) {
            controllers.of(row.resource(), PowerAbility.OFF).ifPresent(machine -> machine.cycle(work));
        }
        return orderRestart(work);
    }

    /** It is told so if it can hear, and comes back as after any restart. */
    private Outcome orderRestart(Work work) {
        ResourceRow row = row(work);
        if (row.localBoot()) {
            return Outcome.DONE;
        }
        return work.complete(change -> {
            ResourceRow now = rows.find(change.handle(), row.id()).orElseThrow(() -> gone(row.id()));
            rows.order(change, now.id(), ResourceRow.Order.REBOOT);
            if (now.state() == ResourceState.ACTIVE) {
                ResourceRow ordered = rows.find(change.handle(), row.id()).orElseThrow();
                rows.move(change, ordered, ResourceState.BOOTING, "");
                bound.changed(change, now.resource().environmentId());
            }
        });
    }

    private Outcome cycle(Work work) {
        ResourceRow row = row(work);
        PowerControllers.Switch power = controllers
                .of(row.resource(), PowerAbility.OFF)
                .orElseThrow(() -> uncontrolled(ResourceAction.POWER_CYCLE, row.resource()));
        if (row.localBoot()) {
            disk.cycle(work, row.resource(), power);
            return runsFromItsDisk(work);
        }
        power.cycle(work);
        return Outcome.DONE;
    }

    /** It does not say so itself, as those that were off and boot from the network. */
    private Outcome runsFromItsDisk(Work work) {
        return work.complete(change -> rows.find(change.handle(), id(work))
                .filter(row -> row.localBoot() && row.state() == ResourceState.OFF)
                .ifPresent(row -> rows.move(change, row, ResourceState.MAINTENANCE, OWN_DISK)));
    }

    private Outcome awaitReturn(Work work) {
        ResourceRow row = row(work);
        if (row.localBoot()) {
            work.log(row.resource().name() + " boots from its own disk, and reports nothing to this server");
            return Outcome.DONE;
        }
        boolean back = row.instruction() == null && row.state() != ResourceState.BOOTING;
        return back ? Outcome.DONE : Outcome.WAIT;
    }

    private Outcome switchOn(Work work) {
        ResourceRow row = row(work);
        PowerControllers.Switch power = controllers
                .of(row.resource(), PowerAbility.ON)
                .orElseThrow(() -> uncontrolled(ResourceAction.POWER_ON, row.resource()));
        if (row.localBoot()) {
            disk.on(work, row.resource(), power);
            return runsFromItsDisk(work);
        }
        power.on(work);
        return Outcome.DONE;
    }

    private Outcome orderPowerOff(Work work) {
        long id = id(work);
        return work.complete(change -> rows.order(change, id, ResourceRow.Order.POWER_OFF));
    }

    private Outcome awaitSilence(Work work) {
        ResourceRow row = row(work);
        if (row.instruction() == null) {
            throw startedAgain(row);
        }
        Duration quiet = Duration.between(row.resource().lastSeen(), Instant.now());
        if (quiet.compareTo(limits.silence()) < 0) {
            return work.lookAgainIn(LOOK);
        }
        Optional<PowerControllers.Switch> machine = controllers.of(row.resource(), PowerAbility.OFF);
        if (machine.isEmpty() && row.localBoot() && !isHeardOfSince(row, work.asked())) {
            // it runs on: nobody has told it anything
            throw uncontrolled(ResourceAction.POWER_OFF, row.resource());
        }
        machine.ifPresent(power -> power.off(work));
        boolean certain = machine.isPresent() && isToldOff(work, row);
        return work.complete(change -> {
            // whoever registers at this moment has done so before, or finds it off
            rows.lock(change, row.id());
            ResourceRow silent = rows.find(change.handle(), row.id()).orElseThrow(() -> gone(row.id()));
            if (silent.instruction() == null && machine.isEmpty()) {
                throw startedAgain(row);
            }
            Optional<String> image = certain ? Optional.empty() : bound.mayWrite(change.handle(), silent);
            if (image.isPresent()) {
                throw mayWrite(ResourceAction.POWER_OFF, silent, image.get());
            }
            rows.order(change, row.id(), null);
            ResourceRow now = rows.find(change.handle(), row.id()).orElseThrow();
            rows.move(change, now, ResourceState.OFF, "");
            change.event(
                    Priority.INFO,
                    "resource.state",
                    ResourceService.lane(row.id()),
                    now.resource().name() + " is off",
                    row.id());
            bound.changed(change, now.resource().environmentId());
        });
    }

    /** Where it matters: a machine that may write counts as off when who switches it says so, as when it is fenced. */
    private boolean isToldOff(Work work, ResourceRow row) {
        return work.read(handle -> bound.mayWrite(handle, row)).isEmpty()
                || controllers
                        .of(row.resource(), PowerAbility.STATE)
                        .filter(telling -> telling.state(ANSWER) == PowerState.OFF)
                        .isPresent();
    }

    private static boolean isHeardOfSince(ResourceRow row, Instant time) {
        return row.resource().lastSeen() != null && row.resource().lastSeen().isAfter(time);
    }

    private static QrmException uncontrolled(ResourceAction action, Resource machine) {
        return PowerService.uncontrolled(
                action.attempt(),
                machine,
                "Switch it by hand, or look after its power plug-in and what that was answered.");
    }

    private static QrmException startedAgain(ResourceRow row) {
        return QrmException.failed(
                "power-off", row.resource().name(), "the machine started again instead", "Try again.", null);
    }

    private Outcome setAside(Work work) {
        return moved(work, ResourceState.MAINTENANCE, "set aside by an administrator", change -> null);
    }

    private Outcome localBoot(Work work) {
        ResourceRow row = row(work);
        if (NewMachines.isHeardOf(row, limits.silence())) {
            // before it is ordered to reboot: it does so at once
            disk.next(work, row.resource());
        }
        return moved(work, ResourceState.MAINTENANCE, OWN_DISK, change -> {
            rows.setLocalBoot(change, id(work), true);
            rows.order(change, id(work), ResourceRow.Order.LOCAL_BOOT);
            return null;
        });
    }

    /** One that is not heard of may well run from its disk: it is switched off and on if that can be done from here. */
    private Outcome resume(Work work) {
        ResourceRow before = row(work);
        work.read(handle -> {
            checkWriting(handle, before, ResourceAction.RESUME);
            return null;
        });
        // a first attempt may have come to naught after it was taken back, and it is on its way to its disk
        boolean onDisk = before.localBoot() || OWN_DISK.equals(before.resource().reason());
        boolean here = !onDisk && NewMachines.isHeardOf(before, limits.silence());
        Function<Change, Void> unset = change -> {
            rows.setLocalBoot(change, id(work), false);
            rows.order(change, id(work), null);
            return null;
        };
        if (here) {
            return moved(work, ResourceState.IDLE, "", unset);
        }
        // before its power comes back: what it asks for while it boots is answered from the row
        work.change(unset);
        Optional<PowerControllers.Switch> machine = controllers.of(before.resource(), PowerAbility.OFF);
        machine.ifPresent(power -> power.cycle(work));
        String reason = machine.isPresent()
                ? "its power was switched off and on; it comes back when it boots from the network"
                : "not heard of, it may run from its disk; it comes back at its next boot from the network";
        work.log(before.resource().name() + ": " + reason);
        return moved(work, ResourceState.OFF, reason, change -> null);
    }

    private Outcome remove(Work work) {
        return work.complete(change -> rows.find(change.handle(), id(work)).ifPresent(row -> {
            checkState(row, ResourceAction.REMOVE);
            checkWriting(change.handle(), row, ResourceAction.REMOVE);
            forget(change, row);
        }));
    }

    private Outcome moved(Work work, ResourceState to, String reason, Function<Change, Void> more) {
        return work.complete(change -> {
            ResourceRow row = rows.find(change.handle(), id(work)).orElseThrow(() -> gone(id(work)));
            rows.move(change, row, to, reason);
            more.apply(change);
        });
    }

    private ResourceRow row(Work work) {
        return work.read(handle -> rows.find(handle, id(work))).orElseThrow(() -> gone(id(work)));
    }

    /** What an operation on a resource is asked for. */
    record OfResource(long resource) {}

    private static long id(Work work) {
        return work.parameters(OfResource.class).resource();
    }

    private static QrmException gone(long id) {
        return QrmException.notFound("act on resource", "resource", String.valueOf(id));
    }

    private Step step(String name, Step.Action action) {
        return new Step(name, limits.boot(), action);
    }

    private OperationKind kind(ResourceAction action, Step... steps) {
        return new OperationKind() {
            @Override
            public String name() {
                return "resource." + action.word();
            }

            @Override
            public List<Step> steps() {
                return List.of(steps);
            }

            /** The order is taken back; what the machine did so far it reports itself. */
            @Override
            public void undo(Work work, Problem why) {
                shutdown.over(work);
                work.change(change -> {
                    rows.find(change.handle(), id(work)).ifPresent(row -> rows.order(change, row.id(), null));
                    return null;
                });
                if (action == ResourceAction.LOCAL_BOOT) {
                    work.read(handle -> rows.find(handle, id(work)))
                            .filter(row -> !row.localBoot())
                            .ifPresent(row -> disk.notNext(work, row.resource()));
                }
            }
        };
    }
}
