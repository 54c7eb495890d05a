package org.qrm.api.request;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The keys that callers gave their requests, so that a request which is sent again, because its answer was lost, is not
 * done again. A key is one user's own, and is kept for a day.
 */
@ProviderType
public interface RequestKeys {

    /**
     * How a request ended.
     *
     * @param status HTTP status, 200..299
     * @param location path of what came of it; null when nothing has an address
     */
    record Outcome(int status, String location) {}

    /**
     * Notes that a request begins; durable when this returns.
     *
     * @param user 1 to 256 characters
     * @param key 1 to 200 characters
     * @param fingerprint another one for another request, at most 64 characters
     * @return how it ended when it was done before; empty when it is to be done now
     * @throws org.qrm.api.QrmException CONFLICT when the key was given to another request, or when the end of the request
     *     was never noted
     */
    Optional<Outcome> begin(String user, String key, String fingerprint);

    /** Notes how the request ended; durable when this returns. */
    void end(String user, String key, Outcome outcome);

    /** Forgets a request that has changed nothing: it may be asked again. */
    void forget(String user, String key);
}
