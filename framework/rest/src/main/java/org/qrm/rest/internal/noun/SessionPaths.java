package org.qrm.rest.internal.noun;

import java.util.List;
import org.qrm.api.user.Role;
import org.qrm.rest.internal.access.Caller;
import org.qrm.rest.internal.access.PasswordLogin;
import org.qrm.rest.internal.access.SessionCookie;
import org.qrm.rest.internal.access.Sessions;
import org.qrm.rest.internal.http.About;
import org.qrm.rest.internal.http.Answer;
import org.qrm.rest.internal.http.Call;
import org.qrm.rest.internal.http.Content;
import org.qrm.rest.internal.http.Route;

/** The caller's own login. */
public final class SessionPaths implements Paths {

    private static final String PATH = "/session";

    private final PasswordLogin passwords;
    private final Sessions sessions;

    record Request(
            @About(value = "the user's name", most = 256) String user,

            @About(value = "the password", most = 1024) String password) {}

    record SessionView(
            @About("the user's name") String user,
            @About("what the user may do") Role role,

            @About(value = "for the header X-CSRF-Token of each change; null without a session", optional = true)
            String csrfToken) {}

    public SessionPaths(PasswordLogin passwords, Sessions sessions) {
        this.passwords = passwords;
        this.sessions = sessions;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.post(PATH, "Logs in by a cookie: sets " + SessionCookie.NAME + ".")
                        .open()
                        .takes(Request.class)
                        .answers(200, SessionView.class)
                        .by(this::begin),
                Route.get(PATH, "Who the caller is.")
                        .answers(200, SessionView.class)
                        .by(call -> Answer.ok(view(call.caller(), ownSecret(call)))),
                Route.delete(PATH, "Logs out: ends the session of the cookie.")
                        .only(Role.VIEWER)
                        .answers(204, Content.NOTHING)
                        .by(this::end));
    }

    private Answer begin(Call call) throws Exception {
        Request request = call.body(Request.class);
        Caller caller =
                passwords.login(request.user, request.password, call.request().getRemoteAddr());
        String secret = sessions.open(caller);
        String before = SessionCookie.of(call.request());
        if (before != null) {
            sessions.close(before);
        }
        call.response().addHeader("Set-Cookie", SessionCookie.set(secret));
        return Answer.ok(view(caller, secret));
    }

    private Answer end(Call call) {
        String secret = ownSecret(call);
        if (secret != null) {
            sessions.close(secret);
        }
        call.response().addHeader("Set-Cookie", SessionCookie.clear());
        return Answer.NO_CONTENT;
    }

    private SessionView view(Caller caller, String secret) {
        return new SessionView(caller.name(), caller.role(), secret == null ? null : sessions.csrfToken(secret));
    }

    /** Null for a caller that came by another way, whatever cookie came along. */
    private static String ownSecret(Call call) {
        boolean otherWay = call.request().getHeader("Authorization") != null;
        return otherWay ? null : SessionCookie.of(call.request());
    }
}
