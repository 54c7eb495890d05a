package org.qrm.api.audit;

/**
 * Whether the log is as it was written.
 *
 * @param entries how many are whole, from the first that is there on
 * @param firstBroken number of the first entry that was changed, or is missing; null when all is as it was written
 * @param reason what is wrong with it; empty when nothing is
 */
public record AuditVerification(long entries, Long firstBroken, String reason) {}
