package org.qrm.core.operation;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.operation.LogLine;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationField;
import org.qrm.api.operation.OperationPart;
import org.qrm.api.operation.OperationState;
import org.qrm.api.operation.Operations;
import org.qrm.api.operation.PartState;
import org.qrm.core.store.Database;

/** Operations as others see them. */
public final class OperationService implements Operations {

    /** How often to look at an operation that another server may carry out. */
    private static final long POLL_NANOS = 500_000_000;

    private final Database database;
    private final OperationEngine engine;

    public OperationService(Database database, OperationEngine engine) {
        this.database = database;
        this.engine = engine;
    }

    @Override
    public Optional<Operation> find(long id) {
        return database.read(handle -> OperationRows.find(handle, id)).map(row -> row.toOperation(row.progress()));
    }

    @Override
    public Page<Operation> list(Filter<OperationField> filter, Sort<OperationField> sort, PageRequest page) {
        return database.read(handle -> OperationRows.LISTING.page(handle, filter, sort, page));
    }

    @Override
    public long count(Filter<OperationField> filter, int most) {
        return database.glance(handle -> OperationRows.LISTING.count(handle, filter, most));
    }

    @Override
    public Map<OperationState, Long> countByState() {
        return database.glance(OperationRows::countByState);
    }

    @Override
    public List<LogLine> log(long id) {
        return database.read(handle -> OperationRows.log(handle, id));
    }

    @Override
    public Page<OperationPart> parts(long id, PartState state, PageRequest page) {
        return database.read(handle -> PartRows.page(handle, id, state, page));
    }

    @Override
    public Operation cancel(long id) {
        Operation operation =
                find(id).orElseThrow(() -> QrmException.notFound("cancel operation", "operation", String.valueOf(id)));
        if (operation.state().ended() || !engine.cancel(id)) {
            throw QrmException.conflict(
                    "cancel operation", String.valueOf(id), "it has ended already", "There is nothing to cancel.");
        }
        return find(id).orElseThrow();
    }

    @Override
    public Operation await(long id, Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        CompletableFuture<Void> ended = engine.end(id);
        while (true) {
            Operation operation = find(id).orElseThrow(
                            () -> QrmException.notFound("await operation", "operation", String.valueOf(id)));
            long left = end - System.nanoTime();
            if (operation.state().ended() || left <= 0) {
                engine.forgetEnd(id);
                return operation;
            }
            rest(ended, Math.min(left, POLL_NANOS));
        }
    }

    private static void rest(CompletableFuture<Void> ended, long nanos) throws InterruptedException {
        try {
            ended.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException lookAgain) {
            return;
        } catch (ExecutionException never) {
            throw new IllegalStateException(never);
        }
    }
}
