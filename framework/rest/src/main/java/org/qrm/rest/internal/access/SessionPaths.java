package org.qrm.rest.internal.access;

import java.util.List;
import java.util.function.Function;
import org.qrm.api.QrmException;
import org.qrm.api.user.Logins;
import org.qrm.api.user.Role;
import org.qrm.api.user.User;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.Call;
import org.qrm.commands.Caller;
import org.qrm.commands.Content;
import org.qrm.commands.Route;
import org.qrm.commands.noun.Paths;
import org.qrm.rest.internal.http.HttpCall;

/** The caller's own login. */
public final class SessionPaths implements Paths {

    private static final String PATH = "/session";

    private final Logins passwords;
    private final Sessions sessions;

    record Request(
            @About(value = "the user's name", most = 256) String user,

            @About(value = "the password", most = 1024) String password) {}

    record SessionView(
            @About("the user's name") String user,
            @About("what the user may do") Role role,

            @About(value = "for the header X-CSRF-Token of each change; null without a session", optional = true)
            String csrfToken,

            @About("true while the password is the one that the server made: it opens nothing until it is changed")
            boolean firstPassword) {}

    public SessionPaths(Logins passwords, Sessions sessions) {
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
                        .beforeAll()
                        .answers(200, SessionView.class)
                        .by(call -> Answer.ok(view(call.caller(), ownSecret(call)))),
                Route.delete(PATH, "Logs out: ends the session of the cookie.")
                        .only(Role.VIEWER)
                        .beforeAll()
                        .answers(204, Content.NOTHING)
                        .by(this::end));
    }

    private Answer begin(Call call) throws Exception {
        Request request = read(call);
        User user = passwords.login(request.user, request.password, call.origin());
        Caller caller = new Caller(user.name(), user.role(), Caller.Means.PASSWORD, user.firstPassword());
        String secret = sessions.open(caller);
        String before = SessionCookie.of(http(call).request());
        if (before != null) {
            sessions.close(before);
        }
        http(call).response().addHeader("Set-Cookie", SessionCookie.set(secret));
        return Answer.ok(view(caller, secret));
    }

    private Request read(Call call) throws Exception {
        try {
            return call.body(Request.class);
        } catch (QrmException e) {
            passwords.malformed(call.origin());
            throw e;
        }
    }

    private Answer end(Call call) {
        String secret = ownSecret(call);
        call.<SessionView>expected(Function.identity()).check(view(call.caller(), secret));
        if (secret != null) {
            sessions.close(secret);
        }
        http(call).response().addHeader("Set-Cookie", SessionCookie.clear());
        return Answer.NO_CONTENT;
    }

    private SessionView view(Caller caller, String secret) {
        return new SessionView(
                caller.name(),
                caller.role(),
                secret == null ? null : sessions.csrfToken(secret),
                caller.firstPassword());
    }

    /** Null for a caller that came by another way, whatever cookie came along. */
    private static String ownSecret(Call call) {
        boolean otherWay = http(call).request().getHeader("Authorization") != null;
        return otherWay ? null : SessionCookie.of(http(call).request());
    }

    private static HttpCall http(Call call) {
        return (HttpCall) call;
    }
}
