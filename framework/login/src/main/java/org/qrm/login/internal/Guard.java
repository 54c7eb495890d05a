package org.qrm.login.internal;

import java.time.Clock;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.metric.Metrics;
import org.qrm.api.server.ServerSettings;
import org.qrm.api.user.Logins;
import org.qrm.api.user.TooManyAttempts;
import org.qrm.api.user.User;
import org.qrm.login.internal.LoginFigures.Result;
import org.qrm.login.internal.VerifiedCredentials.Credentials;

/** Checks passwords, and slows down those who guess, however they come. */
@Component(service = {Guard.class, Logins.class})
public final class Guard implements Logins {

    private static final int FREE_PER_USER = 5;
    private static final int FREE_PER_ADDRESS = 50;
    private static final int AT_ONCE = 2;
    private static final int PATIENCE_SECONDS = 5;
    /** So many may wait for a turn: each of them holds a thread. */
    private static final int MOST_WAITING = 16;

    private static final int MOST_ACQUAINTED = 1000;

    private final PasswordCheck passwords;
    private final UnaryOperator<String> userVersion;
    private final Witness witness;
    private final VerifiedCredentials verified;
    private final FailedAttempts attempts;
    private final FailedAttempts addresses;
    private volatile LoginFigures figures = new LoginFigures(Metrics.NONE);
    private final Semaphore turns = new Semaphore(AT_ONCE);
    /** For those who were here before: nobody else's guesses keep them waiting. */
    private final Semaphore turnsOfAcquainted = new Semaphore(AT_ONCE);

