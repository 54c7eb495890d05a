package org.qrm.commands;

import java.util.Objects;
import org.qrm.api.user.Role;

/**
 * Who asks.
 *
 * @param name the user's name
 * @param role the greatest of the user's roles, or the lesser one of the token
 * @param means how the user was recognised
 */
public record Caller(String name, Role role, Means means) {

    /** How somebody is recognised. */
    public enum Means {
        PASSWORD,
        SESSION,
        TOKEN,
        /** By Karaf, at its console. */
        CONSOLE
    }

    public Caller {
        Objects.requireNonNull(name);
        Objects.requireNonNull(role);
        Objects.requireNonNull(means);
    }

    /** By password. */
    public Caller(String name, Role role) {
        this(name, role, Means.PASSWORD);
    }
}
