package org.qrm.plugin.ipmi.internal;

import java.time.Duration;

/**
 * How patiently a machine is switched.
 *
 * @param look pause between two looks at its power
 * @param repeat after how long an order that had no effect is given again: BMCs lose some
 * @param child how long one ipmitool may take
 * @param reserve before the deadline of the work: nothing is asked then, and half of it is left to tell what was wrong
 * @param retries how often ipmitool asks a BMC that does not answer
 */
record Pace(Duration look, Duration repeat, Duration child, Duration reserve, int retries) {

    /** A machine that is switched off by force may take some 10 s. */
    static final Pace STANDARD =
            new Pace(Duration.ofSeconds(2), Duration.ofSeconds(15), Duration.ofSeconds(20), Duration.ofSeconds(6), 3);
}
