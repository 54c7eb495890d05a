package org.qrm.core.operation;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.qrm.api.operation.WorkContext;
import org.qrm.core.store.Change;

/** One run of a step: what it knows, and how it changes things. */
public interface Work extends WorkContext {

    /** Id of the operation. */
    long operation();

    /** When the operation was asked for. */
    Instant asked();

    /**
     * As the operation was asked for.
     *
     * @param kind the record that its kind was submitted with
     */
    <P extends Record> P parameters(Class<P> kind);

    /** Reads; whether this server still holds the operation is asked when something is changed. */
    <T> T read(Function<Handle, T> query);

    /**
     * Changes rows, provided that this server still holds the operation.
     *
     * @throws FencedException when another server has taken it over: nothing is changed then
     */
    <T> T change(Function<Change, T> changes);

    /** Changes rows, and in the same transaction takes the step as done; the last step ends the operation. */
    Step.Outcome complete(Consumer<Change> changes);

    /** Rests the step, but looks again after that time even if nothing changes on its lanes. */
    Step.Outcome lookAgainIn(Duration time);

    /** Throws unless this server still holds the operation; before an effect outside the database. */
    void assertHeld();
}
