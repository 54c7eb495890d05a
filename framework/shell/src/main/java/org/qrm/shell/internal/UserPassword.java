package org.qrm.shell.internal;

import java.io.IOException;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;

/** {@code qrm:user-password}. */
@Service
@Needs(Role.ADMIN)
@Command(scope = "qrm", name = "user-password", description = "Sets the password of a user; asks for it.")
public final class UserPassword extends UserCommand {

    @Override
    void run() throws IOException {
        tell(users.setPassword(user, newPassword()), "has another password");
    }
}
