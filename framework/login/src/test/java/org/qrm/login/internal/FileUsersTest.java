package org.qrm.login.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Expected;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.health.HealthResult;
import org.qrm.api.user.User;

public class FileUsersTest {

    private static final org.qrm.api.user.Role VIEWER = org.qrm.api.user.Role.VIEWER;

    @Rule
    public TemporaryFolder data = new TemporaryFolder();

    private UsersFile file;
    private FileUsers users;

    @Before
    public void open() {
        file = UsersFile.below(data.getRoot().toPath());
        users = new FileUsers(file);
    }

    @Test
    public void knowsNobodyBeforeTheFirstStart() {
        assertEquals(List.of(), users.list());
        assertFalse(users.find("admin").isPresent());
    }

    @Test
    public void givesTheGreatestRole() throws Exception {
        put("ann", "x", Role.VIEWER, Role.OPERATOR);
        put("bob", "x");
        assertEquals(org.qrm.api.user.Role.OPERATOR, found("ann").role());
        assertNull(found("bob").role());
        assertEquals(
                List.of("ann", "bob"), users.list().stream().map(User::name).toList());
    }

    @Test
    public void changesAndRemovesOnlyWhoeverIsStillAsSeen() {
        users.create("root", "long enough", org.qrm.api.user.Role.ADMIN);
        User seen = users.create("ann", "long enough", VIEWER);
        Expected<User> asSeen = now -> {
            if (!seen.equals(now)) {
                throw QrmException.conflict("change", now.name(), "it has changed", "Look again.");
            }
        };
        users.setRole("ann", org.qrm.api.user.Role.OPERATOR, asSeen);
        User since = found("ann");
        assertThrows(QrmException.class, () -> users.setRole("ann", VIEWER, asSeen));
        assertThrows(QrmException.class, () -> users.delete("ann", asSeen));
        assertEquals(since, found("ann"));
    }

    @Test
    public void givesAnotherVersionAfterEachChangeAndNoneOfThePassword() throws Exception {
        put("ann", "x", Role.VIEWER);
        String first = found("ann").version();
        assertEquals(first, found("ann").version());
        file.put("ann", new UsersFile.User(file.user("ann").orElseThrow().password(), Set.of(Role.ADMIN)));
        String second = found("ann").version();
        assertNotEquals(first, second);
        put("ann", "x", Role.ADMIN);
        assertNotEquals(second, found("ann").version());
        assertFalse(second.contains(file.user("ann").orElseThrow().password().text()));
    }

    @Test
    public void createdUsersCanLogInWithThatPasswordOnly() throws Exception {
        users.create("ann", "words that pass", org.qrm.api.user.Role.OPERATOR);
        PasswordHash hash = file.user("ann").orElseThrow().password();
        assertTrue(hash.isOf("words that pass".toCharArray()));
        users.setPassword("ann", "another one");
        assertFalse(file.user("ann").orElseThrow().password().isOf("words that pass".toCharArray()));
        assertTrue(file.user("ann").orElseThrow().password().isOf("another one".toCharArray()));
        assertEquals(org.qrm.api.user.Role.OPERATOR, found("ann").role());
    }

    @Test
    public void refusesNamesAndPasswordsThatCanBeNone() {
        for (String name : new String[] {null, "", "Ann", "a=b", "a\nb", "-a", "a".repeat(33)}) {
            assertEquals(Problem.Kind.INVALID, kindOf(() -> users.create(name, "long enough", VIEWER)));
        }
        for (String password : new String[] {null, "", "seven77", "x".repeat(257), "line\nfeed!"}) {
            assertEquals(Problem.Kind.INVALID, kindOf(() -> users.create("ann", password, VIEWER)));
        }
        assertEquals(List.of(), users.list());
    }

    @Test
    public void refusesANameThatIsTaken() {
        users.create("ann", "words that pass", VIEWER);
        assertEquals(Problem.Kind.CONFLICT, kindOf(() -> users.create("ann", "other word", VIEWER)));
    }

    @Test
    public void aFileWithoutAUserGetsTheFirstAdministrator() throws Exception {
        for (String empty : new String[] {"", "\n \n", "# users of QRM\n"}) {
            Files.writeString(file.path(), empty);
            assertEquals(
                    HealthResult.Status.WARN, new UsersHealth(file).execute().status());
            new FirstAdministrator(file, data.getRoot().toPath()).createUnlessThereAreUsers("root", "words that pass");
            assertEquals(org.qrm.api.user.Role.ADMIN, found("root").role());
            assertEquals(HealthResult.Status.OK, new UsersHealth(file).execute().status());
        }
    }

