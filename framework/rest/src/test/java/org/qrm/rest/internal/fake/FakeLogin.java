package org.qrm.rest.internal.fake;

import java.util.Locale;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.user.Logins;
import org.qrm.api.user.Role;
import org.qrm.api.user.TooManyAttempts;
import org.qrm.api.user.User;

/**
 * Knows viewer, operator and admin, each with the password {@code <name>-secret}, and first, an admin with the password that
 * the server made; of malformed logins, fifty are free.
 */
public final class FakeLogin implements Logins {

    private static final int FREE = 50;

    private int malformed;

    @Override
    public User login(String user, String password, String address) {
        for (Role role : Role.values()) {
            String name = role.name().toLowerCase(Locale.ROOT);
            if (name.equals(user) && password.equals(name + "-secret")) {
                return new User(name, role, "");
            }
        }
        if (user.equals("first") && password.equals("first-secret")) {
            return new User("first", Role.ADMIN, "", true);
        }
        throw new QrmException(new Problem(Problem.Kind.UNAUTHENTICATED, "log in", "", "nobody knows you", ""));
    }

    @Override
    public synchronized void malformed(String address) {
        if (malformed++ >= FREE) {
            throw new TooManyAttempts(7);
        }
    }
}
