package org.qrm.shell.internal;

import java.io.IOException;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;
import org.qrm.api.user.User;

/** {@code qrm:user-password}. */
@Service
@Needs(Role.ADMIN)
@Command(scope = "qrm", name = "user-password", description = "Sets the password of a user; asks for it.")
public final class UserPassword extends UserCommand {

    @Option(name = "--revoke-tokens", description = "Revokes the user's tokens too.")
    boolean revoke;

    @Override
    void run() throws IOException {
        User changed = users.setPassword(user, newPassword());
        if (revoke) {
            tokens.revokeAll(user);
        }
        tell(changed, revoke ? "has another password, and no token" : "has another password; tokens live on");
    }
}
