package org.qrm.rest.internal.access;

import java.time.Clock;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.event.Priority;
import org.qrm.api.user.Role;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Caller;
import org.qrm.commands.PasswordLogin;
import org.qrm.rest.internal.access.VerifiedCredentials.Credentials;

/** Checks passwords, and slows down those who guess: however they come, by HTTP Basic or to begin a session. */
@Component(service = PasswordLogin.class)
public final class GuardedLogin implements PasswordLogin {

    private static final int FREE_PER_USER = 5;
    private static final int FREE_PER_ADDRESS = 50;
    private static final int AT_ONCE = 2;
    private static final int PATIENCE_SECONDS = 5;

    private final PasswordCheck passwords;
    private final UnaryOperator<String> userVersion;
    private final VerifiedCredentials verified;
    private final FailedAttempts attempts;
    private final FailedAttempts addresses;
    private final BiConsumer<String, String> alarm;
    private final Semaphore turns = new Semaphore(AT_ONCE);

    @Activate
    public GuardedLogin(@Reference ApiServices services) {
        this(
                new KarafRealm(),
                services::userVersion,
                Clock.systemUTC(),
                (subject, text) -> services.eventLogIfPresent()
                        .ifPresent(log -> log.record(Priority.ALARM, "rest", "login.locked", subject, text, null)));
    }

    GuardedLogin(
            PasswordCheck passwords,
            UnaryOperator<String> userVersion,
            InstantSource clock,
            BiConsumer<String, String> alarm) {
        this.passwords = passwords;
        this.userVersion = userVersion;
        this.alarm = alarm;
        verified = new VerifiedCredentials(clock);
        attempts = new FailedAttempts(FREE_PER_USER, clock);
        addresses = new FailedAttempts(FREE_PER_ADDRESS, clock);
    }

    @Override
    public Caller login(String user, String password, String address) {
        Credentials given = new Credentials(user, password, userVersion.apply(user));
        return verified.find(given).orElseGet(() -> inTurn(given, address));
    }

    /** A password check is slow by design; many at once would leave no processor for the machines. */
    private Caller inTurn(Credentials given, String address) {
        try {
            if (!turns.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw busy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy();
        }
        try {
            return verified.find(given).orElseGet(() -> check(given, address));
        } finally {
            turns.release();
        }
    }

    private Caller check(Credentials given, String address) {
        String who = given.user() + "@" + address;
        long wait = Math.max(attempts.wait(who), addresses.wait(address));
        if (wait > 0) {
            throw new TooManyAttempts(wait);
        }
        Optional<Set<String>> roles = passwords.roles(given.user(), given.password());
        if (roles.isEmpty()) {
            failed(given, address, who);
            throw Refusal.unauthenticated("the user name or the password is wrong", "Check both.");
        }
        attempts.succeeded(who);
        Caller caller = new Caller(given.user(), greatest(roles.get(), given.user()));
        verified.remember(given, caller);
        return caller;
    }

    private void failed(Credentials given, String address, String who) {
        boolean addressLocked = addresses.failed(address);
        if (attempts.failed(who) | addressLocked) {
            alarm.accept(
                    "user/" + Name.printable(given.user()),
                    "Logins from " + address + " failed too often; they are slowed down.");
        }
    }

    private static Role greatest(Set<String> names, String user) {
        return Arrays.stream(Role.values())
                .filter(role -> names.contains(role.name().toLowerCase(Locale.ROOT)))
                .max(Comparator.naturalOrder())
                .orElseThrow(() -> new QrmException(new Problem(
                        Problem.Kind.FORBIDDEN,
                        "log in",
                        Name.printable(user),
                        "this user has none of the roles viewer, operator and admin",
                        "Have an administrator give the user one of them.")));
    }

    private static QrmException busy() {
        return new QrmException(new Problem(
                Problem.Kind.UNAVAILABLE,
                "log in",
                "",
                "too many passwords are being checked at once",
                "Try again in a moment."));
    }
}
