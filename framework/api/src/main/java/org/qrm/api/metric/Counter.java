package org.qrm.api.metric;

import org.osgi.annotation.versioning.ProviderType;

/** Counts what happens. Costs some nanoseconds, on however many threads. */
@ProviderType
public interface Counter {

    /** @param more not negative */
    void add(long more);

    default void increment() {
        add(1);
    }
}
