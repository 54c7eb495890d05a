package org.qrm.shell.internal;

import java.io.IOException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.api.user.Role;

/** {@code qrm:user-create}. */
@Service
@Needs(Role.ADMIN)
@Command(scope = "qrm", name = "user-create", description = "Makes a user known; asks for the password.")
public final class UserCreate extends UserCommand {

    @Argument(index = 1, name = "role", description = "viewer, operator or admin.", required = true)
    @Completion(
            value = StringsCompleter.class,
            values = {"viewer", "operator", "admin"})
    String role;

    @Override
    void run() throws IOException {
        Role wanted = constant(Role.class, "role", role);
        String password = newPassword();
        if (users.find(user).isEmpty()) {
            // of an earlier user of that name, whom somebody removed from the file
            tokens.revokeAll(user);
        }
        tell(users.create(user, password, wanted), "is created");
    }
}
