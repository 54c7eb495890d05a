package org.qrm.api.metric;

import org.osgi.annotation.versioning.ProviderType;

/** Tells how long something takes. Costs some nanoseconds, on however many threads. */
@ProviderType
public interface Timing {

    /** @param nanos what it took once; less than 0 counts as 0 */
    void add(long nanos);

    /** @param start what {@link System#nanoTime} said when it began */
    default void since(long start) {
        add(System.nanoTime() - start);
    }
}
