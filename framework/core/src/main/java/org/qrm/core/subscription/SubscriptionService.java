package org.qrm.core.subscription;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jdbi.v3.core.Handle;
import org.qrm.api.Expected;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.event.Event;
import org.qrm.api.event.Priority;
import org.qrm.api.subscription.EventFilter;
import org.qrm.api.subscription.Subscription;
import org.qrm.api.subscription.SubscriptionSpec;
import org.qrm.api.subscription.Subscriptions;
import org.qrm.api.subscription.TestDelivery;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;
import org.qrm.core.store.OldEvents;
import org.qrm.core.store.Seal;

/** Subscriptions over their table. */
public final class SubscriptionService implements Subscriptions {

    private static final int MOST = 50;
    private static final int LONGEST_PASSWORD = 200;
    private static final int LONGEST_WORD = 63;
    private static final int LONGEST_SUBJECT = 120;
    private static final String NOUN = "subscription";
    private static final String CREATE = "create subscription";
    private static final String UPDATE = "change subscription";
    private static final String DELETE = "delete subscription";
    private static final String SECRET = "set secret of subscription";
    private static final String TEST = "test subscription";

    private final Database database;
    private final Seal seal;
    private final Deliveries deliveries;

    public SubscriptionService(Database database, Seal seal, Deliveries deliveries) {
        this.database = database;
        this.seal = seal;
        this.deliveries = deliveries;
    }

    /** The log forgets these events. */
    public static void forget(Change change, OldEvents old) {
        SubscriptionRows.forget(change, old);
    }

    /** How many events there are behind the place of each that is enabled, by its name. */
    public static Map<String, Long> waiting(Handle handle) {
        return SubscriptionRows.waiting(handle);
    }

    @Override
    public List<Subscription> list() {
        return database.read(SubscriptionRows::all);
    }

    @Override
    public Optional<Subscription> find(String name) {
        return database.read(handle -> SubscriptionRows.find(handle, name));
    }

    @Override
    public Subscription create(SubscriptionSpec spec, String secret) {
        check(CREATE, spec);
        String sealed = sealed(CREATE, spec, secret);
        try {
            return database.change(change -> {
                int present = SubscriptionRows.count(change.handle());
                if (present >= MOST) {
                    throw QrmException.refused(
                            CREATE, spec.name(), "there are " + present + " subscriptions", "Delete some first.");
                }
                SubscriptionRows.insert(change.handle(), spec, sealed);
                tell(change, "created", spec.name());
                return SubscriptionRows.find(change.handle(), spec.name()).orElseThrow();
            });
        } catch (RuntimeException failed) {
            if (Database.isConstraint(failed)) {
                throw QrmException.conflict(CREATE, spec.name(), "the name is taken", "Choose another name.");
            }
            throw failed;
        }
    }

    @Override
    public Subscription update(SubscriptionSpec spec, Expected<Subscription> expected) {
        check(UPDATE, spec);
        return database.change(change -> {
            Subscription before = locked(change, UPDATE, spec.name());
            expected.check(before);
            SubscriptionRows.update(change.handle(), spec, keepsSecret(before.spec(), spec));
            change.afterCommit(deliveries::wake);
            return SubscriptionRows.find(change.handle(), spec.name()).orElseThrow();
        });
    }

    /** A password is told to no other server than the one that it was set for, and a key is no password. */
    private static boolean keepsSecret(SubscriptionSpec before, SubscriptionSpec after) {
        if (before.mail() == null || after.mail() == null) {
            return before.mail() == after.mail();
        }
        return before.mail().login().equals(after.mail().login())
                && before.target().equals(after.target());
    }

    @Override
    public Subscription setSecret(String name, String secret) {
        Name.checked(SECRET, NOUN, name);
        return database.change(change -> {
            Subscription before = locked(change, SECRET, name);
            SubscriptionRows.seal(change.handle(), name, sealed(SECRET, before.spec(), secret));
            change.afterCommit(deliveries::wake);
            return SubscriptionRows.find(change.handle(), name).orElseThrow();
        });
    }

    @Override
    public void delete(String name, Expected<Subscription> expected) {
        database.change(change -> {
            expected.check(locked(change, DELETE, name));
            SubscriptionRows.delete(change.handle(), name);
            tell(change, "deleted", name);
            return null;
        });
    }

    @Override
    public TestDelivery test(String name) {
        Subscription subscription = find(name).orElseThrow(() -> absent(TEST, name));
        long begin = System.nanoTime();
        Outcome outcome = outcome(subscription);
        return new TestDelivery(
                outcome.accepted() && outcome.partly().isEmpty(),
                outcome.status(),
                Duration.ofNanos(System.nanoTime() - begin),
                outcome.accepted() ? outcome.partly() : outcome.failure());
    }

    private Outcome outcome(Subscription subscription) {
        String name = subscription.name();
        Optional<String> sealed = database.read(handle -> SubscriptionRows.sealed(handle, name));
        Event event = deliveries.unlogged(
                name, "subscription.test", "This is a test of subscription " + name + "; nothing has happened.");
        CompletionStage<Outcome> answer = deliveries.send(subscription.spec(), sealed.orElse(null), List.of(event));
        try {
            return answer.toCompletableFuture().get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw QrmException.failed(TEST, name, "the server stops", "Try again.", interrupted);
        }
    }

    private static Subscription locked(Change change, String attempted, String name) {
        return SubscriptionRows.lock(change.handle(), name).orElseThrow(() -> absent(attempted, name));
    }

    private static QrmException absent(String attempted, String name) {
        return QrmException.notFound(attempted, NOUN, Name.printable(name));
    }

    private String sealed(String attempted, SubscriptionSpec spec, String secret) {
        if (secret == null) {
            return null;
        }
        if (spec.mail() == null) {
            SigningKey.of(attempted, spec.name(), secret);
        } else if (secret.isEmpty()
                || secret.length() > LONGEST_PASSWORD
                || secret.codePoints().anyMatch(Character::isISOControl)) {
            throw QrmException.invalid(
                    attempted,
                    spec.name(),
                    "that is no password of 1 to " + LONGEST_PASSWORD + " characters on one line",
                    "Take the one of the user at the mail server.");
        }
        return seal.seal(Deliveries.place(spec.name()), secret);
    }

    private static void tell(Change change, String what, String name) {
        change.event(
                Priority.INFO,
                "subscription." + what,
                SubscriptionRows.subject(name),
                "Subscription " + name + " was " + what + ".",
                null);
    }

    private static void check(String attempted, SubscriptionSpec spec) {
        Name.checked(attempted, NOUN, spec.name());
        MailCheck.check(attempted, Target.checked(attempted, spec.target()), spec.mail());
        EventFilter filter = spec.filter();
        checkWord(attempted, "type", filter.type(), LONGEST_WORD);
        checkWord(attempted, "source", filter.source(), LONGEST_WORD);
        checkWord(attempted, "subject", filter.subject(), LONGEST_SUBJECT);
    }

    private static void checkWord(String attempted, String field, String text, int most) {
        if (text.length() > most || !text.equals(Name.printable(text, most + 1))) {
            throw QrmException.invalid(
                    attempted,
                    Name.printable(text),
                    "that is no " + field + " that an event can have",
                    "Use at most " + most + " characters, as the list of events shows them.");
        }
    }
}
