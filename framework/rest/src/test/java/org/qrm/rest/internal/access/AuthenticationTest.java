package org.qrm.rest.internal.access;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.servlet.http.HttpServletRequest;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.user.Role;
import org.qrm.commands.Caller;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;

public class AuthenticationTest {

    private final Map<String, String> passwords = new TreeMap<>(Map.of("ann", "pä:ss", "bob", "b", "eve", "e"));
    private final Map<String, Set<String>> roles =
            Map.of("ann", Set.of("admin", "ssh", "viewer"), "bob", Set.of("operator"), "eve", Set.of("ssh"));
    private final Map<String, String> versions = new TreeMap<>();
    private final List<String> alarms = new ArrayList<>();
    private int checks;
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");

    private final FakeServices services = new FakeServices();
    private final Authentication authentication = new Authentication(
            new GuardedLogin(
                    this::check,
                    user -> versions.getOrDefault(user, ""),
                    (InstantSource) () -> now,
                    (subject, text) -> alarms.add(subject + " " + text)),
            new Sessions(services, () -> now),
            services);

    private Optional<Set<String>> check(String user, String password) {
        checks++;
        return password.equals(passwords.get(user)) ? Optional.of(roles.get(user)) : Optional.empty();
    }

    @Test
    public void givesTheGreatestRole() {
        assertEquals(new Caller("ann", Role.ADMIN), login("ann", "pä:ss"));
        assertEquals(new Caller("bob", Role.OPERATOR), login("bob", "b"));
    }

    @Test
    public void refusesWrongPasswordsAndUnknownUsersAlike() {
        String wrong = assertThrows(QrmException.class, () -> login("ann", "x")).getMessage();
        String unknown =
                assertThrows(QrmException.class, () -> login("nobody", "x")).getMessage();
        assertEquals(wrong, unknown);
    }

    @Test
    public void refusesAUserWithoutARoleHere() {
        QrmException refusal = assertThrows(QrmException.class, () -> login("eve", "e"));
        assertEquals(Problem.Kind.FORBIDDEN, refusal.problem().kind());
    }

    @Test
    public void checksAPasswordOnceAMinute() {
        login("ann", "pä:ss");
        login("ann", "pä:ss");
        assertEquals(1, checks);
        now = now.plusSeconds(61);
        login("ann", "pä:ss");
        assertEquals(2, checks);
    }

    @Test
    public void forgetsAChangedPasswordWithinAMinute() {
        login("bob", "b");
        passwords.put("bob", "new");
        now = now.plusSeconds(61);
        assertThrows(QrmException.class, () -> login("bob", "b"));
    }

    @Test
    public void forgetsAChangedUserOfTheServerAtOnce() {
        login("bob", "b");
        passwords.remove("bob");
        login("bob", "b");
        versions.put("bob", "2");
        assertThrows(QrmException.class, () -> login("bob", "b"));
    }

    @Test
    public void doesNotTakeAnotherPasswordForTheRememberedOne() {
        login("bob", "b");
        assertThrows(QrmException.class, () -> login("bob", "c"));
    }

    @Test
    public void refusesHeadersThatAreMalformed() {
        for (String header : new String[] {
            null, "", "Bearer x", "Basic", "Basic !!", "Basic " + "A".repeat(3000), "Basic OmE=", "Basic /w=="
        }) {
            HttpServletRequest request = request(header, "10.0.0.1");
            QrmException refusal = assertThrows(header, QrmException.class, () -> authentication.authenticate(request));
            assertEquals(Problem.Kind.UNAUTHENTICATED, refusal.problem().kind());
        }
        assertEquals(0, checks);
    }

    @Test
    public void locksOutWhoGuessesAndRaisesOneAlarm() {
        for (int i = 0; i < 6; i++) {
            assertThrows(QrmException.class, () -> login("bob", "wrong"));
        }
        TooManyAttempts locked = assertThrows(TooManyAttempts.class, () -> login("bob", "b"));
        assertEquals(1, locked.retryAfter());
        assertEquals(List.of("user/bob Logins from 10.0.0.1 failed too often; they are slowed down."), alarms);
        now = now.plusSeconds(2);
        login("bob", "b");
    }

    @Test
    public void waitsLongerAfterEachFailureUpToFiveMinutes() {
        for (int i = 0; i < 40; i++) {
            assertThrows(QrmException.class, () -> login("bob", "wrong"));
            now = now.plusSeconds(301);
        }
        now = now.minusSeconds(301);
        assertEquals(
                300,
                assertThrows(TooManyAttempts.class, () -> login("bob", "b")).retryAfter());
    }

    @Test
    public void locksOutOneAddressOnly() {
        for (int i = 0; i < 6; i++) {
            assertThrows(QrmException.class, () -> login("bob", "wrong"));
        }
        HttpServletRequest elsewhere = request(RestServer.basic("bob", "b"), "10.0.0.2");
        assertEquals("bob", authentication.authenticate(elsewhere).name());
    }

    @Test
    public void locksOutAnAddressThatTriesManyNames() {
        for (int i = 0; i < 51; i++) {
            String name = "user" + i;
            assertThrows(QrmException.class, () -> login(name, "x"));
        }
        assertThrows(TooManyAttempts.class, () -> login("bob", "b"));
        assertEquals(1, alarms.size());
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

    private Caller login(String user, String password) {
        return authentication.authenticate(request(RestServer.basic(user, password), "10.0.0.1"));
    }

    private static HttpServletRequest request(String authorization, String address) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                AuthenticationTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getHeader" -> authorization;
                    case "getCookies" -> null;
                    case "getRemoteAddr" -> address;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
