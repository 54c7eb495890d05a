package org.qrm.rest.internal.stream;

import java.util.List;
import org.qrm.commands.Answer;
import org.qrm.commands.Call;
import org.qrm.commands.Content;
import org.qrm.commands.Route;
import org.qrm.commands.noun.EventPaths;
import org.qrm.commands.noun.Paths;
import org.qrm.rest.internal.access.Authentication;
import org.qrm.rest.internal.http.HttpCall;

/** The stream of new events. */
public final class EventStreamPaths implements Paths {

    private final EventStreams streams;
    private final Authentication authentication;

    public EventStreamPaths(EventStreams streams, Authentication authentication) {
        this.streams = streams;
        this.authentication = authentication;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get(
                        "/events/stream",
                        "New events as server-sent events: the id is the event's number, the data the event as"
                                + " in the list. With the header Last-Event-ID, or afterId, it starts after"
                                + " that event; else with the next one. It ends after half an hour; a client"
                                + " goes on with Last-Event-ID.")
                .query(EventPaths.AFTER_ID)
                .header("Last-Event-ID", "number of the last event that arrived")
                .answers(200, Content.raw("text/event-stream"))
                .by(this::stream));
    }

    private Answer stream(Call call) throws Exception {
        HttpCall http = (HttpCall) call;
        streams.open(
                http.request(),
                http.response(),
                http.query(EventPaths.AFTER_ID),
                http.caller().name(),
                authentication.standing(http.request(), http.caller()));
        return Answer.STREAMED;
    }
}
