package org.qrm.api.search;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.Expected;

/** Queries that users come back to; each user has their own. What a query means, whoever carries it out knows. */
@ProviderType
public interface SavedFilters {

    /** A user has so many at most. */
    int MOST = 50;

    /** In the order of their names; none of a user whom nobody knows. */
    List<SavedFilter> of(String user);

    /** The user's filter of that name. */
    default Optional<SavedFilter> find(String user, String name) {
        return of(user).stream().filter(filter -> filter.name().equals(name)).findFirst();
    }

    /**
     * Keeps it.
     *
     * @param filter its name has 1 to 63 letters, digits, blanks and {@code . _ - , : = + ( )}, and begins with a letter or digit; its
     *     query at most 500 characters, all of them shown
     * @throws org.qrm.api.QrmException INVALID; CONFLICT when the user has one of that name; REFUSED beyond {@link #MOST}
     */
    void create(SavedFilter filter);

    /**
     * Puts another name or query in its place.
     *
     * @param filter of the same user
     * @throws org.qrm.api.QrmException NOT_FOUND; INVALID; CONFLICT when the user has another one of the new name
     */
    void update(String name, SavedFilter filter, Expected<SavedFilter> expected);

    /** @throws org.qrm.api.QrmException NOT_FOUND */
    void delete(String user, String name, Expected<SavedFilter> expected);

    /** All of a user, who is no more. */
    void deleteAll(String user);
}
