package org.qrm.commands.noun;

import java.util.List;
import org.qrm.api.event.EventFilter;
import org.qrm.api.event.Priority;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Items;
import org.qrm.commands.QueryParameter;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** Stored events. */
public final class EventPaths implements Paths {

    private static final QueryParameter<Priority> AT_LEAST =
            QueryParameter.of("atLeast", Priority.class, "only of this priority or above");
    private static final QueryParameter<String> SOURCE =
            QueryParameter.of("source", String.class, "only from this part");
    private static final QueryParameter<String> TYPE = QueryParameter.of("type", String.class, "only of this sort");
    private static final QueryParameter<String> SUBJECT =
            QueryParameter.of("subject", String.class, "only on this: resource/17");
    private static final QueryParameter<Long> RESOURCE =
            QueryParameter.of("resource", Long.class, "only concerning the resource with this number");
    private static final QueryParameter<Boolean> ACKNOWLEDGED =
            QueryParameter.of("acknowledged", Boolean.class, "only those seen, or only those not seen");
    public static final QueryParameter<Long> AFTER_ID =
            QueryParameter.of("afterId", Long.class, "only with greater numbers");

    private final ApiServices services;

    enum Verb {
        ACKNOWLEDGE
    }

    record Action(@About("what to do") Verb action) {}

    public EventPaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/events", "Lists events, newest first.")
                        .query(AT_LEAST, SOURCE, TYPE, SUBJECT, RESOURCE, ACKNOWLEDGED, AFTER_ID)
                        .paged()
                        .answersListOf(EventView.class)
                        .typed(VerbSketch.of("event", "list")
                                .newest()
                                .called("atLeast", "priority")
                                .names("resource", "resource")
                                .columns(
                                        "id",
                                        "time",
                                        "priority",
                                        "source",
                                        "subject",
                                        "SEEN=acknowledged",
                                        "resolved",
                                        "description"))
                        .by(this::list),
                Route.post("/events/{id}/actions", "Marks an event as seen.")
                        .takes(Action.class)
                        .answers(200, EventView.class)
                        .typed(VerbSketch.action("event", "acknowledge")
                                .about("Marks events as seen.")
                                .many()
                                .done("Event {id} is acknowledged."))
                        .by(this::act));
    }

    private Answer list(Call call) {
        EventFilter filter = new EventFilter(
                call.query(AT_LEAST),
                call.query(SOURCE),
                call.query(TYPE),
                call.query(SUBJECT),
                call.query(RESOURCE),
                call.query(ACKNOWLEDGED),
                call.query(AFTER_ID));
        return Answer.ok(Items.of(services.eventLog().list(filter, call.page()), EventView::of));
    }

    private Answer act(Call call) throws Exception {
        call.body(Action.class);
        return Answer.ok(EventView.of(services.eventLog().acknowledge(call.number("id", "event"))));
    }
}
