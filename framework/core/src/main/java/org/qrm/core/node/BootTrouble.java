package org.qrm.core.node;

import org.qrm.api.Name;
import org.qrm.api.event.Priority;
import org.qrm.api.resource.MacAddress;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;
import org.qrm.core.store.EventRows;

/** Machines whose boot loader was answered an error: told once, until the machine registers. */
final class BootTrouble {

    private static final String TYPE = "resource.unbootable";

    private final Database database;
    private final ResourceRows rows;

    BootTrouble(Database database, ResourceRows rows) {
        this.database = database;
        this.rows = rows;
    }

    /** A machine that nobody knows leaves no trace: there would be one for each address that somebody invents. */
    void tell(MacAddress mac, String why) {
        database.change(change -> {
            rows.find(change.handle(), mac).ifPresent(row -> tell(change, row, why));
            return null;
        });
    }

    private static void tell(Change change, ResourceRow row, String why) {
        String subject = ResourceService.lane(row.id());
        if (!EventRows.isOpen(change.handle(), TYPE, subject)) {
            change.event(
                    Priority.ALARM,
                    TYPE,
                    subject,
                    row.resource().name() + " can not boot: its boot loader was answered an error: "
                            + Name.printable(why, 560),
                    row.id());
        }
    }

    static void resolve(Change change, ResourceRow row) {
        EventRows.resolve(change.handle(), TYPE, ResourceService.lane(row.id()));
    }
}
