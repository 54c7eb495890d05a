package org.qrm.login.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;

import java.util.List;
import java.util.Set;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.user.User;

public class FileUsersTest {

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

    private User found(String name) {
        return users.find(name).orElseThrow();
    }

    private void put(String name, String password, Role... roles) throws Exception {
        file.put(name, new UsersFile.User(PasswordHash.of(password.toCharArray()), Set.of(roles)));
    }
}
