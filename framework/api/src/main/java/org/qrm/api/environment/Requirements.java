package org.qrm.api.environment;

import java.util.List;
import org.qrm.api.QrmException;
import org.qrm.api.Tag;

/**
 * What a virtual environment needs at least; 0 means any.
 *
 * @param cpus logical CPUs
 * @param cpuMhz MHz of one CPU
 * @param memoryMb MiB
 * @param nics network cards
 * @param tags each of them the machine has; one without a value with any
 */
public record Requirements(int cpus, int cpuMhz, long memoryMb, int nics, List<Tag> tags) {

    /** Anything will do. */
    public static final Requirements NONE = new Requirements(0, 0, 0, 0, List.of());

    public Requirements {
        tags = List.copyOf(tags);
        if (cpus < 0 || cpuMhz < 0 || memoryMb < 0 || nics < 0) {
            throw QrmException.invalid(
                    "set requirements", "", "a requirement is negative", "Give 0 for what does not matter.");
        }
    }

    /** Without tags. */
    public Requirements(int cpus, int cpuMhz, long memoryMb, int nics) {
        this(cpus, cpuMhz, memoryMb, nics, List.of());
    }
}
