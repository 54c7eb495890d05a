package org.qrm.commands.noun;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.qrm.api.ListField;
import org.qrm.api.Sort;
import org.qrm.api.event.Alert;
import org.qrm.api.event.InCommon;
import org.qrm.api.event.Priority;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.ListQuery;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** What is wrong at present: the events that say so, by their type. */
public final class AlertPaths implements Paths {

    private static final ListQuery<Field> LIST = ListQuery.of(Sort.by(Field.TYPE));

    private final ApiServices services;

    enum Field implements ListField {
        TYPE(Use.sorts());

        private final Use use;

        Field(Use use) {
            this.use = use;
        }

        @Override
        public Use use() {
            return use;
        }
    }

    enum Verb {
        ACKNOWLEDGE
    }

    record Action(
            @About("what to do") Verb action,

            @About(value = "number of the last event that was seen; all that there are without it", optional = true)
            Long upTo,

            @About(value = "what others should know; an event tells it, and who it was", optional = true, most = 200)
            String note) {}

    record AlertView(
            @About("the type that the events share: resource.silent")
            String type,

            @About("how much the worst matters") Priority priority,
            @About("how many things they are about") long subjects,
            @About("how many events they are") long events,
            @About("when the first of them came") Instant since,
            @About("when the last of them came") Instant last,
            @About("number of the last") long newest,

            @About("what the newest are about, at most 3") List<String> examples,

            @About("what many of these machines have in common, and few others: maybe the cause; at most 3")
            List<InCommonView> inCommon,

            @About("what the last says") String description) {

        static AlertView of(Alert alert) {
            return new AlertView(
                    alert.type(),
                    alert.priority(),
                    alert.subjects(),
                    alert.events(),
                    alert.since(),
                    alert.newest().time(),
                    alert.newest().id(),
                    alert.examples(),
                    alert.inCommon().stream().map(InCommonView::of).toList(),
                    alert.newest().description());
        }
    }

    record InCommonView(
            @About("of what it is") InCommon.Kind kind,

            @About("the switch that they are plugged in at, their host, or the tag")
            String name,

            @About("what finds all machines that have it") String query,
            @About("how many machines of the alert have it") long affected,
            @About("how many machines have it") long all) {

        static InCommonView of(InCommon common) {
            return new InCommonView(common.kind(), common.name(), common.query(), common.affected(), common.all());
        }
    }

    record Acknowledged(
            @About("the type of the events") String type,
            @About("how many are marked as seen") long events) {}

    public AlertPaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(
                                "/alerts",
                                "What is wrong at present, by type: the warnings and worse that are not over and that nobody has"
                                        + " seen.")
                        .listed(LIST)
                        .answersListOf(AlertView.class)
                        .typed(VerbSketch.of("alert", "list")
                                .about("Lists what is wrong at present, by type of event.")
                                .columns("type", "priority", "subjects", "events", "since", "description"))
                        .by(call -> Answer.ok(LIST.answer(
                                call,
                                Field.TYPE,
                                services.eventLog().alerts().stream()
                                        .map(AlertView::of)
                                        .toList()))),
                Route.post("/alerts/{type}/actions", "Marks all events of an alert as seen.")
                        .takes(Action.class)
                        .answers(200, Acknowledged.class)
                        .typed(VerbSketch.action("alert", "acknowledge")
                                .about("Marks all events of a type as seen.")
                                .done("{events} events of {type} are acknowledged."))
                        .by(this::act));
    }

    private Answer act(Call call) throws Exception {
        Action action = call.body(Action.class);
        String type = call.path("type");
        long upTo = action.upTo() == null ? Long.MAX_VALUE : action.upTo();
        String note = Objects.requireNonNullElse(action.note(), "").strip();
        long events = services.eventLog().acknowledge(type, upTo, call.caller().name(), note);
        return Answer.ok(new Acknowledged(type, events));
    }
}
