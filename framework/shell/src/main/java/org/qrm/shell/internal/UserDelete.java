package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;

/** {@code qrm:user-delete}. */
@Service
@Needs(Role.ADMIN)
@Command(scope = "qrm", name = "user-delete", description = "Removes a user.")
public final class UserDelete extends UserCommand {

    @Override
    void run() {
        users.delete(user);
        tokens.revokeAll(user);
        say("User " + user + " is deleted.");
    }
}
