package org.qrm.core.environment;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.HealMode;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.event.Priority;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.Limits;
import org.qrm.core.environment.HealingRow.Stage;
import org.qrm.core.environment.Machines.Machine;
import org.qrm.core.operation.OperationKind;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Step.Outcome;
import org.qrm.core.operation.Work;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;
import org.qrm.core.store.EventRows;

/**
 * Replaces a machine of an environment that is lost: it is fenced, released, and an ordinary start takes another one. Without certainty
 * that it is off nothing starts. How far it is stands in its {@link HealingRow}; when that is gone, somebody else has decided.
 */
final class HealKind implements OperationKind {

    static final String NAME = "virtual-environment.heal";

    /** For what waits for people, or for machines. */
    private static final Duration PATIENCE = Duration.ofDays(30);

    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration LOOK_SELDOM = Duration.ofSeconds(60);
    private static final Duration FENCE_AGAIN = Duration.ofSeconds(60);

    /** Why no machine is taken that may be over in a while. */
    private static final Set<Problem.Kind> WAITED_FOR =
            Set.of(Problem.Kind.REFUSED, Problem.Kind.CONFLICT, Problem.Kind.UNAVAILABLE);

    private final ResourceRows rows;
    private final StorageAccess access;
    private final AssignmentHooks hooks;
    private final BiConsumer<Change, Long> hostLeft;
    private final EnvironmentHealth health;
    private final Fencing fencing;
    private final Leftovers leftovers;
    private final EnvironmentService environments;
    private final int mostAtOnce;
    private final List<Step> steps;

    /** @param mostAtOnce how many are fenced and started at the same time */
    HealKind(
            ResourceRows rows,
            StorageAccess access,
            AssignmentHooks hooks,
            BiConsumer<Change, Long> hostLeft,
            EnvironmentHealth health,
            Fencing fencing,
            Leftovers leftovers,
            EnvironmentService environments,
            int mostAtOnce,
            Limits limits) {
        this.rows = rows;
        this.access = access;
        this.hooks = hooks;
        this.hostLeft = hostLeft;
        this.health = health;
        this.fencing = fencing;
        this.leftovers = leftovers;
        this.environments = environments;
        this.mostAtOnce = mostAtOnce;
        this.steps = List.of(
                new Step("await-turn", PATIENCE, this::awaitTurn),
                new Step("fence", PATIENCE, this::fence),
                new Step("release", limits.release(), this::release),
                new Step("start", PATIENCE, this::start));
    }

    /**
     * What a healing is asked for.
     *
     * @param resource the machine that is lost
     */
    record Lost(String environment, long resource) {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Step> steps() {
        return steps;
    }

    /** Not while so many are lost that the cause is another one, and not many at once. */
    private Outcome awaitTurn(Work work) {
        Optional<HealingRow> healing = healing(work).filter(row -> row.stage() == Stage.WAITING);
        if (healing.isEmpty()) {
            return Outcome.DONE;
        }
        if (isBack(work)) {
            return cameBack(work);
        }
        String waits = work.change(
                change -> healing(change, work).map(row -> begin(change, row)).orElse(""));
        return waits.isEmpty() ? Outcome.DONE : waitFor(work, healing.get(), waits, LOOK);
    }

    /** Empty when it is its turn, or not to be healed any more; else what it waits for. */
    private String begin(Change change, HealingRow row) {
        boolean wanted = row.urged()
                || EnvironmentRows.find(change.handle(), row.environment())
                        .filter(it -> it.spec().healing().mode() == HealMode.RESTART)
                        .isPresent();
        if (!wanted) {
            HealingRows.delete(change, row);
            return "";
        }
        int atWork = HealingRows.countAtWork(change, row);
        String why =
                row.urged() ? "" : objection(HealingRows.storm(change.handle()).is(), atWork);
        if (why.isEmpty()) {
            HealingRows.move(change, row, Stage.FENCING);
        }
        return why;
    }

    private String objection(boolean storm, int atWork) {
        if (storm) {
            return "so many machines are lost at once that healing waits until it is fewer, or a person says that this one is to go on";
        }
        return atWork < mostAtOnce ? "" : mostAtOnce + " others are being healed";
    }

