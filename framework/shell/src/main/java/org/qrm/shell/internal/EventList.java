package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.api.PageRequest;
import org.qrm.api.event.EventFilter;
import org.qrm.api.event.EventLog;
import org.qrm.api.event.Priority;
import org.qrm.api.resource.Resources;
import org.qrm.api.user.Role;

/** {@code qrm:event-list}. */
@Service
@Needs(Role.VIEWER)
@Command(scope = "qrm", name = "event-list", description = "Lists events, newest first.")
public final class EventList extends ShowingCommand {

    @Reference(optional = true)
    EventLog eventLog;

    @Reference(optional = true)
    Resources resources;

    @Option(name = "--priority", description = "At least this.")
    @Completion(
            value = StringsCompleter.class,
            values = {"info", "warning", "error", "alarm"})
    String priority;

    @Option(name = "--source", description = "From this part: core, or a plug-in.")
    String source;

    @Option(name = "--type", description = "Of this sort: resource.state")
    String type;

    @Option(name = "--subject", description = "On this: virtual-environment/web1")
    String subject;

    @Option(name = "--resource", description = "Concerning this machine.")
    @Completion(ResourceCompleter.class)
    String resource;

    @Option(name = "--unacknowledged", description = "Only those that nobody has seen.")
    boolean unacknowledged;

    @Option(name = "--limit", description = "At most so many.")
    int limit = 100;

    @Override
    void run() {
        EventFilter filter = new EventFilter(
                constant(Priority.class, "--priority", priority),
                source,
                type,
                subject,
                resource == null
                        ? null
                        : ResourceCommand.find(resources, resource).id(),
                unacknowledged ? Boolean.FALSE : null,
                null);
        list(
                eventLog.list(filter, new PageRequest(limit, null)).items().stream()
                        .map(View::of)
                        .toList(),
                "id",
                "time",
                "priority",
                "source",
                "subject",
                "acknowledged",
                "resolved",
                "description");
    }
}
