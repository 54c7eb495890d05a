package org.qrm.api.environment;

import org.qrm.api.QrmException;

/**
 * What a virtual environment needs at least; 0 means any.
 *
 * @param cpus logical CPUs
 * @param cpuMhz MHz of one CPU
 * @param memoryMb MiB
 * @param nics network cards
 */
public record Requirements(int cpus, int cpuMhz, long memoryMb, int nics) {

    /** Anything will do. */
    public static final Requirements NONE = new Requirements(0, 0, 0, 0);

    public Requirements {
        if (cpus < 0 || cpuMhz < 0 || memoryMb < 0 || nics < 0) {
            throw QrmException.invalid(
                    "set requirements", "", "a requirement is negative", "Give 0 for what does not matter.");
        }
    }
}
