package org.qrm.api.node;

/**
 * The answer to a registration.
 *
 * @param resource id of the resource
 * @param nodeToken secret for the reports of this boot
 * @param authorizedKey the server's public key for qrm-execd, {@code type base64}
 * @param intervalSeconds time between reports
 * @param instruction what to do now
 */
public record Registered(
        long resource, String nodeToken, String authorizedKey, int intervalSeconds, Instruction instruction) {

    /** Leaves the secret out. */
    @Override
    public String toString() {
        return "Registered[resource=" + resource + ", instruction=" + instruction + "]";
    }
}
