package org.qrm.api.resource;

import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.Expected;
import org.qrm.api.Remark;
import org.qrm.api.Tag;
import org.qrm.api.operation.Many;
import org.qrm.api.operation.ManyPlan;
import org.qrm.api.operation.Operation;

/** Changes resources. */
@ProviderType
public interface ResourceAdmin {

    /**
     * Starts an action.
     *
     * @return the operation that carries it out, queued
     * @throws org.qrm.api.QrmException NOT_FOUND; CONFLICT when the state does not allow it; UNAVAILABLE when it
     *     needs a power controller and none controls this machine
     */
    Operation act(long id, ResourceAction action);

    /**
     * What {@link #act(ManyResources, Many)} would do now; changes nothing. Those who switch machines are asked for five seconds at
     * most: a machine that they were not asked about by then counts as possible.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND when one that is named is not there; REFUSED when too many are meant
     */
    ManyPlan plan(ManyResources which, int most);

    /**
     * Asks the same of many: one operation, which begins an operation for each, or does at once what needs none. What matches is looked for
     * once, now. One that refuses when it is its turn, or fails, leaves the others alone.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND when one that is named is not there; REFUSED when none or too many are meant
     */
    Operation act(ManyResources which, Many how);

    /**
     * Gives it another name.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND; INVALID; CONFLICT when the name is taken
     */
    default Resource rename(long id, String name) {
        return rename(id, name, Expected.any());
    }

    /** The same, while it is still as expected. */
    Resource rename(long id, String name, Expected<Resource> expected);

    /**
     * Says something of it, in place of what a tag of the same name said before.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND; INVALID when it would have more than {@link Tag#MOST}
     */
    Resource tag(long id, Tag tag, Expected<Resource> expected);

    /**
     * Says whom it belongs to, or what others should know of it; what is null stays as it is.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND; INVALID
     */
    Resource remark(long id, Remark said, Expected<Resource> expected);

    /**
     * Takes the tag of that name away.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND, also when it has no such tag
     */
    Resource untag(long id, String name, Expected<Resource> expected);
}
