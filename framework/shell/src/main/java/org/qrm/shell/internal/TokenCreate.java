package org.qrm.shell.internal;

import java.time.Duration;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.api.QrmException;
import org.qrm.api.user.NewToken;
import org.qrm.api.user.Role;
import org.qrm.api.user.Tokens;
import org.qrm.api.user.User;
import org.qrm.api.user.Users;

/** {@code qrm:token-create}. */
@Service
@Needs(Role.ADMIN)
@Command(
        scope = "qrm",
        name = "token-create",
        description = "Makes a token for a program, and writes its secret, which nobody tells again.")
public final class TokenCreate extends ShowingCommand {

    @Reference(optional = true)
    Tokens tokens;

    @Reference(optional = true)
    Users users;

    @Argument(index = 0, name = "user", description = "The user that it acts for.", required = true)
    @Completion(UserCompleter.class)
    String user;

    @Argument(index = 1, name = "name", description = "What it is for.", required = true)
    String name;

    @Option(name = "--role", description = "The most that it may do.", required = true)
    @Completion(
            value = StringsCompleter.class,
            values = {"viewer", "operator", "admin"})
    String role;

    @Option(name = "--days", description = "How long it lasts.")
    int days = 90;

    @Override
    void run() {
        User owner = users.find(user).orElseThrow(() -> QrmException.notFound("create token", "user", user));
        Role wanted = constant(Role.class, "--role", role);
        if (!owner.role().covers(wanted)) {
            throw QrmException.refused(
                    "create token",
                    name,
                    owner.name() + " may not do so much",
                    "Choose a lesser role, or another user.");
        }
        NewToken made = tokens.create(name, owner.name(), wanted, Duration.ofDays(days));
        if (json()) {
            item(View.of(made));
        }
        say(made.secret());
    }
}
