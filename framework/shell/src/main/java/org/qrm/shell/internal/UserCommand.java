package org.qrm.shell.internal;

import java.io.IOException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.qrm.api.user.Tokens;
import org.qrm.api.user.User;
import org.qrm.api.user.Users;

/** A command on one user. */
public abstract class UserCommand extends ShowingCommand {

    @Reference(optional = true)
    Users users;

    @Reference(optional = true)
    Tokens tokens;

    @Argument(index = 0, name = "user", description = "Name of the user.", required = true)
    @Completion(UserCompleter.class)
    String user;

    final String newPassword() throws IOException {
        return typedTwice("set the password of user", user, "New password");
    }

    final void tell(User changed, String what) {
        if (json()) {
            item(View.of(changed));
        }
        say("User " + changed.name() + " " + what + ".");
    }
}
