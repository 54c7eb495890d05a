package org.qrm.rest.internal.fake;

import javax.servlet.http.HttpServletRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.rest.internal.access.Authentication;
import org.qrm.rest.internal.access.Caller;
import org.qrm.rest.internal.access.Role;

/** Knows viewer, operator and admin, each with the password {@code <name>-secret}. */
public final class FakeLogin implements Authentication {

    @Override
    public Caller authenticate(HttpServletRequest request) {
        for (Role role : Role.values()) {
            String name = role.name().toLowerCase(java.util.Locale.ROOT);
            if (RestServer.basic(name, name + "-secret").equals(request.getHeader("Authorization"))) {
                return new Caller(name, role);
            }
        }
        throw new QrmException(new Problem(Problem.Kind.UNAUTHENTICATED, "log in", "", "nobody knows you", ""));
    }
}
