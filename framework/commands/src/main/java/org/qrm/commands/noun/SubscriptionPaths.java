package org.qrm.commands.noun;

import java.util.List;
import java.util.Objects;
import org.qrm.api.ListField;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.event.Priority;
import org.qrm.api.subscription.EventFilter;
import org.qrm.api.subscription.MailAddresses;
import org.qrm.api.subscription.Subscription;
import org.qrm.api.subscription.SubscriptionSpec;
import org.qrm.api.subscription.TestDelivery;
import org.qrm.api.user.Role;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Content;
import org.qrm.commands.ListQuery;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/**
 * Receivers that are told of events. A target may be a secret in itself, as of many chats, so only an admin sees it. A
 * secret to sign with comes in, and never goes out.
 */
public final class SubscriptionPaths implements Paths {

    private static final String PATH = "/subscriptions";

    private static final ListQuery<Field> LIST = ListQuery.of(Sort.by(Field.NAME));

    enum Field implements ListField {
        NAME(Use.sorts()),
        STATE(Use.narrows(SubscriptionView.State.class, "only in this state"));

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

    enum Verb {
        TEST
    }

    record Action(@About("what to do") Verb action) {}

    record Request(
            @About(value = "its name, unique; in the path when it is changed", optional = true, most = 63)
            String name,

            @About(
                    value =
                            "URL that events are sent to by POST: https, or http of this host itself; a mail server: smtp"
                                    + " (STARTTLS) or smtps",
                    most = 2000)
            String target,

            @About(value = "of mail, the user at the mail server; none unless given", optional = true, most = 200)
            String login,

            @About(value = "of mail, from whom: qrm@example.org", optional = true, most = 254)
            String sender,

            @About(value = "of mail, to whom, 1 to 10", optional = true, most = 254)
            List<String> recipients,

            @About(value = "only events of this priority or above; info unless given", optional = true)
            Priority atLeast,

            @About(value = "only events whose type begins so: resource.", optional = true, most = 63)
            String type,

            @About(value = "only events from this part: core, or a plug-in", optional = true, most = 63)
            String source,

            @About(value = "only events on this: resource/17", optional = true, most = 120)
            String subject,

            @About(value = "false keeps events waiting in the log; true unless given", optional = true)
            Boolean enabled,

            @About(
                    value =
                            "to sign with: whsec_ and 24 to 64 bytes in base64; of mail, the password; only when it is made,"
                                    + " else see its path",
                    optional = true,
                    most = 200)
            String secret) {

        SubscriptionSpec spec(String checkedName) {
            return new SubscriptionSpec(
                    checkedName,
                    target,
                    mail(),
                    new EventFilter(
                            Objects.requireNonNullElse(atLeast, Priority.INFO),
                            text(type),
                            text(source),
                            text(subject)),
                    !Boolean.FALSE.equals(enabled));
        }

        private MailAddresses mail() {
            boolean none =
                    text(login).isEmpty() && text(sender).isEmpty() && (recipients == null || recipients.isEmpty());
            return none
                    ? null
                    : new MailAddresses(text(login), text(sender), Objects.requireNonNullElse(recipients, List.of()));
        }

        private static String text(String given) {
            return Objects.requireNonNullElse(given, "");
        }
    }

    record Secret(
            @About(value = "whsec_ and 24 to 64 bytes in base64; of mail, the password", most = 200)
            String value) {}

    record TestView(
            @About("whether the receiver took it") boolean accepted,

            @About("what it answered in HTTP or SMTP; 0 when it did not")
            int status,

            @About("milliseconds until the answer was there, or was given up")
            long millis,

            @About("why it did not take it, else empty") String reason) {
        static TestView of(TestDelivery test) {
            return new TestView(test.accepted(), test.status(), test.took().toMillis(), test.reason());
        }
    }

