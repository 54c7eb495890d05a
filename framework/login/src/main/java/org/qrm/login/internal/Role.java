package org.qrm.login.internal;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a user may do. Each stands for itself, and for what Karaf calls the same on its console. Only an administrator
 * has {@code ssh}, which opens the console: the language of its shell redirects output into any file of the server and
 * calls any Java method, whatever commands it offers.
 */
enum Role {
    /** Everything, the container itself included. */
    ADMIN(Set.of("admin", "manager", "viewer", "systembundles", "ssh")),
    /** Runs the site: virtual environments, resources, images. */
    OPERATOR(Set.of("operator", "viewer")),
    /** Looks. */
    VIEWER(Set.of("viewer"));

    private final Set<String> principals;

    Role(Set<String> principals) {
        this.principals = principals;
    }

    static Optional<Role> named(String name) {
        for (Role role : values()) {
            if (role.text().equals(name)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    Set<String> principals() {
        return principals;
    }
}
