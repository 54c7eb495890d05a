package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.api.user.Role;

/** {@code qrm:user-role}. */
@Service
@Needs(Role.ADMIN)
@Command(scope = "qrm", name = "user-role", description = "Gives a user another role.")
public final class UserRole extends UserCommand {

    @Argument(index = 1, name = "role", description = "viewer, operator or admin.", required = true)
    @Completion(
            value = StringsCompleter.class,
            values = {"viewer", "operator", "admin"})
    String role;

    @Override
    void run() {
        tell(users.setRole(user, constant(Role.class, "role", role)), "is " + role + " now");
    }
}
