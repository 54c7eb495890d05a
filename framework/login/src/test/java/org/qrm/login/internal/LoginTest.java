package org.qrm.login.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class LoginTest {

    @Rule
    public TemporaryFolder data = new TemporaryFolder();

    private UsersFile users;
    private Path initialPassword;

    @Before
    public void nameTheFiles() {
        users = new UsersFile(data.getRoot().toPath().resolve("users.properties"));
        initialPassword = data.getRoot().toPath().resolve("initial-password");
    }

    @Test
    public void letsTheFirstAdministratorInWithTheChosenPassword() throws Exception {
        firstStart("chosen password");
        assertTrue(rolesOf("admin", "chosen password").contains("admin"));
        assertFalse("no file with a password", Files.exists(initialPassword));
    }

    @Test
    public void callsTheFirstAdministratorAsTheSettingSays() throws Exception {
        firstStart("qrm", null);
        assertTrue(users.read().get("qrm").roles().contains(Role.ADMIN));
        assertEquals("qrm\n", Files.readString(initialPassword.resolveSibling("initial-user")));
        assertEquals(Set.of("qrm"), users.read().keySet());
    }

    @Test
    public void ignoresAnotherNameAtALaterStart() throws Exception {
        firstStart("qrm", "chosen password");
        firstStart("other", "chosen password");
        assertEquals(Set.of("qrm"), users.read().keySet());
        assertEquals("qrm\n", Files.readString(initialPassword.resolveSibling("initial-user")));
    }

    @Test
    public void leavesARandomPasswordInAFileOfTheOwner() throws Exception {
        firstStart(null);
        String password = Files.readString(initialPassword).trim();
        assertTrue(new Guard(users, new RecordingWitness())
                .login("admin", password, "")
                .firstPassword());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(initialPassword)));
    }

    @Test
    public void thePasswordThatTheServerMadeDoesNotOpenTheConsole() throws Exception {
        firstStart(null);
        String password = Files.readString(initialPassword).trim();
        String why = assertThrows(FailedLoginException.class, () -> rolesOf("admin", password))
                .getMessage();
        assertEquals("the password that the server made opens nothing until it is changed", why);
        new FileUsers(users).setPassword("admin", "words of my own");
        assertTrue(rolesOf("admin", "words of my own").contains("ssh"));
    }

    @Test
    public void whoIsRefusedForThePasswordThatTheServerMadeIsToldWhatToDo() throws Exception {
        firstStart(null);
        String password = Files.readString(initialPassword).trim();
        List<String> told = new ArrayList<>();
        for (String each : List.of("wrong", password)) {
            Peer.during("10.0.0.1", told::add, () -> {
                assertThrows(FailedLoginException.class, () -> rolesOf("admin", each));
                return false;
            });
        }
        assertEquals("a wrong one tells nothing: " + told, 1, told.size());
        assertTrue(told.toString(), told.get(0).contains("qrm user password admin"));
    }

    @Test
    public void whoHasThePasswordStillThatAnEarlierReleaseMadeIsNotLockedOut() throws Exception {
        firstStart(null);
        Files.writeString(users.path(), Files.readString(users.path()).replace(",first-password", ""));
        assertTrue(rolesOf("admin", Files.readString(initialPassword).trim()).contains("ssh"));
    }

    @Test
    public void doesNotChangeUsersAtALaterStart() throws Exception {
        firstStart("first");
        firstStart("second");
        rolesOf("admin", "first");
        assertThrows(FailedLoginException.class, () -> rolesOf("admin", "second"));
    }

    @Test
    public void keepsNoPasswordInClear() throws Exception {
        firstStart("chosen password");
        String text = Files.readString(users.path());
        assertFalse(text, text.contains("chosen password"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(users.path())));
    }

    @Test
    public void refusesWrongEmptyAndUnknown() throws Exception {
        firstStart("right");
        assertThrows(FailedLoginException.class, () -> rolesOf("admin", "wrong"));
        assertThrows(FailedLoginException.class, () -> rolesOf("admin", ""));
        assertThrows(FailedLoginException.class, () -> rolesOf("karaf", "karaf"));
        // what stands in for the hash of a user that does not exist opens nothing
        assertThrows(FailedLoginException.class, () -> rolesOf("karaf", "-"));
    }

    @Test
    public void givesAViewerNoMoreThanLooking() throws Exception {
        users.put("eve", new UsersFile.User(PasswordHash.of("x".toCharArray()), Set.of(Role.VIEWER)));
        assertEquals(Set.of("viewer"), rolesOf("eve", "x"));
    }

    @Test
    public void opensTheConsoleToAdministratorsOnly() throws Exception {
        for (Role role : Role.values()) {
            users.put("eve", new UsersFile.User(PasswordHash.of("x".toCharArray()), Set.of(role)));
            assertEquals(role.text(), role == Role.ADMIN, rolesOf("eve", "x").contains("ssh"));
        }
    }

    @Test
    public void followsAnEditOfTheFileEvenForAPasswordThatWasJustUsed() throws Exception {
        firstStart("old");
        rolesOf("admin", "old");
        users.put("admin", new UsersFile.User(PasswordHash.of("new".toCharArray()), Set.of(Role.ADMIN)));
        assertThrows(FailedLoginException.class, () -> rolesOf("admin", "old"));
        rolesOf("admin", "new");
    }

    @Test
    public void ignoresALineThatIsNoUser() throws Exception {
        firstStart("right");
        Files.writeString(users.path(), Files.readString(users.path()) + "root = root,admin\nnonsense\n");
        rolesOf("admin", "right");
        assertThrows(FailedLoginException.class, () -> rolesOf("root", "root"));
    }

    @Test
    public void refusesANameThatWouldBreakTheFile() {
        UsersFile.User user = new UsersFile.User(PasswordHash.of("x".toCharArray()), Set.of(Role.VIEWER));
        for (String name : new String[] {"", "a=b", "a\nb", "Admin", "-a", "a".repeat(33)}) {
            assertThrows(name, IllegalArgumentException.class, () -> users.put(name, user));
        }
    }

    private void firstStart(String chosen) throws IOException {
        firstStart("admin", chosen);
    }

    private void firstStart(String name, String chosen) throws IOException {
        new FirstAdministrator(users, initialPassword.getParent()).createUnlessThereAreUsers(name, chosen);
    }

    private Set<String> rolesOf(String name, String password) throws LoginException {
        Subject subject = new Subject();
        ConsoleLogin login = new ConsoleLogin();
        login.initialize(
                subject,
                callbacks -> answer(callbacks, name, password),
                Map.of(),
                Map.of(ConsoleLogin.GUARD, new Guard(users, new RecordingWitness())));
        login.login();
        login.commit();
        return subject.getPrincipals(RolePrincipal.class).stream()
                .map(RolePrincipal::getName)
                .collect(Collectors.toSet());
    }

    private static void answer(Callback[] callbacks, String name, String password) {
        ((NameCallback) callbacks[0]).setName(name);
        ((PasswordCallback) callbacks[1]).setPassword(password.toCharArray());
    }
}
