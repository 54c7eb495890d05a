package org.qrm.login.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.user.TooManyAttempts;
import org.qrm.metrics.internal.Registry;

public class GuardTest {

    private static final String HERE = "10.0.0.1";
    private static final String ELSEWHERE = "10.0.0.2";

    private final Map<String, String> passwords = new TreeMap<>(Map.of("ann", "a", "bob", "b", "eve", "e"));
    private final Map<String, Set<Role>> roles =
            Map.of("ann", Set.of(Role.ADMIN, Role.VIEWER), "bob", Set.of(Role.OPERATOR), "eve", Set.of());
    private final Map<String, String> versions = new TreeMap<>();
    private final RecordingWitness witness = new RecordingWitness();
    private final CountDownLatch slow = new CountDownLatch(1);
    private final CountDownLatch bothTurnsTaken = new CountDownLatch(2);
    private int checks;
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");

    private final Guard guard = new Guard(this::check, user -> versions.getOrDefault(user, ""), () -> now, witness);

    private Optional<Set<Role>> check(String user, char[] password) {
        if (user.startsWith("slow")) {
            bothTurnsTaken.countDown();
            await(slow);
        }
        checks++;
        return new String(password).equals(passwords.get(user)) ? Optional.of(roles.get(user)) : Optional.empty();
    }

    @Test
    public void givesTheGreatestRole() {
        assertEquals(org.qrm.api.user.Role.ADMIN, guard.login("ann", "a", HERE).role());
        assertEquals(
                org.qrm.api.user.Role.OPERATOR, guard.login("bob", "b", HERE).role());
    }

    @Test
    public void countsWhatCameOfEach() {
        Registry registry = new Registry();
        guard.measure(registry.of("org.qrm.login"));
        guard.login("ann", "a", HERE);
        guard.login("ann", "a", HERE);
        refusal("eve", "e", HERE);
        for (int i = 0; i < 6; i++) {
            refusal("bob", "x", HERE);
        }
        assertThrows(TooManyAttempts.class, () -> guard.login("bob", "b", HERE));
        guard.malformed(HERE);
        guard.enteredByKey("bob", "SHA256:x", HERE);
        String text = registry.text(false);
        Map.of("accepted", 2, "refused", 6, "forbidden", 1, "locked-out", 1, "malformed", 1, "turned-away", 0)
                .forEach((result, count) -> assertTrue(
                        text, text.contains("\nqrm_login_attempts_total{result=\"" + result + "\"} " + count + "\n")));
        assertTrue(text, text.contains("\nqrm_logins_locked_out{of=\"user\"} 1\n"));
    }

    @Test
    public void refusesWrongPasswordsAndUnknownUsersAlike() {
        assertEquals(
                refusal("ann", "x", HERE).getMessage(),
                refusal("nobody", "x", HERE).getMessage());
    }

    @Test
    public void refusesAUserWithoutARole() {
        assertEquals(Problem.Kind.FORBIDDEN, refusal("eve", "e", HERE).problem().kind());
        assertEquals(
                List.of("eve, 10.0.0.1: this user has none of the roles viewer, operator and admin"), witness.entries);
    }

    @Test
    public void checksAPasswordOnceAMinute() {
        guard.login("ann", "a", HERE);
        guard.login("ann", "a", HERE);
        assertEquals(1, checks);
        now = now.plusSeconds(61);
        guard.login("ann", "a", HERE);
        assertEquals(2, checks);
    }

    @Test
    public void forgetsAChangedPasswordWithinAMinute() {
        guard.login("bob", "b", HERE);
        passwords.put("bob", "new");
        now = now.plusSeconds(61);
        refusal("bob", "b", HERE);
    }

    @Test
    public void forgetsAChangedUserOfTheServerAtOnce() {
        guard.login("bob", "b", HERE);
        passwords.remove("bob");
        guard.login("bob", "b", HERE);
        versions.put("bob", "2");
        refusal("bob", "b", HERE);
    }

    @Test
    public void doesNotTakeAnotherPasswordForTheRememberedOne() {
        guard.login("bob", "b", HERE);
        refusal("bob", "c", HERE);
    }

    @Test
    public void locksOutWhoGuessesOnAnyWayAndRaisesOneAlarm() {
        for (int i = 0; i < 3; i++) {
            refusal("bob", "wrong", HERE);
            assertThrows(QrmException.class, () -> guard.atConsole("bob", "wrong", HERE));
        }
        assertEquals(1, locked("bob", "b", HERE).retryAfter());
        assertThrows(TooManyAttempts.class, () -> guard.atConsole("bob", "b", HERE));
        assertEquals(List.of("user/bob Logins from 10.0.0.1 failed too often; they are slowed down."), witness.alarms);
        now = now.plusSeconds(2);
        guard.login("bob", "b", HERE);
    }

