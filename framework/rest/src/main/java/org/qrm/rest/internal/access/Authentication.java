package org.qrm.rest.internal.access;

import javax.servlet.http.HttpServletRequest;

/** Finds out who asks. The one place to extend when there are sessions and tokens beside passwords. */
public interface Authentication {

    /**
     * Who sent the request.
     *
     * @throws org.qrm.api.QrmException UNAUTHENTICATED without credentials or with wrong ones; FORBIDDEN for a user
     *     without any role here; UNAVAILABLE while nobody can be checked
     * @throws TooManyAttempts while this user or address is locked out
     */
    Caller authenticate(HttpServletRequest request);
}
