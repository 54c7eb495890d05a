package org.qrm.api.node;

/**
 * What a running machine says, every few seconds.
 *
 * @param resource its id
 * @param nodeToken the secret of its registration
 * @param state where it is
 * @param load one-minute load average
 * @param memoryFreeMb available memory in MiB
 * @param uptimeSeconds time since its kernel started
 * @param receivedBytes bytes that came in by its cards since it started, or -1 if it does not tell
 * @param sentBytes the same that went out
 * @param error why the last instruction failed, or empty
 */
public record Report(
        long resource,
        String nodeToken,
        NodeState state,
        double load,
        long memoryFreeMb,
        long uptimeSeconds,
        long receivedBytes,
        long sentBytes,
        String error) {

    /** It does not tell of its cards. */
    public Report(
            long resource,
            String nodeToken,
            NodeState state,
            double load,
            long memoryFreeMb,
            long uptimeSeconds,
            String error) {
        this(resource, nodeToken, state, load, memoryFreeMb, uptimeSeconds, -1, -1, error);
    }

    /** Where a machine is. */
    public enum NodeState {
        /** In the initrd. */
        IDLE,
        /** In the initrd, mounting its image. */
        MOUNTING,
        /** Its image is mounted, and the system in it starts. */
        STARTING,
        /** Inside the booted image, with all boot services. */
        ACTIVE,
        /** On its way down. */
        STOPPING
    }

    /** Leaves the secret out. */
    @Override
    public String toString() {
        return "Report[resource=" + resource + ", state=" + state + "]";
    }
}
