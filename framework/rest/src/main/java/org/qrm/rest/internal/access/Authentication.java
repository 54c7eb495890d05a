package org.qrm.rest.internal.access;

import java.util.function.BooleanSupplier;
import javax.servlet.http.HttpServletRequest;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.user.Logins;
import org.qrm.api.user.Role;
import org.qrm.api.user.Token;
import org.qrm.api.user.User;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Caller;

/** Finds out who asks: by the Authorization header (password or token), or without one by the session's cookie. */
@Component(service = Authentication.class)
public final class Authentication {

    /** What a request by cookie must carry to change something; a foreign page cannot know it. */
    public static final String CSRF_HEADER = "X-CSRF-Token";

    private static final String BEARER = "Bearer ";

    private final Logins passwords;
    private final Sessions sessions;
    private final ApiServices services;

    @Activate
    public Authentication(@Reference Logins passwords, @Reference Sessions sessions, @Reference ApiServices services) {
        this.services = services;
        this.passwords = passwords;
        this.sessions = sessions;
    }

    /**
     * Who sent the request.
     *
     * @throws org.qrm.api.QrmException UNAUTHENTICATED without credentials or with wrong ones; FORBIDDEN for a user
     *     without any role here, and for a change by cookie that lacks the session's token; UNAVAILABLE while nobody
     *     can be checked
     * @throws org.qrm.api.user.TooManyAttempts while this user or address is locked out
     */
    public Caller authenticate(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        if (header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return byToken(tokenOf(header));
        }
        if (header != null) {
            return byPassword(header, request.getRemoteAddr());
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

    /**
     * Whether a caller would still be let in: by the same password, session or token, and with the same role. For
     * answers that take long; it may be asked at any time, and is no use of the session.
     *
     * @param request what the caller was recognised by
     */
    public BooleanSupplier standing(HttpServletRequest request, Caller caller) {
        return switch (caller.means()) {
            case SESSION -> {
                String secret = SessionCookie.of(request);
                yield () -> sessions.isOpen(secret);
            }
            case TOKEN -> {
                String secret = tokenOf(request.getHeader("Authorization"));
                yield () -> caller.equals(byToken(secret));
            }
            case PASSWORD, CONSOLE -> {
                String version = services.userVersion(caller.name());
                yield () -> version.equals(services.userVersion(caller.name()));
            }
        };
    }

    private Caller byPassword(String header, String address) {
        BasicHeader given;
        try {
            given = BasicHeader.read(header);
        } catch (QrmException e) {
            passwords.malformed(address);
            throw e;
        }
        User user = passwords.login(given.user(), given.password(), address);
        return new Caller(user.name(), user.role(), Caller.Means.PASSWORD, user.firstPassword());
    }

    private static String tokenOf(String header) {
        return header.substring(BEARER.length()).trim();
    }

    /** A token may never do more than its user may now. */
    private Caller byToken(String secret) {
        Token token = services.tokens()
                .verify(secret)
                .orElseThrow(() -> Refusal.unauthenticated(
                        "the token is unknown, was revoked, or has expired", "Make another one."));
        Role ofUser = services.users()
                .find(token.user())
                .map(User::role)
                .orElseThrow(() -> Refusal.unauthenticated("the token's user is gone", "Make one for another user."));
        Role role = ofUser.covers(token.role()) ? token.role() : ofUser;
        return new Caller(token.user(), role, Caller.Means.TOKEN);
    }

    private static boolean changes(HttpServletRequest request) {
        return !request.getMethod().equals("GET") && !request.getMethod().equals("HEAD");
    }
}
