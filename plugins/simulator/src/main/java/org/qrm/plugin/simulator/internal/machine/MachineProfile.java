package org.qrm.plugin.simulator.internal.machine;

import java.time.Duration;

/**
 * What a kind of simulated machines is made of, and how fast they are.
 *
 * @param cpus logical CPUs
 * @param cpuMhz clock in MHz
 * @param memoryMb memory in MiB
 * @param nics network cards, 1..16; the first one boots
 * @param loaderTime from power-on to the request of the boot loader
 * @param kernelTime from the load of the kernel to the registration
 * @param mountTime for the mount of an image
 * @param imageTime from the mount to the moment when the image is up
 * @param stopTime for an orderly shutdown of an image
 */
public record MachineProfile(
        int cpus,
        int cpuMhz,
        long memoryMb,
        int nics,
        Duration loaderTime,
        Duration kernelTime,
        Duration mountTime,
        Duration imageTime,
        Duration stopTime) {

    /** A small server that boots in a few seconds. */
    public static final MachineProfile DEFAULT =
            new MachineProfile(4, 2400, 8192, 2, millis(500), millis(500), millis(200), millis(2000), millis(500));

    public MachineProfile {
        if (cpus < 1 || cpuMhz < 1 || memoryMb < 1 || nics < 1 || nics > 16) {
            throw new IllegalArgumentException(
                    "a machine has at least one CPU, 1 MHz, 1 MiB and 1 to 16 network cards");
        }
    }

    /** The same hardware, faster or slower. */
    public MachineProfile withSpeed(double factor) {
        return new MachineProfile(
                cpus,
                cpuMhz,
                memoryMb,
                nics,
                scaled(loaderTime, factor),
                scaled(kernelTime, factor),
                scaled(mountTime, factor),
                scaled(imageTime, factor),
                scaled(stopTime, factor));
    }

    /** The same speed, other hardware. */
    public MachineProfile withHardware(int newCpus, int newCpuMhz, long newMemoryMb, int newNics) {
        return new MachineProfile(
                newCpus, newCpuMhz, newMemoryMb, newNics, loaderTime, kernelTime, mountTime, imageTime, stopTime);
    }

    /** The same machine, with a boot loader that takes another time. */
    MachineProfile withLoaderTime(Duration newLoaderTime) {
        return new MachineProfile(
                cpus, cpuMhz, memoryMb, nics, newLoaderTime, kernelTime, mountTime, imageTime, stopTime);
    }

    private static Duration scaled(Duration time, double factor) {
        return Duration.ofNanos((long) (time.toNanos() / factor));
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }
}
