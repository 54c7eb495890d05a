package org.qrm.commands;

import java.util.Objects;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.user.Role;

/**
 * Who asks.
 *
 * @param name the user's name
 * @param role the greatest of the user's roles, or the lesser one of the token
 * @param means how the user was recognised
 * @param firstPassword whether the user has the password still that the server made, and so may do nothing but change it
 */
public record Caller(String name, Role role, Means means, boolean firstPassword) {

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

    /** With a password that somebody chose. */
    public Caller(String name, Role role, Means means) {
        this(name, role, means, false);
    }

    /** By password. */
    public Caller(String name, Role role) {
        this(name, role, Means.PASSWORD);
    }

    /**
     * Whoever does more than to look who they are, and to change their own password, asks this first.
     *
     * @throws QrmException FORBIDDEN for the password that the server made
     */
    public void requireOwnPassword() {
        if (firstPassword) {
            throw new QrmException(new Problem(
                    Problem.Kind.FORBIDDEN,
                    "serve the request",
                    "",
                    "the password that the server made for " + name + " opens nothing until it is changed",
                    "Change it with: qrm user password " + name + ", in the web console, or by POST /api/v1/users/"
                            + name + "/password."));
        }
    }
}
