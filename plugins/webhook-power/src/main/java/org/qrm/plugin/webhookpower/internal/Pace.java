package org.qrm.plugin.webhookpower.internal;

import java.time.Duration;

/**
 * How patiently a machine is switched.
 *
 * @param look pause between two looks at its power
 * @param repeat after how long an order that had no effect is given again
 * @param request how long one request may take, with its whole answer
 * @param dark between off and on again: power supplies hold for a while
 * @param reserve of the deadline of the work, to tell what was wrong
 */
record Pace(Duration look, Duration repeat, Duration request, Duration dark, Duration reserve) {

    /** A script behind a service may take its time. */
    static final Pace STANDARD = new Pace(
            Duration.ofSeconds(2),
            Duration.ofSeconds(20),
            Duration.ofSeconds(45),
            Duration.ofSeconds(5),
            Duration.ofSeconds(3));
}
