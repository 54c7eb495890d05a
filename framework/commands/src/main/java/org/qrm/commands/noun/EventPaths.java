package org.qrm.commands.noun;

import java.util.List;
import org.qrm.api.Sort;
import org.qrm.api.event.EventField;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.ListQuery;
import org.qrm.commands.QueryParameter;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** Stored events. */
public final class EventPaths implements Paths {

    public static final QueryParameter<Long> AFTER_ID =
            QueryParameter.of("afterId", Long.class, "only with greater numbers");

    static final ListQuery<EventField> LIST = ListQuery.of(Sort.from(EventField.ID));

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
                Route.get("/events", "Lists events.")
                        .listed(LIST)
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
        return Answer.ok(LIST.answer(call, services.eventLog()::list, EventView::of));
    }

    private Answer act(Call call) throws Exception {
        call.body(Action.class);
        return Answer.ok(EventView.of(services.eventLog().acknowledge(call.number("id", "event"))));
    }
}
