package org.qrm.core.operation;

import java.util.List;
import org.qrm.api.Problem;

/**
 * What operations of one kind do. Registered with the engine by whoever carries them out.
 *
 * <p>After a crash the step that was under way runs again: every step bears repetition.
 */
public interface OperationKind {

    /** {@code virtual-environment.start}. */
    String name();

    /** In the order in which they run; the same for all operations of the kind. */
    List<Step> steps();

    /**
     * Puts right what the steps did, after a failure or a cancel. Bears repetition. May fail: then the operation ends
     * FAILED with both reasons.
     *
     * @param why the failure, or that it was cancelled
     */
    void undo(Work work, Problem why);
}
