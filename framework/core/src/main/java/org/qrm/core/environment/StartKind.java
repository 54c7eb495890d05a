package org.qrm.core.environment;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.assignment.Assignment;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.environment.EnvironmentAction;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.event.Priority;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.BootImages;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.storage.Mount;
import org.qrm.core.Limits;
import org.qrm.core.environment.Machines.Machine;
import org.qrm.core.operation.OperationKind;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Step.Outcome;
import org.qrm.core.operation.Work;
import org.qrm.core.resource.BootProgress;
import org.qrm.core.resource.PowerControllers;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.Change;
import org.qrm.core.store.EventRows;

/** Starts an environment on machines that were taken for it when it was asked for. */
final class StartKind implements OperationKind {

    static final String NAME = "virtual-environment.start";

    /** Left of the last step's time to say how far the machines came. */
    private static final Duration RESERVE = Duration.ofSeconds(1);

    private final ResourceRows rows;
    private final Machines machines;
    private final BootImages bootImages;
    private final StorageAccess access;
    private final AssignmentHooks hooks;
    private final SecretArguments secrets;
    private final Departure departure;
    private final BootProgress progress;
    private final EnvironmentHealth health;
    private final SwitchOn switchOn;
    private final PowerControllers controllers;
    private final Leftovers leftovers;
    private final Limits limits;
    private final List<Step> steps;

