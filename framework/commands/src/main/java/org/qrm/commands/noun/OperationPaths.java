package org.qrm.commands.noun;

import java.util.List;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationField;
import org.qrm.api.operation.OperationPart;
import org.qrm.api.operation.PartState;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Items;
import org.qrm.commands.ListQuery;
import org.qrm.commands.QueryParameter;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** Operations: how far work is, and cancelling it. */
public final class OperationPaths implements Paths {

    static final ListQuery<OperationField> LIST = ListQuery.of(Sort.from(OperationField.ID));

    private static final QueryParameter<PartState> STATE =
            QueryParameter.of("state", PartState.class, "only those that stand there");

    private final ApiServices services;

    enum Verb {
        CANCEL
    }

    record PartView(
            @About("which: resource/17") String subject,
            @About("what it was called") String name,
            @About("where it stands") PartState state,

            @About(value = "the operation that is about this one alone; null as long as there is none", optional = true)
            Long operation,

            @About("why it was refused, has failed or was cancelled, else empty")
            String reason) {

        static PartView of(OperationPart part) {
            return new PartView(part.subject(), part.name(), part.state(), part.operation(), part.reason());
        }
    }

    record Action(@About("what to do") Verb action) {}

    public OperationPaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/operations", "Lists operations.")
                        .listed(LIST)
                        .answersListOf(OperationView.class)
                        .typed(VerbSketch.of("operation", "list")
                                .newest()
                                .columns("id", "kind", "subject", "state", "PROGRESS=progress%", "created", "reason"))
                        .by(this::list),
                Route.get("/operations/{id}", "One operation, with its log.")
                        .query(Route.WAIT)
                        .answers(200, OperationView.class)
                        .typed(VerbSketch.of("operation", "show")
                                .about("Shows an operation with its steps and its log."))
                        .by(this::get),
                Route.get("/operations/{id}/log", "The log, oldest line first, at most the newest 1000 lines.")
                        .paged()
                        .answersListOf(OperationView.LineView.class)
                        .by(this::log),
                Route.get(
                                "/operations/{id}/parts",
                                "What an operation on many things does with each, in their order; none of another operation.")
                        .query(STATE)
                        .paged()
                        .answersListOf(PartView.class)
                        .typed(VerbSketch.of("operation", "parts")
                                .about("Lists what became of each thing of an operation on many.")
                                .columns("name", "state", "operation", "reason"))
                        .by(this::parts),
                Route.post("/operations/{id}/actions", "Cancels it; it ends when what it did is undone.")
                        .takes(Action.class)
                        .answers(202, OperationView.class)
                        .typed(VerbSketch.action("operation", "cancel")
                                .about("Asks for an end; it ends when what it did so far is undone."))
                        .by(this::act));
    }

    private Answer list(Call call) {
        return Answer.ok(LIST.answer(call, services.operations()::list, OperationView::of));
    }

    private Answer get(Call call) {
        Operation operation = find(call);
        return Answer.ok(OperationView.of(operation, services.operations().log(operation.id())));
    }

    private Answer log(Call call) {
        return Answer.ok(Items.of(services.operations().log(find(call).id()), call.page(), OperationView.LineView::of));
    }

    private Answer parts(Call call) {
        return Answer.ok(
                Items.of(services.operations().parts(find(call).id(), call.query(STATE), call.page()), PartView::of));
    }

    private Answer act(Call call) throws Exception {
        call.body(Action.class);
        return OperationView.accepted(services.operations().cancel(find(call).id()));
    }

    private Operation find(Call call) {
        long id = call.number("id", "operation");
        return services.operations()
                .find(id)
                .orElseThrow(() -> QrmException.notFound("find operation", "operation", Long.toString(id)));
    }
}
