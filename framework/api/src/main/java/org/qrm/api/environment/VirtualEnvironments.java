package org.qrm.api.environment;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.ListGroup;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.Remark;
import org.qrm.api.Sort;
import org.qrm.api.operation.Many;
import org.qrm.api.operation.ManyPlan;
import org.qrm.api.operation.Operation;

/** Virtual environments: their description, and starting and stopping them. */
@ProviderType
public interface VirtualEnvironments {

    Optional<VirtualEnvironment> find(String name);

    /** In the order of their names. */
    default Page<VirtualEnvironment> list(Filter<EnvironmentField> filter, PageRequest page) {
        return list(filter, Sort.by(EnvironmentField.NAME), page);
    }

    /** In that order; a page goes on where the one before has ended in the same order. */
    Page<VirtualEnvironment> list(Filter<EnvironmentField> filter, Sort<EnvironmentField> sort, PageRequest page);

    /** How many it lets through, counted up to so many. An implementation counts where it stores them. */
    default long count(Filter<EnvironmentField> filter, int most) {
        return Page.all(page -> list(filter, page)).stream().limit(most).count();
    }

    /**
     * How many it lets through of each group, in the order of what they have in common; those that have none last.
     *
     * @param by as in {@link EnvironmentField#GROUP}: {@code state}, {@code tag:rack}
     * @throws org.qrm.api.QrmException INVALID for what nothing is grouped by
     */
    default List<ListGroup> groups(Filter<EnvironmentField> filter, String by) {
        return List.of();
    }

    /** How many are in each state; states without any are absent. An implementation counts where it stores them. */
    default Map<EnvironmentState, Long> countByState() {
        Map<EnvironmentState, Long> counts = new EnumMap<>(EnvironmentState.class);
        for (EnvironmentState state : EnvironmentState.values()) {
            Filter<EnvironmentField> filter = Filter.by(EnvironmentField.STATE, state);
            long count = Page.all(page -> list(filter, page)).size();
            if (count > 0) {
                counts.put(state, count);
            }
        }
        return counts;
    }

    /** @throws org.qrm.api.QrmException INVALID; NOT_FOUND image; CONFLICT when the name is taken */
    VirtualEnvironment create(EnvironmentSpec spec);

    /** @throws org.qrm.api.QrmException NOT_FOUND; INVALID; CONFLICT unless it is INACTIVE, or only its healing changes */
    default VirtualEnvironment update(EnvironmentSpec spec) {
        return update(spec, Expected.any());
    }

    /** The same, while it is still as expected. */
    VirtualEnvironment update(EnvironmentSpec spec, Expected<VirtualEnvironment> expected);

    /**
     * Says whom it belongs to, or what others should know of it; what is null stays as it is.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND; INVALID
     */
    VirtualEnvironment remark(String name, Remark said, Expected<VirtualEnvironment> expected);

    /** @throws org.qrm.api.QrmException NOT_FOUND; CONFLICT unless it is INACTIVE */
    default void delete(String name) {
        delete(name, Expected.any());
    }

    /** The same, while it is still as expected. */
    void delete(String name, Expected<VirtualEnvironment> expected);

    /**
     * Sets a secret argument, or sets it anew: its machines are told at their next start.
     *
     * @param argument as in {@link org.qrm.api.boot.SecretArgument}
     * @throws org.qrm.api.QrmException NOT_FOUND; INVALID
     */
    VirtualEnvironment setSecretArgument(String name, String argument, String value);

    /** @throws org.qrm.api.QrmException NOT_FOUND, also when there is no such argument */
    VirtualEnvironment removeSecretArgument(String name, String argument);

    /** Where a start would go now; changes nothing. */
    Placement plan(String name, StartRequest request);

    /**
     * Where an environment that is not described yet would go now; changes nothing.
     *
     * @param runsOn as in {@link EnvironmentSpec}
     * @param partitioning the plug-in that is to make its machine a host, or null
     * @param requirements what a machine must have at least, besides what a host needs
     * @throws org.qrm.api.QrmException INVALID; NOT_FOUND resource; UNAVAILABLE when the plug-in is not there
     */
    Placement plan(String runsOn, String partitioning, Requirements requirements, StartRequest request);

    /**
     * Takes the machines and starts it. A running multi-server environment gets more machines.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND; REFUSED when no machine fits, with the reasons; CONFLICT when it
     *     runs already, or its image is in use by another
     */
    Operation start(String name, StartRequest request);

    /**
     * Stops it and gives its machines back.
     *
     * @param force without asking the image to shut down, and although partitions of it are in use
     * @throws org.qrm.api.QrmException NOT_FOUND; CONFLICT when it is INACTIVE
     */
    Operation stop(String name, boolean force);

    /** Restarts its machines, which stay bound to it. */
    Operation restart(String name);

    /**
     * What {@link #act} would do now, as far as the states of the environments tell; whether machines fit is told by {@link #plan(String,
     * StartRequest)}. Changes nothing.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND when one that is named is not there; REFUSED when too many are meant
     */
    ManyPlan plan(ManyEnvironments which, int most);

    /**
     * Asks the same of many: one operation, which begins an operation for each. What matches is looked for once, now. One that refuses when it
     * is its turn, or fails, leaves the others alone.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND when one that is named is not there; REFUSED when none or too many are meant
     */
    Operation act(ManyEnvironments which, Many how);

    /**
     * What would happen now if its machines were lost; asks who switches them, and changes nothing.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND; CONFLICT when no machine is bound to it
     */
    HealingPlan planHealing(String name);

    /**
     * Replaces a machine of it that is lost, because a person says so: also if it is not healed by itself, before its silence is borne for
     * long enough, after too many attempts, and while so many machines are lost that healing waits. The machine is fenced first all the same.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND; CONFLICT when no machine of it is lost
     */
    Operation heal(String name);

    /**
     * A person has seen that a machine that is to be fenced has no power: healing, or the start that waits for it, goes on. So may be said
     * before anything waits for it, of a machine that was given up and may still write the image.
     *
     * @param resource its id
     * @return the operation that waited for that, or one that opens the image to whom it is to be open
     * @throws org.qrm.api.QrmException NOT_FOUND; CONFLICT when it is no such machine, or is heard of
     */
    Operation confirmFenced(String name, long resource);

    /**
     * Where each environment that runs on machines could start if one of them died now; asks nobody who switches machines. In the order of
     * their names.
     */
    List<SpareMachine> spareMachines();

    /** Whether so many machines are lost at once that healing waits. */
    HealingStorm storm();

    /**
     * A person has healing go on although so many machines are lost: those that are lost by now count for no storm any more.
     *
     * @throws org.qrm.api.QrmException CONFLICT when healing does not wait
     */
    HealingStorm goOnInStorm();
}