    private Outcome fence(Work work) {
        Optional<HealingRow> healing = healing(work).filter(HealingRow::isUnfenced);
        if (healing.isEmpty()) {
            return Outcome.DONE;
        }
        Optional<ResourceRow> machine = machine(work);
        if (machine.isEmpty() || isBack(work)) {
            return cameBack(work);
        }
        // steps look again for many reasons; it is not switched off each time
        Duration left = left(healing.get());
        if (!left.isNegative() && !left.isZero()) {
            return work.lookAgainIn(left);
        }
        Fencing.Verdict verdict = fencing.fence(work, machine.get().resource());
        if (verdict.fenced()) {
            work.log("Fenced: " + verdict.told());
            return work.complete(change -> healing(change, work).ifPresent(row -> {
                HealingRows.move(change, row, Stage.FENCED);
                EventRows.resolve(change.handle(), HealingRows.UNFENCED, subject(work));
            }));
        }
        if (isBack(work)) {
            return cameBack(work);
        }
        String told = verdict.told();
        Optional<EnvironmentSpec> closing =
                environment(work).map(VirtualEnvironment::spec).filter(access::fences);
        if (closing.isPresent()) {
            AtomicBoolean closed = new AtomicBoolean();
            String failed = close(work, machine.get(), closing.get().filesystemImage(), closed);
            if (closed.get()) {
                work.log("Fenced by its storage, since " + told + ": its image is closed to it");
                return Outcome.DONE;
            }
            if (failed.isEmpty()) {
                return isBack(work) ? cameBack(work) : Outcome.DONE; // a person has confirmed, or decided otherwise
            }
            told += "; and its image could not be closed to it: " + failed;
        }
        return unfenced(work, healing.get(), machine.get(), told);
    }

    private Outcome unfenced(Work work, HealingRow before, ResourceRow machine, String told) {
        work.change(change -> {
            healing(change, work).filter(HealingRow::isUnfenced).ifPresent(row -> {
                if (row.stage() == Stage.UNCONFIRMED) {
                    HealingRows.tried(change, row);
                } else {
                    HealingRows.move(change, row, Stage.UNCONFIRMED);
                }
                HealingRows.tellUnfenced(change, row.environment(), machine, told);
            });
            return null;
        });
        return waitFor(work, before, "not fenced: " + told, FENCE_AGAIN);
    }

    /**
     * The second means: where nobody can tell that a machine is off, its storage takes nothing from it any more.
     *
     * @param closed becomes whether it is fenced so: a person may have decided otherwise meanwhile
     * @return empty, or why it could not be closed
     */
    private String close(Work work, ResourceRow machine, String image, AtomicBoolean closed) {
        work.change(change -> {
            healing(change, work)
                    .filter(row -> row.isUnfenced() && row.stage() != Stage.CLOSING)
                    .ifPresent(row -> {
                        HealingRows.move(change, row, Stage.CLOSING);
                        // when it is heard of all the same, it waits until it is opened again
                        AssignmentRows.forgetOpened(change, row.resource());
                    });
            return null;
        });
        return access.close(work, image, machine, change -> {
            boolean back = rows.find(change.handle(), machine.id())
                    .filter(row -> !isHeardOf(row))
                    .isEmpty();
            Optional<HealingRow> done = healing(change, work).filter(row -> row.stage() == Stage.CLOSING && !back);
            done.ifPresent(row -> {
                HealingRows.move(change, row, Stage.CLOSED);
                ClosedMachines.note(change, machine, image);
                EventRows.resolve(change.handle(), HealingRows.UNFENCED, subject(work));
            });
            closed.set(done.isPresent());
        });
    }

    /** Until it is to be fenced again. */
    private static Duration left(HealingRow healing) {
        return healing.stage() == Stage.UNCONFIRMED
                ? FENCE_AGAIN.minusMillis(System.currentTimeMillis() - healing.changed())
                : Duration.ZERO;
    }

    /** From here on it boots nothing of the environment, and its storage is closed to it. */
    private Outcome release(Work work) {
        Optional<VirtualEnvironment> environment = environment(work);
        Optional<HealingRow> healing = healing(work).filter(HealingRow::isFenced);
        if (environment.isEmpty()) {
            return Outcome.DONE;
        }
        if (healing.isPresent()) {
            bound(work)
                    .filter(machine -> !isHeardOf(machine.row()))
                    .ifPresent(machine -> hooks.afterRelease(
                            machine.toAssignment(environment.get().spec()), work));
            work.change(change -> {
                release(change, work);
                return null;
            });
        }
        access.apply(work, environment.get().spec().filesystemImage());
        return Outcome.DONE;
    }

