package org.qrm.commands.noun;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.qrm.api.operation.LogLine;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ProblemBody;

/** An operation as it is answered. */
record OperationView(
        @About("its number, ascending") long id,
        @About("what is done: virtual-environment.start") String kind,
        @About("on what: resource/17") String subject,

        @About(value = "the operation on many things that it is a part of", optional = true)
        Long partOf,

        @About("where it stands") OperationState state,
        @About("0..1") double progress,

        @About("what it said last of what it is at; else empty")
        String doing,

        @About("its steps in order") List<StepView> steps,

        @JsonInclude(JsonInclude.Include.NON_NULL)
        @About(value = "its log, oldest line first; only when one operation is asked for", optional = true)
        List<LineView> log,

        @About("why it failed or was cancelled, in a sentence, else empty")
        String reason,

        @JsonInclude(JsonInclude.Include.NON_NULL)
        @About(
                value = "the same whole, as a request that fails is answered; missing for one that did neither",
                optional = true)
        ProblemBody problem,

        @About("whether somebody asked to cancel it") boolean cancelRequested,
        @About("when it was asked for") Instant created,

        @About(value = "when its first step began", optional = true)
        Instant started,

        @About(value = "when it ended", optional = true) Instant finished) {

    record StepView(
            @About("its name") String name,
            @About("where it stands") OperationState state) {}

    record LineView(
            @About("when") Instant time,
            @About("what was said") String text) {
        static LineView of(LogLine line) {
            return new LineView(line.time(), line.text());
        }
    }

    static OperationView of(Operation operation) {
        return of(operation, null);
    }

    static OperationView of(Operation operation, List<LogLine> log) {
        return new OperationView(
                operation.id(),
                operation.kind(),
                operation.subject(),
                operation.partOf(),
                operation.state(),
                operation.progress(),
                operation.doing(),
                operation.steps().stream()
                        .map(step -> new StepView(step.name(), step.state()))
                        .toList(),
                log == null ? null : log.stream().map(LineView::of).toList(),
                operation.reason(),
                operation.problem() == null ? null : ProblemBody.of(operation.problem()),
                operation.cancelRequested(),
                operation.created(),
                operation.started(),
                operation.finished());
    }

    /** Work was asked for: 202, with where to look on. */
    static Answer accepted(Operation operation) {
        return Answer.accepted("/operations/" + operation.id(), of(operation));
    }
}
