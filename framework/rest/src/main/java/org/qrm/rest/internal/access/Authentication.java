package org.qrm.rest.internal.access;

import javax.servlet.http.HttpServletRequest;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

/** Finds out who asks: by the Authorization header, or without one by the session's cookie. */
@Component(service = Authentication.class)
public final class Authentication {

    /** What a request by cookie must carry to change something; a foreign page cannot know it. */
    public static final String CSRF_HEADER = "X-CSRF-Token";

    private final PasswordLogin passwords;
    private final Sessions sessions;

    @Activate
    public Authentication(@Reference PasswordLogin passwords, @Reference Sessions sessions) {
        this.passwords = passwords;
        this.sessions = sessions;
    }

    /**
     * Who sent the request.
     *
     * @throws org.qrm.api.QrmException UNAUTHENTICATED without credentials or with wrong ones; FORBIDDEN for a user
     *     without any role here, and for a change by cookie that lacks the session's token; UNAVAILABLE while nobody
     *     can be checked
     * @throws TooManyAttempts while this user or address is locked out
     */
    public Caller authenticate(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        if (header != null) {
            BasicHeader given = BasicHeader.read(header);
            return passwords.login(given.user(), given.password(), request.getRemoteAddr());
        }
        String secret = SessionCookie.of(request);
        if (secret == null) {
            throw Refusal.unauthenticated("no credentials were sent", "Send user name and password with HTTP Basic.");
        }
        Caller caller = sessions.caller(secret)
                .orElseThrow(() -> Refusal.unauthenticated("the session has ended", "Log in again."));
        if (changes(request) && !sessions.isCsrfToken(secret, request.getHeader(CSRF_HEADER))) {
            throw new QrmException(new Problem(
                    Problem.Kind.FORBIDDEN,
                    "serve the request",
                    caller.name(),
                    "it would change something without the session's token",
                    "Send the csrfToken of GET /api/v1/session in the header " + CSRF_HEADER + "."));
        }
        return caller;
    }

    private static boolean changes(HttpServletRequest request) {
        return !request.getMethod().equals("GET") && !request.getMethod().equals("HEAD");
    }
}
