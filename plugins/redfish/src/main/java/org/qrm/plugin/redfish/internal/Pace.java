package org.qrm.plugin.redfish.internal;

import java.time.Duration;

/**
 * How patiently a machine is switched.
 *
 * @param look pause between two looks at its power
 * @param repeat after how long an order that had no effect is given again: services lose some
 * @param request how long one request may take, with its whole answer
 * @param reserve of the deadline of the work, to tell what was wrong
 */
record Pace(Duration look, Duration repeat, Duration request, Duration reserve) {

    /** Services are silent for half a minute now and then. */
    static final Pace STANDARD =
            new Pace(Duration.ofSeconds(2), Duration.ofSeconds(20), Duration.ofSeconds(45), Duration.ofSeconds(3));

    /** Of whoever waits for an answer at a terminal. */
    static final Pace BRISK =
            new Pace(Duration.ofSeconds(1), Duration.ofSeconds(20), Duration.ofSeconds(10), Duration.ofSeconds(1));
}