    @Test
    public void doesNotTellWhoGuessesThatTheUserIsAtWorkWithThatPassword() {
        guard.login("bob", "b", ELSEWHERE);
        for (int i = 0; i < 6; i++) {
            refusal("bob", "wrong", HERE);
        }
        locked("bob", "b", HERE);
        guard.login("bob", "b", ELSEWHERE);
        for (int i = 0; i < 6; i++) {
            refusal("bob", "wrong", ELSEWHERE);
        }
        locked("bob", "b", ELSEWHERE);
    }

    @Test
    public void opensNoLockedAddressByWhatWasRightElsewhere() {
        guard.login("bob", "b", ELSEWHERE);
        for (int i = 0; i < 51; i++) {
            refusal("user" + i, "x", HERE);
        }
        locked("bob", "b", HERE);
    }

    @Test
    public void writesDownNoMoreThanItLooksAt() {
        for (int i = 0; i < 50; i++) {
            assertThrows(QrmException.class, () -> guard.atConsole("bob", "wrong", HERE));
        }
        assertEquals(6, witness.entries.size());
        assertEquals("bob, 10.0.0.1 at the console: the user name or the password is wrong", witness.entries.get(5));
    }

    @Test
    public void writesDownWhoIsOnTheConsole() {
        guard.atConsole("ann", "a", HERE);
        guard.atConsole("bob", "b", HERE);
        guard.login("ann", "a", HERE);
        assertEquals(
                List.of(
                        "ann, 10.0.0.1 at the console: done",
                        "bob, 10.0.0.1 at the console: the console is for admins alone"),
                witness.entries);
    }

    @Test
    public void waitsLongerAfterEachFailureUpToFiveMinutes() {
        for (int i = 0; i < 40; i++) {
            refusal("bob", "wrong", HERE);
            now = now.plusSeconds(301);
        }
        now = now.minusSeconds(301);
        assertEquals(300, locked("bob", "b", HERE).retryAfter());
    }

    @Test
    public void locksOutOneAddressOnly() {
        for (int i = 0; i < 6; i++) {
            refusal("bob", "wrong", HERE);
        }
        assertEquals("bob", guard.login("bob", "b", ELSEWHERE).name());
    }

    @Test
    public void takesANetworkOfIpv6ForOneAddress() {
        for (int i = 0; i < 6; i++) {
            refusal("bob", "wrong", "2001:db8::" + i);
        }
        locked("bob", "b", "2001:db8:0:0:ffff::1");
        assertEquals("bob", guard.login("bob", "b", "2001:db8:0:1::1").name());
    }

    @Test
    public void locksOutAnAddressThatTriesManyNames() {
        for (int i = 0; i < 51; i++) {
            refusal("user" + i, "x", HERE);
        }
        locked("bob", "b", HERE);
        assertEquals(1, witness.alarms.size());
    }

    @Test
    public void countsWhatNamesNobodyAndWritesNothingDown() {
        for (int i = 0; i < 51; i++) {
            guard.malformed(HERE);
        }
        assertThrows(TooManyAttempts.class, () -> guard.malformed(HERE));
        locked("bob", "b", HERE);
        guard.malformed(ELSEWHERE);
        assertEquals(List.of(), witness.entries);
        assertEquals(1, witness.alarms.size());
    }

    @Test
    public void letsInWhoWasThereBeforeWhateverOthersDoAtTheAddress() {
        guard.login("bob", "b", HERE);
        for (int i = 0; i < 60; i++) {
            String name = "user" + i;
            assertThrows(QrmException.class, () -> guard.login(name, "x", HERE));
        }
        versions.put("bob", "a change, so that the password is looked at");
        assertEquals("bob", guard.login("bob", "b", HERE).name());
        locked("ann", "a", HERE);
    }

    @Test
    public void doesNotLetThoseWhoGuessCrowdOutWhoWasThereBefore() throws Exception {
        guard.login("bob", "b", HERE);
        versions.put("bob", "a change, so that the password is looked at");
        ExecutorService threads = Executors.newFixedThreadPool(5);
        try {
            for (int i = 0; i < 4; i++) {
                String name = "slow" + i;
                threads.submit(() -> guard.login(name, "x", ELSEWHERE));
            }
            await(bothTurnsTaken);
            assertEquals(
                    "bob",
                    threads.submit(() -> guard.login("bob", "b", HERE).name()).get(20, TimeUnit.SECONDS));
        } finally {
            slow.countDown();
            threads.shutdown();
            assertTrue(threads.awaitTermination(30, TimeUnit.SECONDS));
        }
    }

    @Test
    public void keepsNoMoreThanSoManyFailures() {
        FailedAttempts attempts = new FailedAttempts(0, () -> now);
        for (int i = 0; i < 10_001; i++) {
            attempts.failed("user" + i);
        }
        assertEquals(0, attempts.wait("user0"));
        assertTrue(attempts.wait("user1") > 0);
    }

    private QrmException refusal(String user, String password, String address) {
        QrmException refusal = assertThrows(QrmException.class, () -> guard.login(user, password, address));
        assertEquals("looked at", QrmException.class, refusal.getClass());
        return refusal;
    }

    private TooManyAttempts locked(String user, String password, String address) {
        return assertThrows(TooManyAttempts.class, () -> guard.login(user, password, address));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
