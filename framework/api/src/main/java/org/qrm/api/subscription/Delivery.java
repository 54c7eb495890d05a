package org.qrm.api.subscription;

import java.time.Instant;

/**
 * How far a subscription has come.
 *
 * @param event number of the event that its receiver took last; null before the first
 * @param time when the receiver took it; null before the first
 * @param behind how many events of the log it has still to be sent
 * @param lost how many events were forgotten by the log before it could be sent them, ever
 * @param refused how many events its receiver would not take although it took others, and were passed over, ever
 * @param attempts that failed since the receiver last took an event
 * @param failure why the last of them failed; empty when it did not
 * @param nextAttempt when it is tried again; null when nothing failed, or it is not enabled
 */
public record Delivery(
        Long event,
        Instant time,
        long behind,
        long lost,
        long refused,
        int attempts,
        String failure,
        Instant nextAttempt) {}
