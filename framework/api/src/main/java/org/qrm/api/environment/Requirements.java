package org.qrm.api.environment;

import java.util.List;
import java.util.regex.Pattern;
import org.qrm.api.Name;
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
 * @param devices for each of them the machine has a device with this text in its kind, its model or its serial number, in small
 *     letters or great ones; at most {@value #MOST_DEVICES}, of 1 to {@value #MOST_CHARACTERS} printable characters
 *     without a comma, as none of a device has
 */
public record Requirements(
        int cpus, int cpuMhz, long memoryMb, int nics, int diskGb, int gpus, List<Tag> tags, List<String> devices) {

    public static final int MOST_DEVICES = 16;
    public static final int MOST_CHARACTERS = 64;

    private static final Pattern PRINTABLE =
            Pattern.compile("(?!.*,)[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S} ]{1," + MOST_CHARACTERS + "}");

    /** Anything will do. */
    public static final Requirements NONE = new Requirements(0, 0, 0, 0);

    public Requirements {
        tags = List.copyOf(tags);
        devices = devices.stream().map(Requirements::device).distinct().toList();
        if (devices.size() > MOST_DEVICES) {
            throw QrmException.invalid(
                    "set requirements",
                    "",
                    devices.size() + " devices are asked for",
                    "Ask for " + MOST_DEVICES + " at most.");
        }
        if (cpus < 0 || cpuMhz < 0 || memoryMb < 0 || nics < 0 || diskGb < 0 || gpus < 0) {
            throw QrmException.invalid(
                    "set requirements", "", "a requirement is negative", "Give 0 for what does not matter.");
        }
    }

    private static String device(String asked) {
        String text = asked.strip();
        if (!PRINTABLE.matcher(text).matches()) {
            throw QrmException.invalid(
                    "set requirements",
                    Name.printable(asked),
                    "that is no text by which a device is known",
                    "Give 1 to " + MOST_CHARACTERS
                            + " printable characters of its kind, model or serial number, without a comma.");
        }
        return text;
    }

    /** Without tags. */
    public Requirements(int cpus, int cpuMhz, long memoryMb, int nics) {
        this(cpus, cpuMhz, memoryMb, nics, List.of());
    }

    /** Whatever its disks and graphics processors. */
    public Requirements(int cpus, int cpuMhz, long memoryMb, int nics, List<Tag> tags) {
        this(cpus, cpuMhz, memoryMb, nics, 0, 0, tags);
    }

    /** Whatever other devices it has. */
    public Requirements(int cpus, int cpuMhz, long memoryMb, int nics, int diskGb, int gpus, List<Tag> tags) {
        this(cpus, cpuMhz, memoryMb, nics, diskGb, gpus, tags, List.of());
    }

    /** The same with these tags instead. */
    public Requirements tagged(List<Tag> wanted) {
        return new Requirements(cpus, cpuMhz, memoryMb, nics, diskGb, gpus, wanted, devices);
    }

    /** What satisfies both, with the tags and the devices of this one. */
    public Requirements and(Requirements other) {
        return new Requirements(
                Math.max(cpus, other.cpus),
                Math.max(cpuMhz, other.cpuMhz),
                Math.max(memoryMb, other.memoryMb),
                Math.max(nics, other.nics),
                Math.max(diskGb, other.diskGb),
                Math.max(gpus, other.gpus),
                tags,
                devices);
    }
}
