package ${package};

import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.event.Event;
import org.qrm.api.event.EventField;
import org.qrm.api.event.EventLog;
import org.qrm.api.resource.Resource;

/** The plug-in's events: it keeps nothing anywhere else. */
@Component(service = Remarks.class)
public final class Remarks {

    private static final String TYPE = SpareMemoryPlugin.ID + ".memory";

    private final EventLog log;

    @Activate
    public Remarks(@Reference EventLog log) {
        this.log = log;
    }

    /** Says it once, until somebody has seen it: the server may call a listener again after a crash. */
    void remarkOn(Resource machine, EnvironmentSpec environment, Settings settings) {
        String subject = "virtual-environment/" + environment.name();
        settings.remark(machine, environment)
                .filter(remark -> open(subject, machine.id()).isEmpty())
                .ifPresent(remark ->
                        log.record(settings.priority(), SpareMemoryPlugin.ID, TYPE, subject, remark, machine.id()));
    }

    void acknowledgeAll() {
        List<Event> open = open(null, null);
        while (!open.isEmpty()) {
            open.forEach(event -> log.acknowledge(event.id()));
            open = open(null, null);
        }
    }

    /** Those that nobody has seen yet; null means any. */
    private List<Event> open(String subject, Long machine) {
        Filter<EventField> filter = Filter.by(EventField.SOURCE, SpareMemoryPlugin.ID)
                .and(EventField.TYPE, TYPE)
                .and(EventField.SUBJECT, subject)
                .and(EventField.RESOURCE, machine)
                .and(EventField.ACKNOWLEDGED, false);
        return log.list(filter, PageRequest.FIRST).items();
    }
}
