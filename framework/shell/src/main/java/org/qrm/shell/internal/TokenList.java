package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;
import org.qrm.api.user.Tokens;

/** {@code qrm:token-list}. */
@Service
@Needs(value = Role.ADMIN, onlyToLook = true)
@Command(
        scope = "qrm",
        name = "token-list",
        description = "Lists the tokens of programs, in the order of their numbers.")
public final class TokenList extends ShowingCommand {

    @Reference(optional = true)
    Tokens tokens;

    @Option(name = "--of", description = "Only those of this user.")
    @Completion(UserCompleter.class)
    String user;

    @Override
    void run() {
        list(all(page -> tokens.list(user, page), View::of), "id", "name", "user", "role", "created", "expires");
    }
}
