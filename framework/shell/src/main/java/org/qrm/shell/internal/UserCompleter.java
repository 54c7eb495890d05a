package org.qrm.shell.internal;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.api.user.Users;

/** Names of users. */
@Service
public final class UserCompleter implements Completer {

    @Reference(optional = true)
    Users users;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        StringsCompleter known = new StringsCompleter();
        if (users == null) {
            return -1;
        }
        users.list().forEach(user -> known.getStrings().add(user.name()));
        return known.complete(session, line, candidates);
    }
}
