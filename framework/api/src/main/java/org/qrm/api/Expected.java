package org.qrm.api;

/**
 * What somebody who asks for a change has seen of a thing (optimistic locking). A service asks in the step that changes it,
 * with the thing as it is in that step, so that nobody else can change it in between and nobody waits.
 *
 * @param <T> the thing, as the service's {@code find} gives it
 */
@FunctionalInterface
public interface Expected<T> {

    /**
     * Must return at once: rows may be locked meanwhile. Asked again when the step is repeated.
     *
     * @param now the thing as it is; null when there is none
     * @throws QrmException when it is not what was seen; nothing is changed then
     */
    void check(T now);

    /** Whoever asks takes the thing as it is. */
    static <T> Expected<T> any() {
        return now -> {};
    }
}
