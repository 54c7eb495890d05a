package org.qrm.core.operation;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.qrm.api.QrmException;
import org.qrm.api.operation.OperationState;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;

/** What steps do with the database on behalf of an operation that this server holds: nothing, once another has it. */
abstract class HeldOperation implements Work, NotedCalls {

    final Database database;
    final long id;

    // touched by the running thread alone
    OperationRow row;
    OperationKind kind;
    long fence;
    int step;

    /** When the step that rests looks again by itself, or null. */
    Duration lookAgain;

    HeldOperation(Database database, long id) {
        this.database = database;
        this.id = id;
    }

    /** The row is ended and its lanes are free, in this transaction. */
    abstract void ended(Change change);

    @Override
    public final long operation() {
        return id;
    }

    @Override
    public final Instant asked() {
        return row.created();
    }

    @Override
    public final <P extends Record> P parameters(Class<P> of) {
        return Parameters.read(row.parameters(), of);
    }

    @Override
    public final <T> T read(Function<Handle, T> query) {
        return database.read(query);
    }

    @Override
    public final <T> T change(Function<Change, T> changes) {
        return database.change(change -> {
            held(OperationRows.keepHeld(change.handle(), id, fence));
            return changes.apply(change);
        });
    }

    @Override
    public final Step.Outcome complete(Consumer<Change> changes) {
        boolean last = step == kind.steps().size() - 1;
        database.change(change -> {
            held(
                    last
                            ? OperationRows.end(change.handle(), id, fence, OperationState.DONE, step, null)
                            : OperationRows.moveTo(change.handle(), id, fence, step + 1));
            changes.accept(change);
            if (last) {
                ended(change);
            }
            return null;
        });
        return Step.Outcome.COMPLETED;
    }

    @Override
    public final Step.Outcome lookAgainIn(Duration time) {
        lookAgain = time;
        return Step.Outcome.WAIT;
    }

    @Override
    public final void assertHeld() {
        held(database.read(handle -> OperationRows.isHeld(handle, id, fence)));
    }

    @Override
    public final void log(String line) {
        database.change(change -> {
            OperationRows.say(change.handle(), id, fence, line);
            return null;
        });
    }

    @Override
    public final void calling(String who) {
        int ends = change(change -> {
            int before = OperationCalls.ends(change.handle(), id, who);
            if (before < OperationCalls.MOST_ENDS) {
                OperationCalls.begin(change.handle(), id, who);
            }
            return before;
        });
        if (ends >= OperationCalls.MOST_ENDS) {
            throw new QrmException(Reasons.endsTheServer(who, ends));
        }
    }

    @Override
    public final void called(String who) {
        change(change -> {
            OperationCalls.end(change.handle(), id, who);
            return null;
        });
    }

    final void held(boolean is) {
        if (!is) {
            throw new FencedException(id);
        }
    }
}
