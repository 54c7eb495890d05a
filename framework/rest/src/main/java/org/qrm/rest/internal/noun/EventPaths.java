package org.qrm.rest.internal.noun;

import java.util.List;
import org.qrm.api.event.EventFilter;
import org.qrm.api.event.Priority;
import org.qrm.rest.internal.access.Authentication;
import org.qrm.rest.internal.http.About;
import org.qrm.rest.internal.http.Answer;
import org.qrm.rest.internal.http.Call;
import org.qrm.rest.internal.http.Content;
import org.qrm.rest.internal.http.Items;
import org.qrm.rest.internal.http.QueryParameter;
import org.qrm.rest.internal.http.Route;
import org.qrm.rest.internal.services.ApiServices;
import org.qrm.rest.internal.stream.EventStreams;

/** Stored events, and the stream of new ones. */
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
    private static final QueryParameter<Long> AFTER_ID =
            QueryParameter.of("afterId", Long.class, "only with greater numbers");

    private final ApiServices services;
    private final EventStreams streams;
    private final Authentication authentication;

    enum Verb {
        ACKNOWLEDGE
    }

    record Action(@About("what to do") Verb action) {}

    public EventPaths(ApiServices services, EventStreams streams, Authentication authentication) {
        this.authentication = authentication;
        this.services = services;
        this.streams = streams;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/events", "Lists events, newest first.")
                        .query(AT_LEAST, SOURCE, TYPE, SUBJECT, RESOURCE, ACKNOWLEDGED, AFTER_ID)
                        .paged()
                        .answersListOf(EventView.class)
                        .by(this::list),
                Route.get(
                                "/events/stream",
                                "New events as server-sent events: the id is the event's number, the data the event as"
                                        + " in the list. With the header Last-Event-ID, or afterId, it starts after"
                                        + " that event; else with the next one. It ends after half an hour; a client"
                                        + " goes on with Last-Event-ID.")
                        .query(AFTER_ID)
                        .header("Last-Event-ID", "number of the last event that arrived")
                        .answers(200, Content.raw("text/event-stream"))
                        .by(this::stream),
                Route.post("/events/{id}/actions", "Marks an event as seen.")
                        .takes(Action.class)
                        .answers(200, EventView.class)
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

    private Answer stream(Call call) throws Exception {
        streams.open(
                call.request(),
                call.response(),
                call.query(AFTER_ID),
                authentication.standing(call.request(), call.caller()));
        return Answer.STREAMED;
    }

    private Answer act(Call call) throws Exception {
        call.body(Action.class);
        return Answer.ok(EventView.of(services.eventLog().acknowledge(call.number("id", "event"))));
    }
}
