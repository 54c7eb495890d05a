package org.qrm.core.node;

import org.qrm.api.event.Priority;
import org.qrm.api.resource.Hardware;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.store.Change;
import org.qrm.core.store.EventRows;

/** Tells what was left out of a machine's report of itself: once for each change of it, not at each boot. */
final class OddHardware {

    private static final String TYPE = "resource.hardware";

    private OddHardware() {}

    /** @param row the machine as it was known until now */
    static void tell(Change change, ResourceRow row, Hardware now, OwnWords words) {
        String before = row.resource().hardware().details().getOrDefault(Hardware.LEFT_OUT, "");
        String leftOut = now.details().getOrDefault(Hardware.LEFT_OUT, "");
        if (leftOut.equals(before)) {
            return;
        }
        String subject = ResourceService.lane(row.id());
        boolean first = !row.admitted() && !EventRows.isOpen(change.handle(), TYPE, subject);
        if (!first && !words.mayBeNoted(row)) {
            return;
        }
        EventRows.resolve(change.handle(), TYPE, subject);
        if (!leftOut.isEmpty()) {
            change.event(
                    Priority.WARNING,
                    TYPE,
                    subject,
                    row.resource().name() + " is taken without what cannot be read of its hardware: " + leftOut,
                    row.id());
        }
    }
}
