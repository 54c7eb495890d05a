package org.qrm.plugin.xen.internal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.operation.LogLine;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationField;
import org.qrm.api.operation.OperationState;
import org.qrm.api.operation.Operations;
import org.qrm.api.operation.WorkContext;

/** Waits for another operation and shows its progress and log as its own. */
final class OperationFollower {

    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Operations operations;

    OperationFollower(Operations operations) {
        this.operations = operations;
    }

    /** The operation on that subject that has not ended, if any. */
    Optional<Operation> underWay(String subject) {
        Page<Operation> newest = operations.list(Filter.by(OperationField.SUBJECT, subject), new PageRequest(10, null));
        return newest.items().stream().filter(each -> !each.state().ended()).findFirst();
    }

    /** Whether somebody asked for the end of what is under way on that subject. */
    boolean cancelRequested(String subject) {
        return underWay(subject).filter(Operation::cancelRequested).isPresent()
                || operations
                        .list(Filter.by(OperationField.SUBJECT, subject), new PageRequest(1, null))
                        .items()
                        .stream()
                        .anyMatch(newest -> newest.state() == OperationState.CANCELLED);
    }

    /**
     * Waits for its end.
     *
     * @param from where it begins within this call, 0..1; its own end is at 1
     * @throws QrmException FAILED with its reason unless it ends well
     * @throws CancelledException when this call is to end before
     */
    void follow(Operation followed, double from, WorkContext work) {
        LogLine last = null;
        Operation now = followed;
        while (true) {
            last = tell(now.id(), last, work);
            work.progress(from + (1 - from) * now.progress(), doing(now));
            if (now.state().ended()) {
                break;
            }
            work.checkpoint();
            now = await(now, LOOK);
        }
        if (now.state() != OperationState.DONE) {
            throw QrmException.failed(
                    attempt(now.kind()),
                    now.subject().substring(now.subject().indexOf('/') + 1),
                    now.reason().isEmpty() ? "it was cancelled" : now.reason(),
                    "Operation " + now.id() + " has the details.",
                    null);
        }
    }

    /** {@code filesystem-image.create} is to create a filesystem image. */
    static String attempt(String kind) {
        int dot = kind.indexOf('.');
        return (kind.substring(dot + 1) + " " + kind.substring(0, Math.max(0, dot)))
                .replace('-', ' ')
                .strip();
    }

    /** Asks for its end and waits for that, at most so long. */
    void cancel(Operation operation, Duration atMost) {
        Operation now = operations.find(operation.id()).orElse(operation);
        if (!now.state().ended()) {
            operations.cancel(now.id());
            await(now, atMost);
        }
    }

    private Operation await(Operation operation, Duration atMost) {
        try {
            return operations.await(operation.id(), atMost);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted");
        }
    }

    private LogLine tell(long operation, LogLine last, WorkContext work) {
        List<LogLine> lines = operations.log(operation);
        int next = last == null ? 0 : lines.lastIndexOf(last) + 1;
        lines.subList(next, lines.size()).forEach(line -> work.log(line.text()));
        return lines.isEmpty() ? last : lines.get(lines.size() - 1);
    }

    private static String doing(Operation operation) {
        return operation.steps().stream()
                .filter(step -> step.state() == OperationState.RUNNING)
                .map(Operation.Step::name)
                .findFirst()
                .orElse(operation.kind());
    }
}