    private void release(Change change, Work work) {
        // whoever registers at this moment has done so before, or finds itself bound no more
        rows.lock(change, lost(work).resource());
        HealingRow healing = healing(change, work).filter(HealingRow::isFenced).orElse(null);
        ResourceRow row = rows.find(change.handle(), lost(work).resource()).orElse(null);
        boolean bound =
                row != null && lost(work).environment().equals(row.resource().environmentId());
        if (healing == null) {
            return;
        }
        if (bound && isHeardOf(row)) {
            // whoever switched it on has it boot into the environment again
            back(change, work, healing);
            return;
        }
        if (bound) {
            AssignmentRows.delete(change, row.id());
            rows.order(change, row.id(), null);
            rows.unbind(change, row.id());
            if (healing.stage() == Stage.CLOSED) {
                tellClosed(change, row, healing.environment());
            } else {
                off(change, row, healing);
            }
            hostLeft.accept(change, row.id());
            Long host = row.resource().hostId();
            boolean orphan = host != null
                    && rows.find(change.handle(), host)
                            .filter(at -> at.resource().environmentId() != null)
                            .isEmpty();
            if (orphan) {
                hostLeft.accept(change, host);
            }
        }
        HealingRows.move(change, healing, Stage.RELEASED);
        settleIfBound(change, work, healing.environment());
    }

    /** It stays in error, as it is lost; when it is heard of it is told to restart, as all that run what they are not bound to. */
    private static void tellClosed(Change change, ResourceRow row, String environment) {
        change.event(
                Priority.WARNING,
                "resource.fenced",
                ResourceService.lane(row.id()),
                row.resource().name() + " may be on, but the image of " + environment
                        + " is closed to it, and it is bound to it no more. Look what it does",
                row.id());
    }

    private void off(Change change, ResourceRow row, HealingRow healing) {
        String name = row.resource().name();
        FencedBoots.note(
                change,
                row,
                writtenBy(change, healing.environment()),
                healing.stage() == Stage.CONFIRMED
                        ? "a person said that it has no power"
                        : "who switches it said that it is off");
        rows.endBoot(change, rows.find(change.handle(), row.id()).orElseThrow());
        ResourceRow now = rows.find(change.handle(), row.id()).orElseThrow();
        if (now.state() != ResourceState.OFF) {
            rows.move(change, now, ResourceState.OFF, "fenced after it was lost with " + healing.environment());
        }
        EventRows.resolve(change.handle(), "resource.silent", ResourceService.lane(row.id()));
        change.event(
                Priority.WARNING,
                "resource.fenced",
                ResourceService.lane(row.id()),
                name + " is off, and bound to " + healing.environment() + " no more"
                        + (healing.stage() == Stage.CONFIRMED ? ": a person says that it has no power" : ""),
                row.id());
    }

    /** The image that its machine writes; empty when machines share it. */
    private static String writtenBy(Change change, String environment) {
        return EnvironmentRows.find(change.handle(), environment)
                .map(VirtualEnvironment::spec)
                .filter(spec -> spec.mode() == EnvironmentMode.SINGLE)
                .map(EnvironmentSpec::filesystemImage)
                .orElse("");
    }

    /** One without machines stays in error, with its reason. */
    private void settleIfBound(Change change, Work work, String environment) {
        if (!AssignmentRows.ofEnvironment(change.handle(), environment).isEmpty()) {
            health.settle(change, work, environment, "");
        }
    }

    /** An ordinary start, which goes on by itself. */
    private Outcome start(Work work) {
        Optional<HealingRow> healing = healing(work).filter(row -> row.stage() == Stage.RELEASED);
        if (healing.isEmpty()) {
            return Outcome.DONE;
        }
        Optional<Leftovers.Doubt> doubt =
                environment(work).flatMap(it -> leftovers.clear(work, it.spec().filesystemImage(), access));
        if (doubt.isPresent()) {
            if (doubt.get().alarming()) {
                HealingRows.tellUnfenced(
                        work,
                        healing.get().environment(),
                        doubt.get().machine(),
                        doubt.get().told());
            }
            return waitFor(work, healing.get(), doubt.get().told(), doubt.get().look());
        }
        try {
            return environments.startInstead(work, healing.get());
        } catch (QrmException refused) {
            Database.throwIfLost(refused);
            if (!WAITED_FOR.contains(refused.problem().kind())) {
                throw refused;
            }
            work.change(change -> {
                if (!EventRows.isOpen(change.handle(), HealingRows.NO_SPARE, subject(work))) {
                    change.event(
                            Priority.ERROR,
                            HealingRows.NO_SPARE,
                            subject(work),
                            "Virtual environment " + lost(work).environment()
                                    + " lost its machine and waits for another one: "
                                    + refused.problem().reason(),
                            null);
                }
                return null;
            });
            return waitFor(work, healing.get(), refused.problem().reason(), rest(healing.get()));
        }
    }

