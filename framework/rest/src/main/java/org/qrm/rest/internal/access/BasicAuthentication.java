package org.qrm.rest.internal.access;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import javax.servlet.http.HttpServletRequest;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.event.Priority;
import org.qrm.rest.internal.services.ApiServices;

/** HTTP Basic (RFC 7617), slowed down for those who guess. */
@Component(service = Authentication.class)
public final class BasicAuthentication implements Authentication {

    private static final int LONGEST_HEADER = 2048;
    private static final int FREE_PER_USER = 5;
    private static final int FREE_PER_ADDRESS = 50;
    private static final int AT_ONCE = 2;
    private static final int PATIENCE_SECONDS = 5;

    private final PasswordCheck passwords;
    private final VerifiedCredentials verified;
    private final FailedAttempts attempts;
    private final FailedAttempts addresses;
    private final BiConsumer<String, String> alarm;
    private final Semaphore turns = new Semaphore(AT_ONCE);

    private record Credentials(String user, String password) {}

    @Activate
    public BasicAuthentication(@Reference ApiServices services) {
        this(
                new KarafRealm(),
                Clock.systemUTC(),
                (subject, text) -> services.eventLogIfPresent()
                        .ifPresent(log -> log.record(Priority.ALARM, "rest", "login.locked", subject, text, null)));
    }

    BasicAuthentication(PasswordCheck passwords, InstantSource clock, BiConsumer<String, String> alarm) {
        this.passwords = passwords;
        this.alarm = alarm;
        verified = new VerifiedCredentials(clock);
        attempts = new FailedAttempts(FREE_PER_USER, clock);
        addresses = new FailedAttempts(FREE_PER_ADDRESS, clock);
    }

    @Override
    public Caller authenticate(HttpServletRequest request) {
        Credentials given = credentials(request.getHeader("Authorization"));
        return verified.find(given.user, given.password).orElseGet(() -> inTurn(given, request.getRemoteAddr()));
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
            return verified.find(given.user, given.password).orElseGet(() -> check(given, address));
        } finally {
            turns.release();
        }
    }

    private Caller check(Credentials given, String address) {
        String who = given.user + "@" + address;
        long wait = Math.max(attempts.wait(who), addresses.wait(address));
        if (wait > 0) {
            throw new TooManyAttempts(wait);
        }
        Optional<Set<String>> roles = passwords.roles(given.user, given.password);
        if (roles.isEmpty()) {
            failed(given, address, who);
            throw unauthenticated("the user name or the password is wrong", "Check both.");
        }
        attempts.succeeded(who);
        Caller caller = new Caller(given.user, greatest(roles.get(), given.user));
        verified.remember(given.user, given.password, caller);
        return caller;
    }

    private void failed(Credentials given, String address, String who) {
        boolean addressLocked = addresses.failed(address);
        if (attempts.failed(who) | addressLocked) {
            alarm.accept(
                    "user/" + Name.printable(given.user),
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

    private static Credentials credentials(String header) {
        if (header == null) {
            throw unauthenticated("no credentials were sent", "Send user name and password with HTTP Basic.");
        }
        if (header.length() > LONGEST_HEADER || !header.regionMatches(true, 0, "Basic ", 0, 6)) {
            throw unauthenticated("the Authorization header is not HTTP Basic", "Use HTTP Basic.");
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(header.substring(6).trim());
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            int colon = text.indexOf(':');
            if (colon > 0) {
                return new Credentials(text.substring(0, colon), text.substring(colon + 1));
            }
        } catch (IllegalArgumentException | CharacterCodingException e) {
            // answered below: both mean that it is not base64 of UTF-8
        }
        throw unauthenticated(
                "the Authorization header is malformed", "Send base64 of user name, colon and password in UTF-8.");
    }

    private static QrmException busy() {
        return new QrmException(new Problem(
                Problem.Kind.UNAVAILABLE,
                "log in",
                "",
                "too many passwords are being checked at once",
                "Try again in a moment."));
    }

    private static QrmException unauthenticated(String reason, String remedy) {
        return new QrmException(new Problem(Problem.Kind.UNAUTHENTICATED, "log in", "", reason, remedy));
    }
}
