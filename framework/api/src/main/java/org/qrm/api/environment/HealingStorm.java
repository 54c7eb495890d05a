package org.qrm.api.environment;

import java.time.Instant;

/**
 * Whether so many machines of virtual environments are lost at once that healing waits.
 *
 * @param since when that began; null while healing does not wait
 * @param machines of virtual environments that should report; a partition that is lost with its host does not count beside it
 * @param lost how many of them are not heard of
 */
public record HealingStorm(Instant since, int machines, int lost) {}
