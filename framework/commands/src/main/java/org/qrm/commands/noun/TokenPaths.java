package org.qrm.commands.noun;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.qrm.api.Filter;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.user.NewToken;
import org.qrm.api.user.Role;
import org.qrm.api.user.Token;
import org.qrm.api.user.TokenField;
import org.qrm.api.user.User;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Caller;
import org.qrm.commands.Content;
import org.qrm.commands.Items;
import org.qrm.commands.ListQuery;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** Tokens of programs: everybody their own, an admin all. */
public final class TokenPaths implements Paths {

    private static final String PATH = "/tokens";

    private static final ListQuery<TokenField> LIST = ListQuery.of(Sort.by(TokenField.ID));

    private final ApiServices services;

    record TokenView(
            @About("its number") long id,
            @About("what its user calls it") String name,
            @About("on whose behalf the program acts") String user,

            @About("the most that it may do; never more than its user")
            Role role,

            @About("when it was made") Instant created,
            @About("when it ends") Instant expires) {
        static TokenView of(Token token) {
            return new TokenView(
                    token.id(), token.name(), token.user(), token.role(), token.created(), token.expires());
        }
    }

    record NewTokenView(
            @About("the token") TokenView token,

            @About("for the header Authorization: Bearer; told this once")
            String secret) {
        static NewTokenView of(NewToken made) {
            return new NewTokenView(TokenView.of(made.token()), made.secret());
        }
    }

    record Request(
            @About(value = "1 to 63 letters, digits, '.', '_' and '-', starting with a letter or digit", most = 63)
            String name,

            @About("the most that it may do; not more than the user")
            Role role,

            @About("how long it lasts, 1 to 3653 days") Integer days,

            @About(value = "whose it is, the caller's unless given; an admin makes them for all", optional = true)
            String user) {}

    public TokenPaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(PATH, "Lists the caller's tokens, as admin everybody's.")
                        .listed(LIST)
                        .answersListOf(TokenView.class)
                        .typed(VerbSketch.of("token", "list")
                                .called("user", "of")
                                .names("user", "user")
                                .columns("id", "name", "user", "role", "created", "expires"))
                        .by(this::list),
                Route.post(
                                PATH,
                                "Makes a token for a program that acts on the caller's behalf, or as admin on somebody else's.")
                        .only(Role.VIEWER)
                        .takes(Request.class)
                        .secret()
                        .personal()
                        .answers(201, NewTokenView.class)
                        .by(this::create),
                Route.get(PATH + "/{id}", "One token.")
                        .answers(200, TokenView.class)
                        .by(call -> Answer.ok(TokenView.of(find(call)))),
                Route.delete(PATH + "/{id}", "Revokes a token: the caller's own, as admin anybody's.")
                        .only(Role.VIEWER)
                        .answers(204, Content.NOTHING)
                        .typed(VerbSketch.of("token", "revoke").done("Token {id} is revoked."))
                        .by(this::revoke));
    }

    private Answer list(Call call) {
        Filter<TokenField> filter = LIST.filter(call);
        String own = call.caller().name();
        if (call.caller().role().covers(Role.ADMIN)) {
            return Answer.ok(LIST.answer(call, services.tokens()::list, TokenView::of));
        }
        Object user = filter.get(TokenField.USER);
        return user == null || user.equals(own)
                ? Answer.ok(LIST.answer(call, filter.and(TokenField.USER, own), services.tokens()::list, TokenView::of))
                : Answer.ok(new Items<TokenView>(List.of(), null));
    }

    private Answer create(Call call) throws Exception {
        Request request = call.body(Request.class);
        Caller caller = call.caller();
        String owner = request.user == null ? caller.name() : request.user;
        boolean own = owner.equals(caller.name());
        if (!own && !caller.role().covers(Role.ADMIN)) {
            throw forbidden(request.name, "only an admin makes tokens of somebody else", "Ask one.");
        }
        User user = services.users().find(owner).orElseThrow(() -> own ? ofDirectory(request.name) : unknown(owner));
        Role most = own ? caller.role() : user.role();
        if (most == null || !most.covers(request.role)) {
            throw forbidden(
                    request.name,
                    "its role would be above " + (own ? "yours" : "that of " + owner),
                    "Choose a lesser role.");
        }
        NewToken made = services.tokens().create(request.name, owner, request.role, Duration.ofDays(request.days));
        return Answer.created(PATH + "/" + made.token().id(), NewTokenView.of(made));
    }

    private static QrmException ofDirectory(String token) {
        return QrmException.refused(
                "create token",
                token,
                "you are a user of a directory, whose removal this server would not learn",
                "Make a user of this server for the program.");
    }

    private static QrmException unknown(String user) {
        return QrmException.notFound("create token", "user", Name.printable(user));
    }

    private Answer revoke(Call call) {
        services.tokens().revoke(find(call).id(), call.expected(TokenView::of));
        return Answer.NO_CONTENT;
    }

    /** Of the tokens of others only an admin learns that they are there. */
    private Token find(Call call) {
        long id = call.number("id", "token");
        return services.tokens()
                .find(id)
                .filter(token -> token.user().equals(call.caller().name())
                        || call.caller().role().covers(Role.ADMIN))
                .orElseThrow(() -> QrmException.notFound("find token", "token", String.valueOf(id)));
    }

    private static QrmException forbidden(String name, String reason, String remedy) {
        return new QrmException(new Problem(Problem.Kind.FORBIDDEN, "create token", name, reason, remedy));
    }
}
