package org.qrm.api.operation;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.qrm.api.Problem;

/**
 * A piece of work and where it stands.
 *
 * @param id given when it is asked for, ascending
 * @param kind {@code virtual-environment.start}, {@code resource.reboot}, {@code filesystem-image.create} …
 * @param subject on what: {@code virtual-environment/web1}, {@code resource/17}
 * @param partOf the operation on many things that it is a part of, or null
 * @param state where it stands
 * @param progress 0..1
 * @param doing what it said last of what it is at, for people: {@code 37 of 120 done, 2 failed}; else empty
 * @param steps its steps in order
 * @param reason why it failed or was cancelled, in a sentence, else empty
 * @param problem the same whole; null for one that did neither, or did so before the server had this
 * @param cancelRequested whether somebody asked to cancel it
 * @param created when it was asked for
 * @param started when its first step began, or null
 * @param finished when it ended, or null
 */
public record Operation(
        long id,
        String kind,
        String subject,
        Long partOf,
        OperationState state,
        double progress,
        String doing,
        List<Step> steps,
        String reason,
        Problem problem,
        boolean cancelRequested,
        Instant created,
        Instant started,
        Instant finished) {

    /**
     * One step.
     *
     * @param name {@code open-export}
     * @param state QUEUED, RUNNING, DONE, FAILED or CANCELLED
     */
    public record Step(String name, OperationState state) {}

    public Operation {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(subject);
        Objects.requireNonNull(state);
        Objects.requireNonNull(doing);
        steps = List.copyOf(steps);
        Objects.requireNonNull(reason);
        Objects.requireNonNull(created);
    }

    /** One that is no part of another, has not said what it is at, and has no problem that is kept whole. */
    public Operation(
            long id,
            String kind,
            String subject,
            OperationState state,
            double progress,
            List<Step> steps,
            String reason,
            boolean cancelRequested,
            Instant created,
            Instant started,
            Instant finished) {
        this(
                id,
                kind,
                subject,
                null,
                state,
                progress,
                "",
                steps,
                reason,
                null,
                cancelRequested,
                created,
                started,
                finished);
    }
}
