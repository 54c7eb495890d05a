package org.qrm.core.resource;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.qrm.api.event.Priority;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.store.Change;
import org.qrm.core.store.EventRows;

/** Machines that wait to be admitted, and what becomes of them. */
public final class NewMachines {

    private static final String WAITS = "resource.new";

    private NewMachines() {}

    /** Tells that one waits; once, however often it boots meanwhile. */
    public static void waits(Change change, ResourceRow row, String address, Map<String, String> details) {
        String subject = ResourceService.lane(row.id());
        if (EventRows.isOpen(change.handle(), WAITS, subject)) {
            return;
        }
        change.event(
                Priority.WARNING,
                WAITS,
                subject,
                "A new machine waits to be admitted: " + row.resource().mac() + " at " + address
                        + said(details, "vendor", ", ") + said(details, "product", " ")
                        + said(details, "serial", ", serial number ") + said(details, "uuid", ", UUID "),
                row.id());
    }

    private static String said(Map<String, String> details, String key, String before) {
        String value = details.getOrDefault(key, "");
        return value.isBlank() ? "" : before + value;
    }

    /** Admits one; it is idle at once if it is there. */
    public static void admit(Change change, ResourceRows rows, ResourceRow row, Duration silence) {
        rows.admit(change, row);
        settled(change, row);
        EventRows.resolve(change.handle(), "resource.changed", ResourceService.lane(row.id()));
        change.event(
                Priority.INFO,
                "resource.admitted",
                ResourceService.lane(row.id()),
                row.resource().name() + " was admitted",
                row.id());
        if (row.state() == ResourceState.NEW && isHeardOf(row, silence)) {
            rows.move(change, rows.find(change.handle(), row.id()).orElseThrow(), ResourceState.IDLE, "");
        } else if (row.state() == ResourceState.BOOTING) {
            // it waits, bound, in the idle environment
            rows.order(change, row.id(), ResourceRow.Order.REBOOT);
        }
    }

    /** It waits no longer. */
    public static void settled(Change change, ResourceRow row) {
        EventRows.resolve(change.handle(), WAITS, ResourceService.lane(row.id()));
    }

    static boolean isHeardOf(ResourceRow row, Duration silence) {
        Resource resource = row.resource();
        return resource.lastSeen() != null
                && Duration.between(resource.lastSeen(), Instant.now()).compareTo(silence) < 0;
    }
}