    StartKind(
            ResourceRows rows,
            BootImages bootImages,
            StorageAccess access,
            AssignmentHooks hooks,
            SecretArguments secrets,
            Departure departure,
            BootProgress progress,
            EnvironmentHealth health,
            SwitchOn switchOn,
            PowerControllers controllers,
            Leftovers leftovers,
            Limits limits) {
        this.rows = rows;
        this.machines = new Machines(rows);
        this.bootImages = bootImages;
        this.access = access;
        this.hooks = hooks;
        this.secrets = secrets;
        this.departure = departure;
        this.progress = progress;
        this.health = health;
        this.switchOn = switchOn;
        this.controllers = controllers;
        this.leftovers = leftovers;
        this.limits = limits;
        this.steps = List.of(
                new Step("prepare", limits.boot(), this::prepare),
                new Step("open-access", limits.boot(), this::openAccess),
                new Step("boot", limits.boot(), this::boot),
                new Step("await-active", limits.boot(), this::awaitActive),
                new Step("finish", limits.boot(), this::finish));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Step> steps() {
        return steps;
    }

    /** Decides what each machine boots and mounts; listeners may change or refuse it. */
    private Outcome prepare(Work work) {
        VirtualEnvironment environment = machines.environment(work);
        Optional<Leftovers.Doubt> doubt =
                leftovers.clear(work, environment.spec().filesystemImage(), access);
        if (doubt.isPresent()) {
            return waitFor(work, doubt.get());
        }
        work.change(change -> {
            EventRows.resolve(change.handle(), HealingRows.UNFENCED, EnvironmentService.lane(environment.name()));
            return null;
        });
        boolean writable = environment.spec().mode() == EnvironmentMode.SINGLE;
        Mount mount = access.mount(environment.spec().filesystemImage(), writable);
        BootImage image = bootImage(environment.spec().bootImage());
        BootConfiguration plain = BootPlan.of(image, environment.spec().kernelArguments());
        BootConfiguration idle = BootPlan.idle(bootImage(BootImage.DEFAULT));
        for (Machine machine : machines.of(work)) {
            Assignment assignment = machine.toAssignment(environment.spec());
            BootConfiguration planned = hooks.beforeAssign(assignment, plain, work);
            KernelLine.check(planned);
            SecureBoot.check(environment.name(), machine.row().resource(), planned, idle);
            Map<String, String> told = hooks.secretArguments(assignment, work);
            work.change(change -> {
                AssignmentRows.prepare(change, machine.row().id(), new AssignmentRow.Plan(planned, mount, !writable));
                secrets.tell(change, machine.row().id(), told);
                return null;
            });
        }
        return Outcome.DONE;
    }

    /** Another machine may still write the image. */
    private static Outcome waitFor(Work work, Leftovers.Doubt doubt) {
        String name = Machines.name(work);
        Duration left = Duration.between(Instant.now(), work.deadline().minus(RESERVE));
        if (left.isNegative() || left.isZero()) {
            throw new QrmException(new Problem(
                    Problem.Kind.TIMEOUT,
                    EnvironmentAction.START.attempt(),
                    name,
                    doubt.told(),
                    "Switch " + doubt.machine().resource().name()
                            + " off and make certain that it has no power; say so: qrm ve confirm-fenced " + name + " "
                            + doubt.machine().resource().name() + ", and start " + name + " again."));
        }
        work.progress(0, doubt.told());
        if (doubt.alarming()) {
            HealingRows.tellUnfenced(work, name, doubt.machine(), doubt.told());
        }
        return work.lookAgainIn(doubt.look().compareTo(left) < 0 ? doubt.look() : left);
    }

    private Outcome openAccess(Work work) {
        access.apply(work, machines.environment(work).spec().filesystemImage());
        return Outcome.DONE;
    }

    /** Lets the machines go: from now on they are answered the environment's boot configuration. Those that are off need longest. */
    private Outcome boot(Work work) {
        BootConfiguration idle = BootPlan.idle(bootImage(BootImage.DEFAULT));
        List<Machine> off = machines.of(work).stream()
                .filter(machine -> machine.row().state() == ResourceState.ASSIGNED
                        && machine.row().hasNotBooted())
                .toList();
        Outcome switched = switchOn.each(
                work,
                off,
                on -> work.change(change -> {
                    machines.of(change.handle(), work).stream()
                            .filter(machine -> machine.row().id() == on.row().id())
                            .forEach(machine -> letGo(change, machine, idle));
                    return null;
                }));
        return switched == Outcome.WAIT
                ? switched
                : work.complete(
                        change -> machines.of(change.handle(), work).forEach(machine -> letGo(change, machine, idle)));
    }

    private void letGo(Change change, Machine machine, BootConfiguration idle) {
        if (machine.row().state() == ResourceState.ASSIGNED) {
            // a machine that runs just this already needs no other boot
            boolean runsIt = machine.assignment().plan().configuration().equals(idle)
                    && BootImage.DEFAULT.equals(machine.row().bootImage())
                    && !machine.row().hasNotBooted();
            AssignmentRows.setBooted(change, machine.row().id(), runsIt);
            rows.move(change, machine.row(), ResourceState.BOOTING, "");
        }
    }

    private Outcome awaitActive(Work work) {
        List<Machine> all = machines.of(work);
        if (all.isEmpty()) {
            throw QrmException.failed(
                    EnvironmentAction.START.attempt(),
                    Machines.name(work),
                    "its machines were removed meanwhile",
                    "Start it again.",
                    null);
        }
        boolean moved = all.stream()
                .anyMatch(machine -> machine.row().resource().address() != null
                        && !machine.row().hasNotBooted()
                        && !machine.row()
                                .resource()
                                .address()
                                .equals(machine.assignment().openAddress()));
        if (moved) {
            access.apply(work, machines.environment(work).spec().filesystemImage());
            return awaitActive(work);
        }
        long active = all.stream()
                .filter(machine -> machine.row().state() == ResourceState.ACTIVE)
                .count();
        if (active == all.size()) {
            return Outcome.DONE;
        }
        work.progress((double) active / all.size(), active + " of " + all.size() + " machines are active");
        Instant end = work.deadline().minus(RESERVE);
        if (!end.isAfter(Instant.now())) {
            throw late(work, all);
        }
        Instant next = Instant.now().plus(inLoader());
        for (Machine machine : all) {
            Optional<Instant> due = helpLoader(work, machine);
            next = due.filter(next::isAfter).orElse(next);
        }
        Duration left = Duration.between(Instant.now(), next.isAfter(end) ? end : next);
        return work.lookAgainIn(left.isNegative() ? Duration.ZERO : left);
    }

    /**
     * A boot loader fetches the kernel within seconds of being told which, or asks again. One that does neither hangs, and nothing but
     * its power helps: that is switched off and on, once.
     *
     * @return when it will be time for that
     */
    private Optional<Instant> helpLoader(Work work, Machine machine) {
        Resource resource = machine.row().resource();
        boolean inLoader = resource.kind() == ResourceKind.NODE
                && machine.row().state() == ResourceState.BOOTING
                && !machine.assignment().booted();
        Optional<Instant> due = inLoader
                ? progress.inLoaderSince(resource.mac(), work.asked()).map(since -> since.plus(inLoader()))
                : Optional.empty();
        if (due.isEmpty() || due.get().isAfter(Instant.now())) {
            return due;
        }
        progress.helped(resource.mac());
        controllers.of(resource, PowerAbility.OFF).ifPresent(power -> {
            work.log(resource.name() + " asked for its boot configuration, but fetched no kernel for "
                    + inLoader().toSeconds() + " s: its power is switched off and on");
            try {
                power.cycle(work);
            } catch (QrmException failed) {
                work.log(resource.name() + ": that failed: " + failed.problem().reason());
            }
        });
        return Optional.empty();
    }

    /** After which a boot loader hangs: 3 minutes where machines have the usual 15 to boot. */
    private Duration inLoader() {
        return limits.boot().dividedBy(5);
    }

    private QrmException late(Work work, List<Machine> all) {
        String howFar = all.stream()
                .filter(machine -> machine.row().state() != ResourceState.ACTIVE)
                .map(machine ->
                        progress.tell(machine.row(), machine.assignment().booted(), work.asked()))
                .collect(Collectors.joining(". "));
        return new QrmException(new Problem(
                Problem.Kind.TIMEOUT,
                EnvironmentAction.START.attempt(),
                Machines.name(work),
                "not active within " + limits.boot().toSeconds() + " s: " + howFar,
                "Mend that and start it again; QRM_BOOT_SECONDS gives slow machines more time."));
    }

    private Outcome finish(Work work) {
        VirtualEnvironment environment = machines.environment(work);
        for (Machine machine : machines.of(work)) {
            hooks.afterAssign(machine.toAssignment(environment.spec()), work);
        }
        return work.complete(change -> {
            VirtualEnvironment now = machines.environment(change.handle(), work);
            if (!Deciding.isLast(change, work, now.name())) {
                return;
            }
            EnvironmentRows.move(change, now, EnvironmentState.ACTIVE, "");
            String subject = EnvironmentService.lane(environment.name());
            EventRows.resolve(change.handle(), "virtual-environment.error", subject);
            change.event(
                    Priority.INFO,
                    "virtual-environment.active",
                    subject,
                    "Virtual environment " + environment.name() + " is active",
                    null);
        });
    }

    /**
     * Sends the machines back and cuts them off from the image at once: nobody knows what state they are in. What was
     * active before this operation stays.
     */
    @Override
    public void undo(Work work, Problem why) {
        List<Machine> leaving = machines.of(work);
        VirtualEnvironment environment = machines.environment(work);
        departure.abandon(work, leaving);
        work.change(change -> {
            EventRows.resolve(change.handle(), HealingRows.UNFENCED, EnvironmentService.lane(environment.name()));
            return null;
        });
        leaving.forEach(machine -> hooks.afterRelease(machine.toAssignment(environment.spec()), work));
        work.change(change -> {
            departure.forget(change, leaving);
            VirtualEnvironment now = machines.environment(change.handle(), work);
            boolean others =
                    !AssignmentRows.ofEnvironment(change.handle(), now.name()).isEmpty();
            boolean cancelled = why.kind() == Problem.Kind.CONFLICT;
            if (!Deciding.isLast(change, work, now.name())) {
                return null;
            }
            if (now.state() == EnvironmentState.STARTING && others) {
                health.settle(change, work, now.name(), "");
            } else if (now.state() == EnvironmentState.STARTING) {
                EnvironmentRows.move(
                        change,
                        now,
                        cancelled ? EnvironmentState.INACTIVE : EnvironmentState.ERROR,
                        cancelled ? "" : why.reason());
            }
            return null;
        });
        access.apply(work, environment.spec().filesystemImage());
    }

    private BootImage bootImage(String name) {
        return bootImages
                .find(name)
                .orElseThrow(() -> QrmException.notFound(EnvironmentAction.START.attempt(), "boot image", name));
    }
}
