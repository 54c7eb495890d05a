package org.qrm.cli.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.commands.line.Failure;

public class AccountTest {

    private static final Account.Options NONE = new Account.Options(null, null, null, null);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void takesTheFirstAdministratorOfTheServerOfThisHost() throws IOException {
        write("initial-user", "qrm\n");
        write("initial-password", "random word\n");
        Account account = Account.of(NONE, Map.of(), local());
        assertEquals("qrm random word", account.user() + " " + account.password());
    }

    @Test
    public void takesAdminForAServerThatNeverSaidWhoWasFirst() throws IOException {
        write("initial-password", "random word\n");
        Account account = Account.of(NONE, Map.of(), local());
        assertEquals("admin random word", account.user() + " " + account.password());
    }

    @Test
    public void givesTheFirstPasswordToNobodyElse() throws IOException {
        write("initial-user", "qrm\n");
        write("initial-password", "random word\n");
        Failure refused = assertThrows(
                Failure.class, () -> Account.of(new Account.Options(null, "admin", null, null), Map.of(), local()));
        assertEquals(Failure.AUTHENTICATION, refused.status());
    }

    private LocalServer local() {
        return LocalServer.of(home(), Map.of());
    }

    private void write(String name, String text) throws IOException {
        Files.createDirectories(home().resolve("var"));
        Files.writeString(home().resolve("var").resolve(name), text);
    }

    private Path home() {
        return folder.getRoot().toPath();
    }
}
