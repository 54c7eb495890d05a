package org.qrm.api.search;

import java.util.Objects;

/**
 * A query of a list that somebody comes back to.
 *
 * @param user whose it is
 * @param name as the user calls it, as {@link SavedFilters} has it
 * @param list what it narrows
 * @param query as people type it: {@code state:error tag:rack=7}; may be empty
 */
public record SavedFilter(String user, String name, FilteredList list, String query) {

    public SavedFilter {
        Objects.requireNonNull(user);
        Objects.requireNonNull(name);
        Objects.requireNonNull(list);
        Objects.requireNonNull(query);
    }
}
