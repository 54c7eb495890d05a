package org.qrm.core.operation;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.operation.LogLine;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationState;
import org.qrm.api.operation.Operations;
import org.qrm.core.store.Cursor;
import org.qrm.core.store.Database;

/** Operations as others see them. */
public final class OperationService implements Operations {

    private static final long POLL_MILLIS = 50;

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
    public Page<Operation> list(OperationState state, String subject, PageRequest page) {
        long before = Cursor.number(page, Long.MAX_VALUE);
        List<Operation> rows =
                database.read(handle -> OperationRows.list(handle, state, subject, before, page.limit() + 1)).stream()
                        .map(row -> row.toOperation(row.progress()))
                        .toList();
        return Cursor.page(rows, page, operation -> String.valueOf(operation.id()));
    }

    @Override
    public Map<OperationState, Long> countByState() {
        return database.read(OperationRows::countByState);
    }

    @Override
    public List<LogLine> log(long id) {
        return database.read(handle -> OperationRows.log(handle, id));
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
        while (true) {
            Operation operation = find(id).orElseThrow(
                            () -> QrmException.notFound("await operation", "operation", String.valueOf(id)));
            if (operation.state().ended() || System.nanoTime() >= end) {
                return operation;
            }
            Thread.sleep(POLL_MILLIS);
        }
    }
}
