package org.qrm.api.resource;

import java.time.Instant;

/**
 * How loaded a machine was in a minute.
 *
 * @param minute its beginning
 * @param load mean of the one-minute load averages that the machine reported in it, 0..655.35
 */
public record LoadSample(Instant minute, double load) {}
