package org.qrm.api.audit;

import java.time.Instant;

/**
 * Which entries; null for any.
 *
 * @param user who asked
 * @param from the earliest time
 * @param to the time before which they are
 */
public record AuditFilter(String user, Instant from, Instant to) {}
