package org.qrm.core.component;

import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;
import org.qrm.core.store.Database;

/** Whether the database answers. */
final class DatabaseHealth implements HealthCheck {

    private volatile Database database;
    private volatile String reason = "the core is starting";

    void works(Database opened) {
        database = opened;
    }

    void failed(Throwable why) {
        Throwable cause = why;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        reason = String.valueOf(cause.getMessage());
    }

    @Override
    public String name() {
        return "database";
    }

    @Override
    public HealthResult execute() {
        Database opened = database;
        if (opened == null) {
            return new HealthResult(HealthResult.Status.CRITICAL, "The database is not open: " + reason);
        }
        try {
            opened.read(handle -> handle.createQuery("select max(version) from schema_version")
                    .mapTo(Integer.class)
                    .one());
            return new HealthResult(HealthResult.Status.OK, "The database answers.");
        } catch (RuntimeException failed) {
            if (Database.isBusy(failed)) {
                return new HealthResult(HealthResult.Status.WARN, failed.getMessage());
            }
            failed(failed);
            return new HealthResult(
                    HealthResult.Status.CRITICAL,
                    "The database does not answer: " + reason
                            + ". Look at the database server, or at room below QRM_DATA.");
        }
    }
}
