package org.qrm.shell.internal;

import java.util.List;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes a word to one of those that the server knows just now; to none while it is not there. */
abstract class KnownNames implements Completer {

    /** @param words what was typed so far */
    abstract Stream<String> names(List<String> words);

    abstract boolean isThere();

    @Override
    public final int complete(Session session, CommandLine line, List<String> candidates) {
        if (!isThere()) {
            return -1;
        }
        StringsCompleter known = new StringsCompleter();
        names(List.of(line.getArguments())).forEach(known.getStrings()::add);
        return known.complete(session, line, candidates);
    }
}
