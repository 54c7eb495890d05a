package org.qrm.api.metric;

import org.osgi.annotation.versioning.ProviderType;

/**
 * All metrics of one name.
 *
 * @param <M> what they are
 */
@ProviderType
public interface Family<M> {

    /**
     * The one whose labels have these values; the same object each time, so who counts often may keep it. There are 1,000 at most: what
     * comes after that is counted together, with the value {@code other} for each label.
     *
     * @param values as many as there are labels; only the first 100 characters count, and null is the empty text
     * @throws IllegalArgumentException there are not as many
     */
    M with(String... values);
}
