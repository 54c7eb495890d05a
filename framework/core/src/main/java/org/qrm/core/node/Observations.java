package org.qrm.core.node;

import org.qrm.api.event.Priority;
import org.qrm.api.node.Report;
import org.qrm.api.node.Report.NodeState;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.environment.AssignmentRow;
import org.qrm.core.environment.EnvironmentHealth;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.store.Database;
import org.qrm.core.store.EventRows;

/** Draws the conclusions from what machines report: a state is what the machine says it is. */
final class Observations {

    private final Database database;
    private final ResourceRows rows;
    private final EnvironmentHealth health;
    private final OwnWords words;

    Observations(Database database, ResourceRows rows, EnvironmentHealth health, OwnWords words) {
        this.database = database;
        this.rows = rows;
        this.health = health;
        this.words = words;
    }

    /** Changes the row if the report says that it is not as it was. */
    void observe(ResourceRow row, AssignmentRow assignment, Report report, NodeSession session) {
        ResourceState to = conclude(row, assignment, report.state());
        if (to != row.state()) {
            move(row.id(), report);
        }
        if (session.isNewError(report.error()) && words.mayBeNoted(row)) {
            note(row, report.error());
        }
    }

    private static ResourceState conclude(ResourceRow row, AssignmentRow assignment, NodeState reported) {
        ResourceState now = row.state();
        boolean bound = assignment != null && !assignment.releasing();
        return switch (reported) {
            case STOPPING -> now;
            case ACTIVE ->
                bound && row.admitted() && (now == ResourceState.BOOTING || now == ResourceState.ERROR)
                        ? ResourceState.ACTIVE
                        : now;
            case IDLE, MOUNTING, STARTING ->
                now == ResourceState.NEW && row.admitted()
                        ? ResourceState.IDLE
                        : now == ResourceState.ERROR
                                ? heardOf(bound, reported)
                                : isToldOff(row) ? ResourceState.IDLE : now;
        };
    }

    /** Who said that it has no power was wrong. */
    private static boolean isToldOff(ResourceRow row) {
        return row.state() == ResourceState.OFF && row.resource().reason().equals(ResourceRow.TOLD_OFF);
    }

    /** One that is on its way into an image that it is not bound to any more must restart. */
    private static ResourceState heardOf(boolean bound, NodeState reported) {
        if (bound) {
            return ResourceState.BOOTING;
        }
        return reported == NodeState.IDLE ? ResourceState.IDLE : ResourceState.RELEASING;
    }

    private void move(long id, Report report) {
        database.change(change -> {
            ResourceRow row = rows.find(change.handle(), id).orElse(null);
            if (row == null) {
                return null;
            }
            AssignmentRow assignment = org.qrm.core.environment.AssignmentRows.of(change.handle(), id)
                    .orElse(null);
            ResourceState to = conclude(row, assignment, report.state());
            // an order to restart that is under way: the old boot may still report
            if (to == row.state() || row.instruction() != null) {
                return null;
            }
            rows.move(change, row, to, "");
            String subject = ResourceService.lane(id);
            if (row.state() == ResourceState.ERROR) {
                EventRows.resolve(change.handle(), "resource.silent", subject);
            }
            EventRows.resolve(change.handle(), "resource.error", subject);
            if (to == ResourceState.ACTIVE) {
                change.event(
                        Priority.INFO,
                        "resource.active",
                        subject,
                        row.resource().name() + " runs " + row.resource().environmentId(),
                        id);
            }
            health.changed(change, row.resource().environmentId());
            return null;
        });
    }

    private void note(ResourceRow row, String error) {
        database.change(change -> {
            rows.setReason(change, row.id(), error);
            change.event(
                    Priority.WARNING,
                    "resource.error",
                    ResourceService.lane(row.id()),
                    row.resource().name() + " says: " + error,
                    row.id());
            return null;
        });
    }
}
