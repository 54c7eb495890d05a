package org.qrm.rest.internal.access;

import java.util.Optional;
import java.util.Set;

/** Knows users and their passwords. */
interface PasswordCheck {

    /**
     * The roles of a user, by name.
     *
     * @return empty when there is no such user or the password is wrong
     * @throws org.qrm.api.QrmException UNAVAILABLE while nobody can be checked
     */
    Optional<Set<String>> roles(String user, String password);
}
