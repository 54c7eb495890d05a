package org.qrm.api.user;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.Expected;

/** The server's own users. Those of a directory (LDAP) that the site adds are not among them. */
@ProviderType
public interface Users {

    /** All, in the order of their names. */
    List<User> list();

    /** The user of that name; a name that could be none is found nowhere. */
    Optional<User> find(String name);

    /**
     * Adds a user; it is durable when this returns, as are the other changes.
     *
     * @param password 8 to 256 characters, none of them a control character
     * @throws org.qrm.api.QrmException INVALID for what can be no name or password; CONFLICT when the name is taken
     */
    User create(String name, String password, Role role);

    /**
     * Gives a user another password.
     *
     * @throws org.qrm.api.QrmException INVALID for what can be no password; NOT_FOUND
     */
    User setPassword(String name, String password);

    /**
     * Gives a user another role.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND; REFUSED when no administrator would be left
     */
    default User setRole(String name, Role role) {
        return setRole(name, role, Expected.any());
    }

    /** The same, while it is still as expected. */
    User setRole(String name, Role role, Expected<User> expected);

    /**
     * Removes a user.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND; REFUSED when no administrator would be left
     */
    default void delete(String name) {
        delete(name, Expected.any());
    }

    /** The same, while it is still as expected. */
    void delete(String name, Expected<User> expected);
}
