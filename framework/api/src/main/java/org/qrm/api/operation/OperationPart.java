package org.qrm.api.operation;

import java.util.Objects;

/**
 * What an operation on many things does with one of them.
 *
 * @param subject {@code resource/17}
 * @param name as it was called when it was asked for
 * @param state where it stands
 * @param operation the operation that is about this one alone; null as long as there is none, and for what is done at once
 * @param reason why it was refused, has failed or was cancelled, else empty
 */
public record OperationPart(String subject, String name, PartState state, Long operation, String reason) {
    public OperationPart {
        Objects.requireNonNull(subject);
        Objects.requireNonNull(name);
        Objects.requireNonNull(state);
        Objects.requireNonNull(reason);
    }
}
