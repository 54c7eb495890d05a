package org.qrm.core.node;

import java.time.Instant;
import java.util.List;

/**
 * Why a machine may be silent, and what to do.
 *
 * @param reason for its row
 * @param remedy for the event
 */
record Silence(String reason, String remedy) {

    private static final String BY_HAND = "look at its power, cables and console";

    /**
     * Of a partition the server knows which plug-in it hangs on. Of another machine it does not: a plug-in may be its power, its network
     * boot or, if it is simulated, all of it. So a missing one is named first, and not blamed.
     *
     * @param partitionOf the plug-in that looks after a partition, or empty
     * @param missing plug-ins that are registered and not there
     */
    static Silence of(Instant since, String partitionOf, List<String> missing) {
        String silent = "silent since " + since;
        if (missing.contains(partitionOf)) {
            return new Silence(
                    silent + "; its plug-in " + partitionOf + " is not there",
                    "its plug-in " + partitionOf + " is not there: bring that back first");
        }
        if (missing.isEmpty()) {
            return new Silence(silent, BY_HAND);
        }
        String names = String.join(", ", missing);
        return new Silence(
                silent + "; plug-ins that are not there: " + names,
                "plug-ins that are registered are not there (" + names
                        + "): if it hangs on one, bring that back first; else " + BY_HAND);
    }
}
