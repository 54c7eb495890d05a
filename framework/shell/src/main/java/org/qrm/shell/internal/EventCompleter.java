package org.qrm.shell.internal;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.api.PageRequest;
import org.qrm.api.event.EventFilter;
import org.qrm.api.event.EventLog;

/** Numbers of the newest events that nobody has seen. */
@Service
public final class EventCompleter implements Completer {

    @Reference(optional = true)
    EventLog eventLog;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        StringsCompleter known = new StringsCompleter();
        if (eventLog == null) {
            return -1;
        }
        EventFilter unseen = new EventFilter(null, null, null, null, null, false, null);
        eventLog.list(unseen, new PageRequest(50, null))
                .items()
                .forEach(event -> known.getStrings().add(Long.toString(event.id())));
        return known.complete(session, line, candidates);
    }
}