    private final Map<String, Boolean> acquainted = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST_ACQUAINTED;
        }
    };

    @Activate
    public Guard(@Reference ServerSettings settings, @Reference Witness witness, @Reference Metrics metrics) {
        this(UsersFile.below(settings.dataDirectory()), witness);
        measure(metrics);
    }

    /** Has what happens counted from now on. */
    void measure(Metrics metrics) {
        figures = new LoginFigures(metrics);
        metrics.gauges(
                "qrm_logins_locked_out",
                "Users at an address, and addresses, whose next login is not looked at yet.",
                "of",
                () -> Map.of("user", attempts.locked(), "address", addresses.locked()));
    }

    Guard(UsersFile users, Witness witness) {
        this(
                new Passwords(users),
                name -> new FileUsers(users).find(name).map(User::version).orElse(""),
                Clock.systemUTC(),
                witness);
    }

    Guard(PasswordCheck passwords, UnaryOperator<String> userVersion, InstantSource clock, Witness witness) {
        this.passwords = passwords;
        this.userVersion = userVersion;
        this.witness = witness;
        verified = new VerifiedCredentials(clock);
        attempts = new FailedAttempts(FREE_PER_USER, clock);
        addresses = new FailedAttempts(FREE_PER_ADDRESS, clock);
    }

    @Override
    public User login(String name, String password, String address) {
        return login(name, password, address, address);
    }

    /**
     * A login at Karaf's console, which is written down when it succeeds, too.
     *
     * @throws QrmException also FORBIDDEN for the password that the server made: at the console everything could be done
     */
    User atConsole(String name, String password, String address) {
        String origin = atConsole(address);
        User user = login(name, password, address, origin);
        if (user.firstPassword()) {
            figures.happened(Result.FORBIDDEN);
            throw refused(name, origin, Problem.Kind.FORBIDDEN, FirstPassword.REASON, FirstPassword.remedy(name));
        }
        if (user.role() == org.qrm.api.user.Role.ADMIN) {
            witness.entered(name, origin, "");
        } else {
            // Karaf refuses them, since they lack the role ssh
            witness.refused(name, origin, "the console is for admins alone");
        }
        return user;
    }

    /** Somebody is at the console who has proven to have that key. */
    void enteredByKey(String name, String fingerprint, String address) {
        acquaint(Accounts.of(name, address));
        figures.happened(Result.ACCEPTED);
        witness.entered(name, atConsole(address), "key " + fingerprint);
    }

    private static String atConsole(String address) {
        return (address.isEmpty() ? "" : address + " ") + "at the console";
    }

    @Override
    public void malformed(String address) {
        String account = Accounts.of(address);
        refuseWhileLocked(addresses.wait(account));
        figures.happened(Result.MALFORMED);
        if (addresses.failed(account)) {
            witness.locked("address/" + address, "Malformed logins come from " + address + "; they are slowed down.");
        }
    }

    private User login(String name, String password, String address, String origin) {
        String who = Accounts.of(name, address);
        // before what is remembered: else a guess is answered for nothing while its user is at work
        refuseWhileLocked(attempts.wait(who));
        Credentials given = new Credentials(name, password, userVersion.apply(name), who);
        Optional<User> found = verified.find(given);
        return found.isPresent() ? found.get() : inTurn(given, address, origin);
    }

    /** A password check is slow by design; many at once would leave no processor for the machines. */
    private User inTurn(Credentials given, String address, String origin) {
        boolean known = isAcquainted(given.account());
        Semaphore turn = known ? turnsOfAcquainted : turns;
        try {
            if (turn.getQueueLength() >= MOST_WAITING || !turn.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw busy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy();
        }
        try {
            Optional<User> found = verified.find(given);
            return found.isPresent() ? found.get() : check(given, address, origin, known);
        } finally {
            turn.release();
        }
    }

    private User check(Credentials given, String address, String origin, boolean known) {
        String who = given.account();
        // what others do at an address, behind a router that hides them, is no matter of who was here before
        refuseWhileLocked(Math.max(attempts.wait(who), known ? 0 : addresses.wait(Accounts.of(address))));
        Optional<Set<Role>> roles =
                passwords.rolesOf(given.user(), given.password().toCharArray());
        if (roles.isEmpty()) {
            figures.happened(Result.REFUSED);
            failed(given, address, who);
            throw refused(
                    given.user(),
                    origin,
                    Problem.Kind.UNAUTHENTICATED,
                    "the user name or the password is wrong",
                    "Check both.");
        }
        attempts.succeeded(who);
        acquaint(who);
        org.qrm.api.user.Role role = roles.get().stream()
                .map(held -> org.qrm.api.user.Role.valueOf(held.name()))
                .max(Comparator.naturalOrder())
                .orElseThrow(() -> {
                    figures.happened(Result.FORBIDDEN);
                    return refused(
                            given.user(),
                            origin,
                            Problem.Kind.FORBIDDEN,
                            "this user has none of the roles viewer, operator and admin",
                            "Have an administrator give the user one of them.");
                });
        figures.happened(Result.ACCEPTED);
        User user = new User(given.user(), role, given.userVersion(), passwords.isFirst(given.user()));
        verified.remember(given, user);
        return user;
    }

    private void refuseWhileLocked(long wait) {
        if (wait > 0) {
            figures.happened(Result.LOCKED_OUT);
            throw new TooManyAttempts(wait);
        }
    }

    private void failed(Credentials given, String address, String who) {
        boolean addressLocked = addresses.failed(Accounts.of(address));
        if (attempts.failed(who) | addressLocked) {
            witness.locked(
                    "user/" + Name.printable(given.user()),
                    "Logins from " + (address.isEmpty() ? "an unknown address" : address)
                            + " failed too often; they are slowed down.");
        }
    }

    private QrmException refused(String user, String origin, Problem.Kind kind, String reason, String remedy) {
        witness.refused(user, origin, reason);
        String subject = kind == Problem.Kind.FORBIDDEN ? Name.printable(user) : "";
        return new QrmException(new Problem(kind, "log in", subject, reason, remedy));
    }

    private void acquaint(String who) {
        synchronized (acquainted) {
            acquainted.put(who, true);
        }
    }

    private boolean isAcquainted(String who) {
        synchronized (acquainted) {
            return acquainted.containsKey(who);
        }
    }

    private QrmException busy() {
        figures.happened(Result.TURNED_AWAY);
        return new QrmException(new Problem(
                Problem.Kind.UNAVAILABLE,
                "log in",
                "",
                "too many passwords are being checked at once",
                "Try again in a moment."));
    }
}
