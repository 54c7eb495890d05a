package org.qrm.shell.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.api.operation.Operations;

/** A command that starts work, which goes on by itself; with {@code --wait} the command shows its steps to the end. */
public abstract class WorkCommand extends ShowingCommand {

    private static final Duration LOOK = Duration.ofMillis(500);

    @Reference(optional = true)
    Operations operations;

    @Option(name = "--wait", description = "Wait until it has ended, showing its steps.")
    boolean wait;

    @Option(name = "--timeout", description = "With --wait: seconds to wait at most; the work goes on.")
    int timeout;

    /** Shows an operation that was just asked for, or waits for it. */
    final void work(Operation operation) throws InterruptedException {
        if (wait) {
            await(operation);
        } else if (json()) {
            item(View.of(operation));
        } else {
            say(title(operation) + " is " + Json.word(operation.state()) + ". Follow it: qrm:operation-wait "
                    + operation.id());
        }
    }

    /** Waits for an operation; fails if it fails. */
    final void await(Operation operation) throws InterruptedException {
        say(title(operation));
        Operation last = follow(operation.id());
        if (json()) {
            item(View.of(last, operations.log(last.id())));
        }
        if (last.state() != OperationState.DONE) {
            throw new QrmException(new Problem(
                    last.state().ended() ? Problem.Kind.FAILED : Problem.Kind.TIMEOUT,
                    "finish operation",
                    String.valueOf(last.id()),
                    last.state().ended() ? reason(last) : "it is still " + Json.word(last.state()) + " and goes on",
                    last.state().ended() ? "" : "Cancel it: qrm:operation-cancel " + last.id()));
        }
        say(title(last) + " is done.");
    }

    private Operation follow(long id) throws InterruptedException {
        Instant end = timeout > 0 ? Instant.now().plusSeconds(timeout) : Instant.MAX;
        Map<Integer, OperationState> seen = new HashMap<>();
        while (true) {
            Operation operation = operations.await(id, LOOK);
            for (int i = 0; i < operation.steps().size(); i++) {
                Operation.Step step = operation.steps().get(i);
                if (step.state() != OperationState.QUEUED && seen.put(i, step.state()) != step.state()) {
                    say("  " + step.name() + ": " + Json.word(step.state()));
                }
            }
            if (operation.state().ended() || Instant.now().isAfter(end)) {
                return operation;
            }
        }
    }

    private static String reason(Operation operation) {
        return operation.reason().isEmpty() ? "it was " + Json.word(operation.state()) : operation.reason();
    }

    static String title(Operation operation) {
        return "Operation " + operation.id() + " (" + operation.kind() + " on " + operation.subject() + ")";
    }
}
