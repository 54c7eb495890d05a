package org.qrm.core.partition;

import org.qrm.api.QrmException;
import org.qrm.api.partition.HostCapacity;
import org.qrm.api.partition.PartitionSize;

/** Whether partitions fit on a host: pure functions that refuse with the figures. */
final class Room {

    private static final int MOST_AT_ONCE = 64;
    private static final int MOST_CPUS = 512;
    private static final long MOST_MEMORY = 16_777_216;

    private Room() {}

    /** @throws QrmException INVALID */
    static void checkSize(String attempted, String subject, PartitionSize size) {
        if (size.cpus() < 1 || size.cpus() > MOST_CPUS) {
            throw invalid(attempted, subject, size.cpus() + " CPUs", "Give 1 to " + MOST_CPUS + ".");
        }
        if (size.cpuMhz() < 0) {
            throw invalid(attempted, subject, size.cpuMhz() + " MHz", "Give 0 for all of a CPU, or a share in MHz.");
        }
        if (size.memoryMb() < 1 || size.memoryMb() > MOST_MEMORY) {
            throw invalid(attempted, subject, size.memoryMb() + " MiB of memory", "Give 1 to " + MOST_MEMORY + ".");
        }
    }

    /** @throws QrmException INVALID */
    static void checkCount(String attempted, String subject, int count) {
        if (count < 1 || count > MOST_AT_ONCE) {
            throw invalid(attempted, subject, count + " partitions at once", "Give 1 to " + MOST_AT_ONCE + ".");
        }
    }

    /**
     * @param promisedMb MiB that partitions will take which the host does not know of yet
     * @throws QrmException REFUSED
     */
    static void checkFit(
            String attempted, String host, HostCapacity capacity, long promisedMb, int count, PartitionSize size) {
        checkCpus(attempted, host, capacity, size);
        long each = size.memoryMb() + capacity.overheadMb();
        long needed = each * count;
        long free = Math.max(0, capacity.memoryFreeMb() - promisedMb);
        if (needed > free) {
            String promised =
                    promisedMb == 0 ? "" : ", after " + promisedMb + " MiB for partitions that are being created";
            throw QrmException.refused(
                    attempted,
                    host,
                    needed + " MiB are needed (" + count + " × (" + size.memoryMb() + " + "
                            + capacity.overheadMb() + " of overhead)), " + free + " MiB are free of "
                            + capacity.memoryMb() + " beside " + capacity.memoryReservedMb()
                            + " for the host itself" + promised,
                    each > free
                            ? "Give less memory, or remove other partitions of this host."
                            : "Up to " + free / each + " of this size fit; create fewer, or smaller ones.");
        }
    }

    /** @throws QrmException REFUSED */
    static void checkCpus(String attempted, String host, HostCapacity capacity, PartitionSize size) {
        if (size.cpus() > capacity.cpus()) {
            throw QrmException.refused(
                    attempted,
                    host,
                    size.cpus() + " CPUs were asked for, the host has " + capacity.cpus(),
                    "Give " + capacity.cpus() + " at most.");
        }
        if (size.cpuMhz() > capacity.cpuMhz()) {
            throw QrmException.refused(
                    attempted,
                    host,
                    size.cpuMhz() + " MHz were asked for, a CPU of the host has " + capacity.cpuMhz(),
                    "Give " + capacity.cpuMhz() + " at most, or 0 for all of it.");
        }
    }

    private static QrmException invalid(String attempted, String subject, String reason, String remedy) {
        return QrmException.invalid(attempted, subject, reason + " were asked for", remedy);
    }
}
