package org.qrm.core.node;

import java.util.List;
import org.qrm.api.event.Priority;
import org.qrm.api.image.BootImage;
import org.qrm.api.node.Registration;
import org.qrm.api.resource.ResourceKind;
import org.qrm.core.environment.AssignmentRow;
import org.qrm.core.resource.Identity;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.store.Change;
import org.qrm.core.store.EventRows;

/**
 * Whether a machine that registers is the one that was admitted.
 *
 * @param pinned by what it is to be known again, or null while nothing is
 * @param changes what is not as it was
 */
record Recognition(Identity pinned, List<String> changes) {

    private static final String CHANGED = "resource.changed";

    /** @param assignment what it is bound to, or null */
    static Recognition of(ResourceRow row, Registration registration, AssignmentRow assignment) {
        if (row.resource().kind() == ResourceKind.PARTITION) {
            return new Recognition(null, List.of()); // the server had it made; what is in it follows its host
        }
        Identity now = Identity.of(registration.hardware(), seenBy(registration, assignment, row.pinned()));
        Identity before = row.pinned();
        if (before == null) {
            return new Recognition(row.admitted() ? now : null, List.of());
        }
        List<String> changes = before.changes(now);
        return new Recognition(changes.isEmpty() ? before.completed(now) : before, changes);
    }

    /** Who only says that it runs another boot image than it was told to is compared as if it did not. */
    private static String seenBy(Registration registration, AssignmentRow assignment, Identity pinned) {
        boolean told = assignment != null
                && assignment.plan() != null
                && assignment.plan().configuration().bootImage().equals(registration.image());
        boolean idle = registration.image().equals(BootImage.DEFAULT);
        return told || idle || pinned == null ? registration.image() : pinned.image();
    }

    /** Takes admission from a machine that is another one, and gives it back to one that is as it was. */
    ResourceRow settle(Change change, ResourceRows rows, ResourceRow row, String peer) {
        String subject = ResourceService.lane(row.id());
        if (row.pinned() == null || row.admitted() == changes.isEmpty()) {
            return row;
        }
        rows.setAdmitted(change, row, changes.isEmpty());
        EventRows.resolve(change.handle(), CHANGED, subject);
        String name = row.resource().name();
        if (changes.isEmpty()) {
            change.event(
                    Priority.INFO, "resource.admitted", subject, name + " is as it was when it was admitted", row.id());
        } else {
            change.event(
                    Priority.ALARM,
                    CHANGED,
                    subject,
                    name + " is not as it was when it was admitted: " + String.join("; ", changes) + ". It came from "
                            + peer + ", and is given nothing until it is admitted again, or is as it was",
                    row.id());
        }
        return rows.find(change.handle(), row.id()).orElseThrow();
    }

    String reason() {
        return changes.isEmpty() ? "" : "not as it was when it was admitted: " + String.join("; ", changes);
    }
}
