package org.qrm.core.environment;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.qrm.api.QrmException;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.operation.Work;
import org.qrm.core.resource.PowerControllers;
import org.qrm.core.resource.PowerControllers.Switch;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.Database;

/**
 * Makes certain that a machine that is lost does nothing any more. It is fenced when who switches it says that it is off, and by nothing
 * else: not when the order was obeyed, and not when nobody answers.
 */
final class Fencing {

    private static final Duration ASKING = Duration.ofSeconds(30);

    private final Database database;
    private final ResourceRows rows;
    private final PowerControllers controllers;

    Fencing(Database database, ResourceRows rows, PowerControllers controllers) {
        this.database = database;
        this.rows = rows;
        this.controllers = controllers;
    }

    /**
     * What is known.
     *
     * @param fenced whether it is off for certain
     * @param told how that is known, or why not; for people
     */
    record Verdict(boolean fenced, String told) {}

    /**
     * Which machine it is about, and who is asked: a partition that is lost with its host is off when that is.
     *
     * @param off who can switch it off, if anybody can
     * @param state who can tell whether it has power, if anybody can
     * @param objection why it is not to be switched off, or empty
     */
    private record Subject(Resource machine, Optional<Switch> off, Optional<Switch> state, String objection) {

        static Subject none(Resource machine, String objection) {
            return new Subject(machine, Optional.empty(), Optional.empty(), objection);
        }
    }

    /** Switches it off and asks. */
    Verdict fence(Work work, Resource machine) {
        Subject subject = subject(machine);
        if (!subject.objection().isEmpty()) {
            return new Verdict(false, subject.objection());
        }
        work.checkpoint();
        work.assertHeld();
        String disobeyed = "";
        try {
            subject.off().ifPresent(power -> power.off(work));
        } catch (QrmException failed) {
            // it may be off all the same
            disobeyed = "; switching it off failed: " + failed.problem().reason();
        }
        Verdict now = ask(subject);
        return now.fenced() ? now : new Verdict(false, now.told() + disobeyed);
    }

    /**
     * What fencing it would come to; changes nothing.
     *
     * @param left for whoever is asked
     */
    Verdict forecast(Resource machine, Duration left) {
        Subject subject = subject(machine);
        if (!subject.objection().isEmpty()) {
            return new Verdict(false, subject.objection());
        }
        if (subject.off().isEmpty()) {
            return new Verdict(false, "no plug-in switches " + subject.machine().name() + " off");
        }
        if (left.isNegative() || left.isZero()) {
            return new Verdict(false, "who switches it was not asked any more, since others took too long");
        }
        try {
            PowerState state = state(subject, left);
            return state == PowerState.ON || state == PowerState.OFF
                    ? new Verdict(
                            true,
                            "who switches " + subject.machine().name() + " would switch it off, and can tell: it is "
                                    + state.name().toLowerCase(Locale.ROOT) + " now")
                    : new Verdict(false, cannotTell(subject));
        } catch (QrmException failed) {
            return new Verdict(false, unanswered(subject, failed));
        }
    }

    private static Verdict ask(Subject subject) {
        String name = subject.machine().name();
        try {
            PowerState state = state(subject, ASKING);
            if (state == PowerState.OFF) {
                return new Verdict(true, name + " is off, says who switches it");
            }
            return new Verdict(
                    false,
                    state == PowerState.ON
                            ? name + " is on"
                                    + (subject.off().isEmpty()
                                            ? ", and no plug-in switches it off"
                                            : " after it was switched off, says who switches it")
                            : cannotTell(subject));
        } catch (QrmException failed) {
            return new Verdict(false, unanswered(subject, failed));
        }
    }

    private static PowerState state(Subject subject, Duration limit) {
        return subject.state().map(power -> power.state(limit)).orElse(PowerState.UNKNOWN);
    }

    private static String cannotTell(Subject subject) {
        return "who switches " + subject.machine().name() + " cannot tell whether it has power";
    }

    private static String unanswered(Subject subject, QrmException failed) {
        return "who switches " + subject.machine().name() + " does not say whether it has power: "
                + failed.problem().reason();
    }

    private Subject subject(Resource machine) {
        if (machine.kind() != ResourceKind.PARTITION) {
            return switched(machine);
        }
        Optional<ResourceRow> host = database.read(
                handle -> machine.hostId() == null ? Optional.empty() : rows.find(handle, machine.hostId()));
        if (host.isEmpty()) {
            return Subject.none(machine, "the host of " + machine.name() + " is not known");
        }
        Resource at = host.get().resource();
        if (at.state() == ResourceState.ACTIVE) {
            return switched(machine);
        }
        if (at.state() != ResourceState.ERROR && at.state() != ResourceState.OFF) {
            return Subject.none(
                    machine,
                    "its host " + at.name() + " is " + at.state().name().toLowerCase(Locale.ROOT)
                            + ", and tells nothing of its partitions");
        }
        long others = database.read(handle -> countAtWorkOn(handle, at.id()));
        return others > 0
                ? Subject.none(
                        machine,
                        "its host " + at.name() + " does not answer, but " + others
                                + " other partitions on it do: it is not switched off under them")
                : switched(at);
    }

    private Subject switched(Resource machine) {
        Optional<Switch> off = controllers.of(machine, PowerAbility.OFF);
        Optional<Switch> state = controllers.of(machine, PowerAbility.STATE);
        return off.isEmpty() && state.isEmpty()
                ? Subject.none(machine, "no plug-in controls the power of " + machine.name())
                : new Subject(machine, off, state, "");
    }

    private static long countAtWorkOn(Handle handle, long host) {
        return handle.createQuery("select count(*) from resource where host_id = :host"
                        + " and state in ('ASSIGNED', 'BOOTING', 'ACTIVE')")
                .bind("host", host)
                .mapTo(Long.class)
                .one();
    }
}
