package org.qrm.shell.internal;

import java.io.IOException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.console.Session;
import org.qrm.api.QrmException;
import org.qrm.api.user.Tokens;
import org.qrm.api.user.User;
import org.qrm.api.user.Users;

/** A command on one user. */
public abstract class UserCommand extends ShowingCommand {

    @Reference(optional = true)
    Users users;

    @Reference(optional = true)
    Tokens tokens;

    @Reference(optional = true)
    Session session;

    @Argument(index = 0, name = "user", description = "Name of the user.", required = true)
    @Completion(UserCompleter.class)
    String user;

    /** Asked for, not given as an option: the console keeps its lines. */
    final String newPassword() throws IOException {
        String password = session.readLine("New password: ", '*');
        if (password == null || !password.equals(session.readLine("Once more: ", '*'))) {
            throw QrmException.invalid("set the password of user", user, "the two differ", "Type the same twice.");
        }
        return password;
    }

    final void tell(User changed, String what) {
        if (json()) {
            item(View.of(changed));
        }
        say("User " + changed.name() + " " + what + ".");
    }
}
