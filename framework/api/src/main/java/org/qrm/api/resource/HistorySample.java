package org.qrm.api.resource;

import java.time.Instant;

/**
 * How a machine, or all of them together, did in a step of time: means over the minutes in which there were reports. They are kept with 11
 * binary digits.
 *
 * @param from its beginning
 * @param heard share of its minutes in which there were reports, 0..1
 * @param machines how many machines reported; 1 for one machine
 * @param used how many of them were bound to a virtual environment; for one machine the share of the time, 0..1
 * @param load one-minute load averages; of all machines the sum
 * @param memoryUsedMb MiB that were not available to programs; of all machines the sum
 * @param receivedKbs KiB a second that came in by the machine's cards, or NaN where it does not tell; of all machines the sum
 * @param sentKbs the same that went out
 */
public record HistorySample(
        Instant from,
        double heard,
        double machines,
        double used,
        double load,
        double memoryUsedMb,
        double receivedKbs,
        double sentKbs) {}
