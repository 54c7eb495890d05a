package org.qrm.login.internal;

import java.util.Optional;
import java.util.Set;

/** Knows users and their passwords. */
interface PasswordCheck {

    /**
     * What a user may do.
     *
     * @return empty when there is no such user or the password is wrong
     * @throws org.qrm.api.QrmException UNAVAILABLE while nobody can be checked
     */
    Optional<Set<Role>> rolesOf(String name, char[] password);

    /** Whether that user has the password still that the server made. */
    default boolean isFirst(String name) {
        return false;
    }
}
