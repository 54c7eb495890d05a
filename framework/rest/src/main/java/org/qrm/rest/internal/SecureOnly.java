package org.qrm.rest.internal;

import javax.servlet.http.HttpServletRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

/** Keeps passwords and changes off the plain connector, which exists for boot loaders. */
final class SecureOnly {

    private SecureOnly() {}

    /** @throws QrmException FORBIDDEN over plain HTTP */
    static void check(HttpServletRequest request) {
        if (!request.isSecure()) {
            throw new QrmException(new Problem(
                    Problem.Kind.FORBIDDEN,
                    "serve the request",
                    "",
                    "it came over plain HTTP",
                    "Use HTTPS, on port 8443 unless it was set otherwise."));
        }
    }
}
