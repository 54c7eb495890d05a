package org.qrm.rest.internal.access;

import java.util.Objects;
import org.qrm.api.user.Role;

/**
 * Who asks.
 *
 * @param name the user's name
 * @param role the greatest of the user's roles
 */
public record Caller(String name, Role role) {
    public Caller {
        Objects.requireNonNull(name);
        Objects.requireNonNull(role);
    }
}
