package org.qrm.core.store;

import org.jdbi.v3.core.statement.SqlStatement;
import org.qrm.api.event.Priority;

/**
 * Events that the log forgets: up to a number, of one priority or of all.
 *
 * @param last number of the newest of them
 * @param of null for all priorities
 */
public record OldEvents(long last, Priority of) {

    /** Which they are; {@link #bind} says the rest. */
    public static final String CONDITION = "id <= :last and priority between :least and :most";

    /** All up to that one. */
    public static OldEvents upTo(long last) {
        return new OldEvents(last, null);
    }

    /** Whether none is left of what was recorded before. */
    public boolean areAll() {
        return of == null;
    }

    /** Gives a statement with {@link #CONDITION} what it asks for. */
    public <T extends SqlStatement<T>> T bind(T statement) {
        return statement
                .bind("last", last)
                .bind("least", areAll() ? 0 : of.ordinal())
                .bind("most", areAll() ? Priority.values().length : of.ordinal());
    }
}
