package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;
import org.qrm.api.user.Tokens;

/** {@code qrm:token-revoke}. */
@Service
@Needs(Role.ADMIN)
@Command(scope = "qrm", name = "token-revoke", description = "Ends a token.")
public final class TokenRevoke extends ShowingCommand {

    @Reference(optional = true)
    Tokens tokens;

    @Argument(index = 0, name = "token", description = "Number of the token.", required = true)
    @Completion(TokenCompleter.class)
    long token;

    @Override
    void run() {
        tokens.revoke(token);
        say("Token " + token + " is revoked.");
    }
}
