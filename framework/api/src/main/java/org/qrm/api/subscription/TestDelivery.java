package org.qrm.api.subscription;

import java.time.Duration;

/**
 * What came of a test.
 *
 * @param accepted whether the receiver took the event
 * @param status what it answered in HTTP or SMTP; 0 when it did not answer
 * @param took until the answer was there, or was given up
 * @param reason why it did not take it; empty when it did
 */
public record TestDelivery(boolean accepted, int status, Duration took, String reason) {}
