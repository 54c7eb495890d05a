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
 * @param diskGb GB (of 10^9 octets) of one local disk
 * @param gpus graphics processors
 * @param tags each of them the machine has; one without a value with any
 */
public record Requirements(int cpus, int cpuMhz, long memoryMb, int nics, int diskGb, int gpus, List<Tag> tags) {

    /** Anything will do. */
    public static final Requirements NONE = new Requirements(0, 0, 0, 0);

    public Requirements {
        tags = List.copyOf(tags);
        if (cpus < 0 || cpuMhz < 0 || memoryMb < 0 || nics < 0 || diskGb < 0 || gpus < 0) {
            throw QrmException.invalid(
                    "set requirements", "", "a requirement is negative", "Give 0 for what does not matter.");
        }
    }

    /** Without tags. */
    public Requirements(int cpus, int cpuMhz, long memoryMb, int nics) {
        this(cpus, cpuMhz, memoryMb, nics, List.of());
    }

    /** Whatever its disks and graphics processors. */
    public Requirements(int cpus, int cpuMhz, long memoryMb, int nics, List<Tag> tags) {
        this(cpus, cpuMhz, memoryMb, nics, 0, 0, tags);
    }

    /** The same with these tags instead. */
    public Requirements tagged(List<Tag> wanted) {
        return new Requirements(cpus, cpuMhz, memoryMb, nics, diskGb, gpus, wanted);
    }

    /** What satisfies both, with the tags of this one. */
    public Requirements and(Requirements other) {
        return new Requirements(
                Math.max(cpus, other.cpus),
                Math.max(cpuMhz, other.cpuMhz),
                Math.max(memoryMb, other.memoryMb),
                Math.max(nics, other.nics),
                Math.max(diskGb, other.diskGb),
                Math.max(gpus, other.gpus),
                tags);
    }
}
