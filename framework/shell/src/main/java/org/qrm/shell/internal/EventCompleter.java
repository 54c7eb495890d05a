package org.qrm.shell.internal;

import java.util.List;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.PageRequest;
import org.qrm.api.event.EventFilter;
import org.qrm.api.event.EventLog;

/** Numbers of the newest events that nobody has seen. */
@Service
public final class EventCompleter extends KnownNames {

    @Reference(optional = true)
    EventLog eventLog;

    @Override
    boolean isThere() {
        return eventLog != null;
    }

    @Override
    Stream<String> names(List<String> words) {
        EventFilter unseen = new EventFilter(null, null, null, null, null, false, null);
        return eventLog.list(unseen, new PageRequest(50, null)).items().stream()
                .map(event -> Long.toString(event.id()));
    }
}
