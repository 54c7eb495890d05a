package org.qrm.commands.noun;

import java.util.List;
import org.qrm.api.ListField;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.user.Logins;
import org.qrm.api.user.Role;
import org.qrm.api.user.User;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Caller;
import org.qrm.commands.Content;
import org.qrm.commands.ListQuery;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** Who may log in. A password comes in, and never goes out. */
public final class UserPaths implements Paths {

    private static final String PATH = "/users";

    private static final ListQuery<Field> LIST = ListQuery.of(Sort.by(Field.NAME));

    enum Field implements ListField {
        NAME(Use.sorts()),
        ROLE(Use.narrows(Role.class, "only with this role"));

        private final Use use;

        Field(Use use) {
            this.use = use;
        }

        @Override
        public Use use() {
            return use;
        }
    }

    private final ApiServices services;
    private final Logins passwords;

    record UserView(
            @About("the user's name") String name,

            @About(value = "what the user may do; null for nothing", optional = true)
            Role role) {
        static UserView of(User user) {
            return new UserView(user.name(), user.role());
        }
    }

    record Request(
            @About(value = "1 to 32 lower-case letters, digits, '.', '_' and '-', starting with a letter", most = 32)
            String name,

            @About(value = "8 to 256 characters", most = 256)
            String password,

            @About("what the user may do") Role role) {}

    record Change(@About("what the user may do") Role role) {}

    record Password(
            @About(value = "8 to 256 characters", most = 256)
            String password,

            @About(value = "the present one; needed for the caller's own", optional = true, most = 1024)
            String currentPassword,

            @About(value = "true revokes the user's tokens too, which live on otherwise", optional = true)
            Boolean revokeTokens) {}

    public UserPaths(ApiServices services, Logins passwords) {
        this.services = services;
        this.passwords = passwords;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(PATH, "Lists users.")
                        .only(Role.ADMIN)
                        .listed(LIST)
                        .answersListOf(UserView.class)
                        .typed(VerbSketch.of("user", "list").columns("name", "role"))
                        .by(call -> Answer.ok(LIST.answer(
                                call,
                                Field.NAME,
                                services.users().list().stream()
                                        .map(UserView::of)
                                        .toList()))),
                Route.post(PATH, "Makes a user known.")
                        .only(Role.ADMIN)
                        .takes(Request.class)
                        .secret()
                        .personal()
                        .answers(201, UserView.class)
                        .by(this::create),
                Route.get(PATH + "/{name}", "One user.")
                        .only(Role.ADMIN)
                        .answers(200, UserView.class)
                        .by(call -> Answer.ok(UserView.of(find(call)))),
                Route.patch(PATH + "/{name}", "Gives a user another role; it ends the user's sessions.")
                        .takes(Change.class)
                        .personal()
                        .answers(200, UserView.class)
                        .typed(VerbSketch.of("user", "role").argument("role").done("User {name} is {role} now."))
                        .by(call -> Answer.ok(UserView.of(services.users()
                                .setRole(
                                        call.path("name"),
                                        call.body(Change.class).role,
                                        call.expected(UserView::of))))),
                Route.delete(PATH + "/{name}", "Removes a user; the last administrator stays.")
                        .answers(204, Content.NOTHING)
                        .personal()
                        .typed(VerbSketch.of("user", "delete").done("User {name} is deleted."))
                        .by(this::delete),
                Route.post(
                                PATH + "/{name}/password",
                                "Sets a password, which ends the user's sessions. An admin sets anybody's; everybody"
                                        + " their own, with the present one.")
                        .only(Role.VIEWER)
                        .takes(Password.class)
                        .secret()
                        .personal()
                        .beforeAll()
                        .answers(204, Content.NOTHING)
                        .by(this::setPassword),
                Route.delete(PATH + "/{name}/tokens", "Revokes all tokens of a user.")
                        .answers(204, Content.NOTHING)
                        .typed(VerbSketch.of("user", "revoke-tokens").done("The tokens of {name} are revoked."))
                        .by(this::revokeTokens));
    }

    private Answer create(Call call) throws Exception {
        Request request = call.body(Request.class);
        // of an earlier user of that name, whom somebody removed from the file
        if (services.users().find(request.name).isEmpty()) {
            services.tokens().revokeAll(request.name);
            services.savedFilters().deleteAll(request.name);
        }
        User made = services.users().create(request.name, request.password, request.role);
        return Answer.created(PATH + "/" + made.name(), UserView.of(made));
    }

    private Answer delete(Call call) {
        String name = call.path("name");
        services.users().delete(name, call.expected(UserView::of));
        services.tokens().revokeAll(name);
        services.savedFilters().deleteAll(name);
        return Answer.NO_CONTENT;
    }

    private Answer setPassword(Call call) throws Exception {
        Password request = call.body(Password.class);
        String name = call.path("name");
        Caller caller = call.caller();
        if (caller.name().equals(name)) {
            checkPresent(call, request.currentPassword);
            checkOther(request);
        } else if (!caller.role().covers(Role.ADMIN)) {
            throw forbidden(caller.name(), "only an admin sets the password of somebody else", "Ask one.");
        }
        if (!caller.name().equals(name)) {
            caller.requireOwnPassword();
        }
        services.users().setPassword(name, request.password);
        if (Boolean.TRUE.equals(request.revokeTokens)) {
            services.tokens().revokeAll(name);
        }
        return Answer.NO_CONTENT;
    }

    /** A user who was removed from the file by hand has tokens still, so any name will do. */
    private Answer revokeTokens(Call call) {
        services.tokens().revokeAll(call.path("name"));
        return Answer.NO_CONTENT;
    }

    /** A session that was left open is not enough to shut its user out. */
    private void checkPresent(Call call, String present) {
        if (present == null) {
            throw QrmException.invalid(
                    "change the password of user",
                    "currentPassword",
                    "this field is missing",
                    "Give your present password with the new one.");
        }
        try {
            passwords.login(call.caller().name(), present, call.origin());
        } catch (QrmException e) {
            if (e.getClass() == QrmException.class && e.problem().kind() == Problem.Kind.UNAUTHENTICATED) {
                // not 401: whoever asks is logged in, and a page must not take it for the end of the session
                throw forbidden(call.caller().name(), "the present password is wrong", "Check it.");
            }
            throw e;
        }
    }

    private static void checkOther(Password request) {
        if (request.currentPassword.equals(request.password)) {
            throw QrmException.invalid(
                    "change the password of user", "password", "it is the present one", "Choose another one.");
        }
    }

    private static QrmException forbidden(String who, String reason, String remedy) {
        return new QrmException(
                new Problem(Problem.Kind.FORBIDDEN, "change the password of user", who, reason, remedy));
    }

    private User find(Call call) {
        String name = call.path("name");
        return services.users()
                .find(name)
                .orElseThrow(() -> QrmException.notFound("find user", "user", Name.printable(name)));
    }
}
