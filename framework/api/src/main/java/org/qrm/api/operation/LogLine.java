package org.qrm.api.operation;

import java.time.Instant;

/** A line of an operation's log. */
public record LogLine(Instant time, String text) {}
