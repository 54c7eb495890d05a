package org.qrm.api.resource;

import java.util.List;
import java.util.Map;

/**
 * What a machine reported to be made of.
 *
 * @param cpus logical CPUs, 0 while unknown
 * @param cpuMhz clock of one CPU in MHz, 0 while unknown
 * @param memoryMb memory in MiB, 0 while unknown
 * @param nics network cards, the one it boots from first
 * @param diskGb the largest disk in GB of 10^9 octets, 0 while none is known
 * @param gpus graphics processors, without those that a BMC shows its screen by
 * @param details {@code arch kernel vendor product serial uuid}, {@value #BMC_ADDRESS} and {@value #SECURE_BOOT}, as far as they are known, and
 *     {@value #LEFT_OUT}
 */
public record Hardware(
        int cpus,
        int cpuMhz,
        long memoryMb,
        List<NetworkCard> nics,
        int diskGb,
        int gpus,
        Map<String, String> details) {

    /** The detail that names what a machine reported and nobody could read. */
    public static final String LEFT_OUT = "left-out";

    /** The detail with the IPv4 address of its BMC, as the machine itself tells it. */
    public static final String BMC_ADDRESS = "bmc-address";

    /** The detail that is {@code on} where the firmware starts only what is signed, {@code off} where it could do that. */
    public static final String SECURE_BOOT = "secure-boot";

    /** Of a machine that never registered. */
    public static final Hardware UNKNOWN = new Hardware(0, 0, 0, List.of(), Map.of());

    /** Without disks and graphics processors. */
    public Hardware(int cpus, int cpuMhz, long memoryMb, List<NetworkCard> nics, Map<String, String> details) {
        this(cpus, cpuMhz, memoryMb, nics, 0, 0, details);
    }

    public Hardware {
        nics = List.copyOf(nics);
        details = Map.copyOf(details);
    }
}
