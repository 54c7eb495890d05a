package org.qrm.cli.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    /** As {@code QRM_CREDENTIALS= qrm …}, which does without a file that is named elsewhere. */
    @Test
    public void takesWhatIsEmptyForNotGiven() throws IOException {
        write("initial-password", "random word\n");
        for (String name :
                List.of("QRM_URL", "QRM_USER", "QRM_PASSWORD", "QRM_TOKEN", "QRM_CACERT", "QRM_CREDENTIALS")) {
            assertEquals(name, Account.of(NONE, Map.of(), local()), Account.of(NONE, Map.of(name, ""), local()));
        }
    }

    @Test
    public void givesTheFirstPasswordToNobodyElse() throws IOException {
        write("initial-user", "qrm\n");
        write("initial-password", "random word\n");
        Failure refused = assertThrows(
                Failure.class, () -> Account.of(new Account.Options(null, "admin", null, null), Map.of(), local()));
        assertEquals(Failure.AUTHENTICATION, refused.status());
    }

    @Test
    public void takesNothingForAnAddressThatLeadsToNoServer() {
        List.of(
                        "https://qrm",
                        "http://qrm:8080/",
                        "https://127.0.0.1:8443//",
                        "https://[fe80::1]:8443",
                        "https://qrm.example.org:65535")
                .forEach(url -> assertEquals(url.replaceAll("/+$", ""), at(url).url()));
        List.of(
                        "qrm",
                        "qrm:8443",
                        "ftp://qrm",
                        "file:///etc/passwd",
                        "https:",
                        "https://",
                        "https:///",
                        "https://:8443",
                        "https://qrm:0",
                        "https://qrm:65536",
                        "https://qrm:port",
                        "https://a|b",
                        "https://a b",
                        "https://a_b:x",
                        "https://[::1",
                        "https://admin@qrm",
                        "https://admin:secret@qrm",
                        "https://qrm/api",
                        "https://qrm?a",
                        "https://qrm#a")
                .forEach(url -> assertEquals(
                        Failure.USAGE,
                        assertThrows(url, Failure.class, () -> at(url)).status()));
    }

    private static Account at(String url) {
        return Account.of(
                new Account.Options(url, null, null, null), Map.of("QRM_TOKEN", "t"), LocalServer.of(null, Map.of()));
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
