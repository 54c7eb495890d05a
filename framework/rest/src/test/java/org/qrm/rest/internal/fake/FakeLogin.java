package org.qrm.rest.internal.fake;

import java.util.Locale;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.user.Role;
import org.qrm.commands.Caller;
import org.qrm.commands.PasswordLogin;

/** Knows viewer, operator and admin, each with the password {@code <name>-secret}. */
public final class FakeLogin implements PasswordLogin {

    @Override
    public Caller login(String user, String password, String address) {
        for (Role role : Role.values()) {
            String name = role.name().toLowerCase(Locale.ROOT);
            if (name.equals(user) && password.equals(name + "-secret")) {
                return new Caller(name, role);
            }
        }
        throw new QrmException(new Problem(Problem.Kind.UNAUTHENTICATED, "log in", "", "nobody knows you", ""));
    }
}