    @Test
    public void aDamagedFileIsNamedAndLeftAlone() throws Exception {
        byte[] garbage = {'r', 'o', 'o', 't', ' ', '=', (byte) 0xc3, (byte) 0x28, '\n'};
        Files.write(file.path(), garbage);
        QrmException damaged = assertThrows(QrmException.class, () -> users.find("root"));
        assertEquals(Problem.Kind.UNAVAILABLE, damaged.problem().kind());
        assertTrue(damaged.getMessage(), damaged.getMessage().contains("users.properties is damaged"));
        assertThrows(
                IOException.class,
                () -> new FirstAdministrator(file, data.getRoot().toPath()).createUnlessThereAreUsers("root", null));
        HealthResult health = new UsersHealth(file).execute();
        assertEquals(HealthResult.Status.WARN, health.status());
        assertTrue(health.message(), health.message().contains("qrm-server restore"));
        assertArrayEquals(garbage, Files.readAllBytes(file.path()));
        Files.writeString(file.path(), "no line of a user\n");
        new FirstAdministrator(file, data.getRoot().toPath()).createUnlessThereAreUsers("root", null);
        assertEquals("no line of a user\n", Files.readString(file.path()));
        assertEquals(HealthResult.Status.WARN, new UsersHealth(file).execute().status());
    }

    @Test
    public void theFileWithTheFirstPasswordGoesWithThatPassword() throws Exception {
        Path folder = data.getRoot().toPath();
        new FirstAdministrator(file, folder).createUnlessThereAreUsers("root", null);
        users.create("ann", "words that pass", org.qrm.api.user.Role.ADMIN);
        users.setPassword("ann", "other words that pass");
        assertTrue("of somebody else", Files.exists(folder.resolve("initial-password")));
        users.setPassword("root", "words of my own");
        assertFalse(Files.exists(folder.resolve("initial-password")));
        assertEquals("root\n", Files.readString(folder.resolve("initial-user")));
    }

    @Test
    public void onlyAnotherPasswordEndsThatItIsTheFirst() throws Exception {
        Path folder = data.getRoot().toPath();
        new FirstAdministrator(file, folder).createUnlessThereAreUsers("root", null);
        Files.delete(folder.resolve("initial-password"));
        users.create("ann", "words that pass", org.qrm.api.user.Role.ADMIN);
        users.setRole("root", VIEWER);
        assertTrue(found("root").firstPassword());
        assertFalse(found("ann").firstPassword());
        users.setPassword("root", "words of my own");
        assertFalse(found("root").firstPassword());
    }

    @Test
    public void theFileWithTheFirstPasswordGoesWithItsUser() throws Exception {
        Path folder = data.getRoot().toPath();
        new FirstAdministrator(file, folder).createUnlessThereAreUsers("root", null);
        users.create("ann", "words that pass", org.qrm.api.user.Role.ADMIN);
        users.delete("root");
        assertFalse(Files.exists(folder.resolve("initial-password")));
    }

    @Test
    public void changesNobodyWhoIsNotThere() {
        assertEquals(Problem.Kind.NOT_FOUND, kindOf(() -> users.setPassword("bob", "long enough")));
        assertEquals(Problem.Kind.NOT_FOUND, kindOf(() -> users.setRole("bob", VIEWER)));
        assertEquals(Problem.Kind.NOT_FOUND, kindOf(() -> users.delete("bob")));
    }

    @Test
    public void keepsTheLastAdministrator() {
        users.create("ann", "words that pass", org.qrm.api.user.Role.ADMIN);
        users.create("bob", "words that pass", VIEWER);
        assertEquals(Problem.Kind.REFUSED, kindOf(() -> users.delete("ann")));
        assertEquals(Problem.Kind.REFUSED, kindOf(() -> users.setRole("ann", VIEWER)));
        users.setRole("ann", org.qrm.api.user.Role.ADMIN);
        users.setRole("bob", org.qrm.api.user.Role.ADMIN);
        users.delete("ann");
        assertEquals(List.of("bob"), users.list().stream().map(User::name).toList());
        assertEquals(Problem.Kind.REFUSED, kindOf(() -> users.delete("bob")));
    }

    private static Problem.Kind kindOf(Runnable attempt) {
        return assertThrows(QrmException.class, attempt::run).problem().kind();
    }

    private User found(String name) {
        return users.find(name).orElseThrow();
    }

    private void put(String name, String password, Role... roles) throws Exception {
        file.put(name, new UsersFile.User(PasswordHash.of(password.toCharArray()), Set.of(roles)));
    }
}
