package org.qrm.api.power;

import org.osgi.annotation.versioning.ProviderType;

/** Whether machines have power, as those say who switch it. */
@ProviderType
public interface MachinePower {

    /**
     * Asks now.
     *
     * @param resource its number
     * @throws org.qrm.api.QrmException NOT_FOUND; UNAVAILABLE when no plug-in controls its power; whatever the plug-in says when it
     *     is not told; TIMEOUT
     */
    PowerState of(long resource);
}
