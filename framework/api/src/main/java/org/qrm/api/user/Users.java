package org.qrm.api.user;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** The server's own users. Those of a directory (LDAP) that the site adds are not among them. */
@ProviderType
public interface Users {

    /** All, in the order of their names. */
    List<User> list();

    /** The user of that name; a name that could be none is found nowhere. */
    Optional<User> find(String name);
}
