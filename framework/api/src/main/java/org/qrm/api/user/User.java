package org.qrm.api.user;

import java.util.Objects;

/**
 * Who may log in. Holds no password and nothing to guess one from.
 *
 * @param name 1 to 32 lower-case letters, digits, {@code . _ -}, starting with a letter
 * @param role the greatest that the user has; null for a user that has none and so may do nothing
 * @param version opaque; another one after each change of password or role. For comparison on the server only
 * @param firstPassword whether the password is the one that the server made at its first start; it must be changed before
 *     the user may do anything else
 */
public record User(String name, Role role, String version, boolean firstPassword) {
    public User {
        Objects.requireNonNull(name);
        Objects.requireNonNull(version);
    }

    /** A user with a password that somebody chose. */
    public User(String name, Role role, String version) {
        this(name, role, version, false);
    }
}