    public SubscriptionPaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(PATH, "Lists who is told of events, and how far each has come.")
                        .only(Role.ADMIN)
                        .listed(LIST)
                        .answersListOf(SubscriptionView.class)
                        .typed(VerbSketch.of("subscription", "list")
                                .columns("name", "target", "state", "lastTime", "behind", "failure"))
                        .by(call -> Answer.ok(LIST.answer(
                                call,
                                Field.NAME,
                                services.subscriptions().list().stream()
                                        .map(SubscriptionView::of)
                                        .toList()))),
                Route.post(PATH, "Has a receiver told of events that happen from now on.")
                        .only(Role.ADMIN)
                        .takes(Request.class)
                        .secret()
                        .answers(201, SubscriptionView.class)
                        .typed(sketch("create").argument("name").done("Subscription {name} is created."))
                        .by(this::create),
                Route.get(PATH + "/{name}", "One subscription, and how far it has come.")
                        .only(Role.ADMIN)
                        .answers(200, SubscriptionView.class)
                        .typed(VerbSketch.of("subscription", "show").alias("status"))
                        .by(call -> Answer.ok(SubscriptionView.of(find(call)))),
                Route.put(
                                PATH + "/{name}",
                                "Changes all but the name and the secret; a receiver that failed is tried again at once.")
                        .takes(Request.class)
                        .secret()
                        .answers(200, SubscriptionView.class)
                        .typed(sketch("update")
                                .about(
                                        "Changes a subscription; what is not given stays as it is. A receiver that failed"
                                                + " is tried again at once.")
                                .removable("login", "sender", "recipients", "atLeast", "type", "source", "subject")
                                .done("Subscription {name} is changed."))
                        .by(this::update),
                Route.delete(PATH + "/{name}", "Tells a receiver of no more events.")
                        .answers(204, Content.NOTHING)
                        .typed(VerbSketch.of("subscription", "delete").done("Subscription {name} is deleted."))
                        .by(this::delete),
                Route.put(
                                PATH + "/{name}/secret",
                                "Sets what is signed with, or of mail the password; it is in no answer.")
                        .takes(Secret.class)
                        .secret()
                        .answers(200, SubscriptionView.class)
                        .by(this::setSecret),
                Route.delete(PATH + "/{name}/secret", "Signs nothing any longer, or of mail forgets the password.")
                        .answers(204, Content.NOTHING)
                        .typed(VerbSketch.of("subscription", "remove-secret")
                                .done("Subscription {name} has no secret any longer."))
                        .by(this::removeSecret),
                Route.post(
                                PATH + "/{name}/actions",
                                "Sends an event of type subscription.test now, and says what the receiver answered.")
                        .only(Role.ADMIN)
                        .takes(Action.class)
                        .answers(200, TestView.class)
                        .typed(VerbSketch.action("subscription", "test")
                                .about("Sends a test event now, and says what the receiver answered.")
                                .verdict(
                                        "accepted",
                                        "The receiver took it: it answered {status} after {millis} ms.",
                                        "The receiver did not take it: {reason}.",
                                        1))
                        .by(this::act));
    }

    private static VerbSketch sketch(String verb) {
        return VerbSketch.of("subscription", verb)
                .only("target", "login", "sender", "recipients", "atLeast", "type", "source", "subject", "enabled")
                .called("atLeast", "priority");
    }

    private Answer create(Call call) throws Exception {
        Request request = call.body(Request.class);
        String name = Name.checked("create subscription", "subscription", request.name);
        Subscription made = services.subscriptions().create(request.spec(name), request.secret);
        return Answer.created(PATH + "/" + made.name(), SubscriptionView.of(made));
    }

    private Answer update(Call call) throws Exception {
        Request request = call.body(Request.class);
        String name = find(call).name();
        SameName.check("change subscription", name, request.name);
        if (request.secret != null) {
            throw QrmException.invalid(
                    "change subscription",
                    "secret",
                    "it is not changed so",
                    "Send it to " + PATH + "/" + name + "/secret.");
        }
        return Answer.ok(SubscriptionView.of(
                services.subscriptions().update(request.spec(name), call.expected(SubscriptionView::of))));
    }

    private Answer delete(Call call) {
        services.subscriptions().delete(find(call).name(), call.expected(SubscriptionView::of));
        return Answer.NO_CONTENT;
    }

    private Answer setSecret(Call call) throws Exception {
        String name = find(call).name();
        return Answer.ok(SubscriptionView.of(services.subscriptions().setSecret(name, call.body(Secret.class).value)));
    }

    private Answer removeSecret(Call call) {
        services.subscriptions().setSecret(find(call).name(), null);
        return Answer.NO_CONTENT;
    }

    private Answer act(Call call) throws Exception {
        call.body(Action.class);
        return Answer.ok(TestView.of(services.subscriptions().test(find(call).name())));
    }

    private Subscription find(Call call) {
        String name = call.path("name");
        return services.subscriptions()
                .find(name)
                .orElseThrow(() -> QrmException.notFound("find subscription", "subscription", Name.printable(name)));
    }
}
