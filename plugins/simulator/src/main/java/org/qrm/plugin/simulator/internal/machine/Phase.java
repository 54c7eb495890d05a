package org.qrm.plugin.simulator.internal.machine;

import java.util.Locale;

/** Where a simulated machine is. */
public enum Phase {
    OFF,
    /** Firmware and boot loader. */
    LOADING,
    /** Kernel and initrd, not registered yet. */
    STARTING,
    /** Registered, in the idle environment. */
    IDLE,
    /** Told to start an image, and on the way. */
    MOUNTING,
    /** Inside the image. */
    ACTIVE,
    /** On its way down. */
    STOPPING,
    /** Started from its own disk; not heard of. */
    LOCAL_DISK,
    /** Hangs. */
    HUNG,
    /** A partition whose CPUs stand still. */
    PAUSED;

    /** As commands spell it: {@code local-disk}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
