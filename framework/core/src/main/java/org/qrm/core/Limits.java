package org.qrm.core;

import java.time.Duration;

/**
 * How long the server waits for machines.
 *
 * @param silence after which a machine that should report counts as lost
 * @param boot from the order to start an environment to the report from inside the image
 * @param release from the order to leave an environment to the registration as idle
 * @param call of a plug-in's listener
 */
public record Limits(Duration silence, Duration boot, Duration release, Duration call) {

    /** What suits most sites. */
    public static final Limits DEFAULT =
            new Limits(Duration.ofSeconds(45), Duration.ofMinutes(15), Duration.ofMinutes(10), Duration.ofSeconds(30));
}
