package org.qrm.rest.internal.fake;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.operation.LogLine;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationField;
import org.qrm.api.operation.OperationPart;
import org.qrm.api.operation.OperationState;
import org.qrm.api.operation.Operations;
import org.qrm.api.operation.PartState;

/** Operations that stay queued until somebody cancels them. */
public final class FakeOperations implements Operations {

    /** What becomes of those who wait for an end. */
    public volatile RuntimeException lost;

    public Filter<OperationField> lastFilter;
    public Sort<OperationField> lastSort;

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private final Map<Long, Operation> operations = new TreeMap<>();

    public synchronized Operation queue(String kind, String subject) {
        return put(operations.size() + 1, kind, subject, OperationState.QUEUED, "");
    }

    private Operation put(long id, String kind, String subject, OperationState state, String reason) {
        List<Operation.Step> steps = List.of(new Operation.Step("first", state));
        boolean cancelled = state == OperationState.CANCELLED;
        Problem problem = cancelled ? new Problem(Problem.Kind.CONFLICT, "finish " + kind, subject, reason, "") : null;
        Operation operation = new Operation(
                id, kind, subject, null, state, 0.25, "", steps, reason, problem, cancelled, NOW, null, null);
        operations.put(id, operation);
        notifyAll();
        return operation;
    }

    @Override
    public synchronized Optional<Operation> find(long id) {
        return Optional.ofNullable(operations.get(id));
    }

    @Override
    public synchronized Page<Operation> list(
            Filter<OperationField> filter, Sort<OperationField> sort, PageRequest page) {
        lastFilter = filter;
        lastSort = sort;
        List<Operation> found = new ArrayList<>(operations.values());
        found.removeIf(operation -> Pages.isOther(filter, OperationField.STATE, operation.state()));
        found.removeIf(operation -> Pages.isOther(filter, OperationField.SUBJECT, operation.subject()));
        found.sort(Comparator.comparing(Operation::id).reversed());
        return Pages.cut(found, page);
    }

    @Override
    public List<LogLine> log(long id) {
        return List.of(new LogLine(NOW, "asked for"), new LogLine(NOW, "begun"));
    }

    @Override
    public Page<OperationPart> parts(long id, PartState state, PageRequest page) {
        List<OperationPart> parts = new ArrayList<>(List.of(
                new OperationPart("resource/1", "node-1", PartState.DONE, 7L, ""),
                new OperationPart("resource/3", "node-3", PartState.REFUSED, null, "it is off")));
        parts.removeIf(part -> state != null && part.state() != state);
        return Pages.cut(parts, page);
    }

    @Override
    public synchronized Operation cancel(long id) {
        Operation operation = find(id).orElseThrow(() -> QrmException.notFound("cancel", "operation", "" + id));
        if (operation.state().ended()) {
            throw QrmException.conflict("cancel operation", "" + id, "it has ended", "");
        }
        return put(id, operation.kind(), operation.subject(), OperationState.CANCELLED, "cancelled on request");
    }

    @Override
    public synchronized Operation await(long id, Duration atMost) throws InterruptedException {
        if (lost != null) {
            throw lost;
        }
        long end = System.nanoTime() + atMost.toNanos();
        while (!operations.get(id).state().ended() && System.nanoTime() < end) {
            wait(50);
        }
        return operations.get(id);
    }
}
