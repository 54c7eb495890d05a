package org.qrm.shell.internal;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.api.PageRequest;
import org.qrm.api.user.Tokens;

/** Numbers of tokens. */
@Service
public final class TokenCompleter implements Completer {

    @Reference(optional = true)
    Tokens tokens;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        StringsCompleter known = new StringsCompleter();
        if (tokens == null) {
            return -1;
        }
        tokens.list(null, PageRequest.FIRST)
                .items()
                .forEach(token -> known.getStrings().add(Long.toString(token.id())));
        return known.complete(session, line, candidates);
    }
}