    /** The longer it waits the more seldom it looks: from 5 s to a minute. */
    private static Duration rest(HealingRow healing) {
        long quarter = (System.currentTimeMillis() - healing.changed()) / 4;
        return Duration.ofMillis(Math.max(LOOK.toMillis(), Math.min(quarter, LOOK_SELDOM.toMillis())));
    }

    private Outcome waitFor(Work work, HealingRow before, String what, Duration look) {
        if (!what.equals(before.waits())) {
            work.log("Waits: " + what);
            work.change(change -> {
                HealingRows.waits(change, before, what);
                return null;
            });
        }
        return work.lookAgainIn(look);
    }

    private boolean isBack(Work work) {
        return machine(work)
                .filter(row -> lost(work).environment().equals(row.resource().environmentId()) && !isHeardOf(row))
                .isEmpty();
    }

    private static boolean isHeardOf(ResourceRow row) {
        return row.state() != ResourceState.ERROR && row.state() != ResourceState.OFF;
    }

    private Outcome cameBack(Work work) {
        work.change(change -> {
            healing(change, work).ifPresent(row -> back(change, work, row));
            return null;
        });
        work.log("The machine is heard of again, or is not the environment's any more: there is nothing to heal.");
        return Outcome.DONE;
    }

    private void back(Change change, Work work, HealingRow healing) {
        HealingRows.delete(change, healing);
        health.settle(change, work, lost(work).environment(), "");
    }

    /** Nothing is begun again by itself: a person has cancelled it, or it cannot be done. */
    @Override
    public void undo(Work work, Problem why) {
        work.change(change -> {
            healing(change, work).ifPresent(row -> {
                givenUp(change, row, why.reason());
                settleIfBound(change, work, row.environment());
            });
            return null;
        });
        // it may have been closed to the machine, which has it again now
        try {
            environment(work).ifPresent(it -> access.apply(work, it.spec().filesystemImage()));
        } catch (QrmException failed) {
            Database.throwIfLost(failed);
            work.log("Its image could not be opened again: " + failed.problem().reason());
        }
    }

    static void givenUp(Change change, HealingRow row, String why) {
        HealingRows.move(change, row, Stage.GIVEN_UP);
        HealingRows.resolve(change, row.environment());
        change.event(
                Priority.ERROR,
                HealingRows.GIVEN_UP,
                EnvironmentService.lane(row.environment()),
                "Virtual environment " + row.environment() + " is not healed any further: " + why
                        + ". See to it, then have it go on: qrm ve heal " + row.environment(),
                row.resource());
    }

    private Optional<Machine> bound(Work work) {
        return work.read(handle -> rows.find(handle, lost(work).resource())
                .filter(row -> lost(work).environment().equals(row.resource().environmentId()))
                .flatMap(row -> AssignmentRows.of(handle, row.id()).map(assignment -> new Machine(assignment, row))));
    }

    private Optional<ResourceRow> machine(Work work) {
        return work.read(handle -> rows.find(handle, lost(work).resource()));
    }

    private static Optional<VirtualEnvironment> environment(Work work) {
        return work.read(handle -> EnvironmentRows.find(handle, lost(work).environment()));
    }

    private static Optional<HealingRow> healing(Work work) {
        return work.read(handle ->
                HealingRows.find(handle, lost(work).environment(), lost(work).resource()));
    }

    private static Optional<HealingRow> healing(Change change, Work work) {
        return HealingRows.find(
                change.handle(), lost(work).environment(), lost(work).resource());
    }

    private static String subject(Work work) {
        return EnvironmentService.lane(lost(work).environment());
    }

    private static Lost lost(Work work) {
        return work.parameters(Lost.class);
    }

    /** Whether an environment can be started for it: not one that a person has stopped. */
    static boolean maySpareStart(VirtualEnvironment environment) {
        return environment.state() != EnvironmentState.INACTIVE && environment.state() != EnvironmentState.STOPPING;
    }
}
