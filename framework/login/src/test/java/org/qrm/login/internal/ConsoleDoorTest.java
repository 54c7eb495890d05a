package org.qrm.login.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.LoginException;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.user.Role;

/** Karaf's SSH server stands in here as far as it concerns logins: it asks the realm, and lets in who has the role ssh. */
public class ConsoleDoorTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String PASSWORD = "words of ann";

    @Rule
    public final TemporaryFolder data = new TemporaryFolder();

    private final RecordingWitness witness = new RecordingWitness();
    private final SshServer server = SshServer.setUpDefaultServer();
    private final SshClient client = SshClient.setUpDefaultClient();
    private final KeyPair mine = pair();
    private UsersFile users;
    private FileUserKeys keys;
    private Guard guard;

    @Before
    public void open() throws Exception {
        users = UsersFile.below(data.getRoot().toPath());
        KeysFile keysFile = KeysFile.below(data.getRoot().toPath());
        keys = new FileUserKeys(users, keysFile);
        guard = new Guard(users, witness);
        new FileUsers(users).create("ann", PASSWORD, Role.ADMIN);
        keys.add("ann", line(mine));
        Map<String, Object> options =
                Map.of(ConsoleLogin.GUARD, guard, ConsoleLogin.KEYS, new ConsoleKeys(users, keysFile));
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(pair()));
        server.setPasswordAuthenticator((name, password, session) -> realm(options, callback -> {
            if (callback instanceof NameCallback asked) {
                asked.setName(name);
            } else if (callback instanceof PasswordCallback asked) {
                asked.setPassword(password.toCharArray());
            } else {
                throw new UnsupportedCallbackException(callback);
            }
        }));
        server.setPublickeyAuthenticator((name, key, session) -> realm(options, callback -> {
            if (callback instanceof NameCallback asked) {
                asked.setName(name);
            } else {
                throw new UnsupportedCallbackException(callback);
            }
        }));
        new ConsoleDoor(guard).watch(server);
        server.start();
        client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
        client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.start();
    }

    @After
    public void close() throws Exception {
        client.stop();
        server.stop(true);
    }

    private interface Answer {
        void to(Callback callback) throws UnsupportedCallbackException;
    }

    private static boolean realm(Map<String, Object> options, Answer answer) {
        Subject subject = new Subject();
        ConsoleLogin login = new ConsoleLogin();
        login.initialize(
                subject,
                callbacks -> {
                    for (Callback callback : callbacks) {
                        answer.to(callback);
                    }
                },
                Map.of(),
                options);
        try {
            login.login();
        } catch (LoginException refused) {
            return false;
        }
        login.commit();
        return subject.getPrincipals(RolePrincipal.class).stream()
                .anyMatch(role -> role.getName().equals("ssh"));
    }

    @Test
    public void aKeyOpensAndItsFingerprintIsWrittenDownOnce() throws Exception {
        logIn("ann", null, mine);
        assertEquals(
                List.of("ann, 127.0.0.1 at the console: done by key "
                        + keys.list("ann").get(0).fingerprint()),
                witness.entries);
    }

    @Test
    public void aPasswordOpensAsBefore() throws Exception {
        logIn("ann", PASSWORD);
        assertEquals(List.of("ann, 127.0.0.1 at the console: done"), witness.entries);
    }

    @Test
    public void aPasswordAfterKeysThatAreNobodysIsALoginByPassword() throws Exception {
        logIn("ann", PASSWORD, pair(), pair());
        assertEquals(List.of("ann, 127.0.0.1 at the console: done"), witness.entries);
    }

    @Test
    public void whoseProgramOffersTwelveKeysGetsInByTheLastAndNothingIsCounted() throws Exception {
        KeyPair[] all = new KeyPair[12];
        for (int i = 0; i < all.length; i++) {
            all[i] = i == all.length - 1 ? mine : pair();
        }
        logIn("ann", null, all);
        for (int i = 0; i < 6; i++) {
            assertThrows(SshException.class, () -> logIn("ann", null, pair(), pair(), pair(), pair(), pair()));
        }
        assertEquals("nothing else is written down: " + witness.entries, 1, witness.entries.size());
        assertEquals(List.of(), witness.alarms);
        guard.login("ann", PASSWORD, "127.0.0.1");
    }

    @Test
    public void whoOnlyKnowsAPublicKeyDoesNotGetIn() {
        KeyPair forged = new KeyPair(mine.getPublic(), pair().getPrivate());
        assertThrows(SshException.class, () -> logIn("ann", null, forged));
        assertEquals(List.of(), witness.entries);
    }

    @Test
    public void aKeyIsItsUsersAlone() throws Exception {
        new FileUsers(users).create("bob", "words of bob", Role.ADMIN);
        assertThrows(SshException.class, () -> logIn("bob", null, mine));
        assertThrows(SshException.class, () -> logIn("eve", null, mine));
    }

    @Test
    public void theConsoleIsForAdministratorsByKeyToo() throws Exception {
        KeyPair bobs = pair();
        FileUsers all = new FileUsers(users);
        all.create("bob", "words of bob", Role.OPERATOR);
        keys.add("bob", line(bobs));
        assertThrows(SshException.class, () -> logIn("bob", null, bobs));
        all.setRole("bob", Role.ADMIN);
        logIn("bob", null, bobs);
        all.delete("bob");
        assertThrows(SshException.class, () -> logIn("bob", null, bobs));
    }

    @Test
    public void aKeyThatIsTakenAwayOpensNothing() throws Exception {
        logIn("ann", null, mine);
        keys.remove("ann", keys.list("ann").get(0).fingerprint());
        assertThrows(SshException.class, () -> logIn("ann", null, mine));
    }

    @Test
    public void whoseSomebodyGuessesThePasswordOfGetsInByKey() throws Exception {
        for (int i = 0; i < 7; i++) {
            assertThrows(Exception.class, () -> guard.login("ann", "a guess", "127.0.0.1"));
        }
        assertEquals(1, witness.alarms.size());
        assertThrows(SshException.class, () -> logIn("ann", PASSWORD));
        logIn("ann", null, mine);
    }

    private void logIn(String user, String password, KeyPair... offered) throws Exception {
        try (ClientSession session = connect(user)) {
            for (KeyPair pair : offered) {
                session.addPublicKeyIdentity(pair);
            }
            if (password != null) {
                session.addPasswordIdentity(password);
            }
            session.auth().verify(LIMIT);
        }
    }

    private ClientSession connect(String user) throws Exception {
        return client.connect(user, new InetSocketAddress("127.0.0.1", server.getPort()))
                .verify(LIMIT)
                .getSession();
    }

    private static String line(KeyPair pair) {
        return PublicKeyEntry.toString(pair.getPublic());
    }

    private static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
