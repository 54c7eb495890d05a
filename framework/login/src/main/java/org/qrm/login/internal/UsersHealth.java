package org.qrm.login.internal;

import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;
import org.qrm.api.server.ServerSettings;

/** Whether anybody can log in by the file of users. */
@Component
public final class UsersHealth implements HealthCheck {

    static final String REMEDY =
            "Restore the file from a backup (qrm-server restore), or take it away and restart the server: it makes the"
                    + " first administrator again.";

    private final UsersFile file;

    @Activate
    public UsersHealth(@Reference ServerSettings settings) {
        this(UsersFile.below(settings.dataDirectory()));
    }

    UsersHealth(UsersFile file) {
        this.file = file;
    }

    @Override
    public String name() {
        return "users";
    }

    @Override
    public HealthResult execute() {
        try {
            return file.exists() && !file.read().isEmpty()
                    ? new HealthResult(HealthResult.Status.OK, "There are users.")
                    : warning(file.path() + " has no user");
        } catch (IOException damaged) {
            return warning(damaged.getMessage());
        }
    }

    private static HealthResult warning(String why) {
        return new HealthResult(HealthResult.Status.WARN, "Nobody can log in: " + why + ". " + REMEDY);
    }
}
