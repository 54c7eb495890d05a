package org.qrm.plugin.simulator.internal.machine;

import java.util.Locale;

/** What can be wrong with a simulated machine. */
public enum Fault {
    NONE,
    /** Works, but is not heard of any more. */
    SILENT,
    /** Fetches its boot configuration and then hangs. */
    NEVER_BOOTS,
    /** Cannot mount what it is told to. */
    MOUNT_ERROR,
    /** Takes ten times as long for everything. */
    SLOW,
    /** Registers with the boot token of an earlier boot, as a thief of that token would. */
    REUSE_TOKEN;

    /** As commands spell it: {@code never-boots}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException when there is no such fault */
    public static Fault ofWord(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
