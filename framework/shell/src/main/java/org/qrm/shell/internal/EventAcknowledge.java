package org.qrm.shell.internal;

import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.event.Event;
import org.qrm.api.event.EventLog;
import org.qrm.api.user.Role;

/** {@code qrm:event-acknowledge}. */
@Service
@Needs(Role.OPERATOR)
@Command(scope = "qrm", name = "event-acknowledge", description = "Marks events as seen.")
public final class EventAcknowledge extends ShowingCommand {

    @Reference(optional = true)
    EventLog eventLog;

    @Argument(index = 0, name = "ids", description = "Numbers of the events.", required = true, multiValued = true)
    @Completion(EventCompleter.class)
    List<Long> ids;

    @Override
    void run() {
        for (long id : ids) {
            Event event = eventLog.acknowledge(id);
            if (json()) {
                item(View.of(event));
            }
            say("Event " + id + " is acknowledged.");
        }
    }
}
