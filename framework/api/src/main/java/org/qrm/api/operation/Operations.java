package org.qrm.api.operation;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.Sort;

/** Operations. */
@ProviderType
public interface Operations {

    Optional<Operation> find(long id);

    /** Newest first. */
    default Page<Operation> list(Filter<OperationField> filter, PageRequest page) {
        return list(filter, Sort.from(OperationField.ID), page);
    }

    /** In that order; a page goes on where the one before has ended in the same order. */
    Page<Operation> list(Filter<OperationField> filter, Sort<OperationField> sort, PageRequest page);

    /** How many it lets through, counted up to so many. An implementation counts where it stores them. */
    default long count(Filter<OperationField> filter, int most) {
        return Page.all(page -> list(filter, page)).stream().limit(most).count();
    }

    /** How many are in each state; states without any are absent. An implementation counts where it stores them. */
    default Map<OperationState, Long> countByState() {
        Map<OperationState, Long> counts = new EnumMap<>(OperationState.class);
        for (OperationState state : OperationState.values()) {
            Filter<OperationField> filter = Filter.by(OperationField.STATE, state);
            long count = Page.all(page -> list(filter, page)).size();
            if (count > 0) {
                counts.put(state, count);
            }
        }
        return counts;
    }

    /** The log, oldest line first, at most 1000 lines (the newest). */
    List<LogLine> log(long id);

    /**
     * What an operation on many things does with each, in the order in which they come; none of another operation.
     *
     * @param state only those that stand there; null for all
     */
    default Page<OperationPart> parts(long id, PartState state, PageRequest page) {
        return new Page<>(List.of(), null);
    }

    /**
     * Asks for an end; it ends CANCELLED when what it did so far is undone, or DONE if it was too late.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND; CONFLICT when it has ended
     */
    Operation cancel(long id);

    /** Waits until it has ended, at most so long; returns where it stands then. */
    Operation await(long id, Duration atMost) throws InterruptedException;
}
