package org.qrm.login.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class DirectorySettingsTest {

    private static final String GOOD = """
            # the site's
            url = ldaps://one.example.org ldaps://two.example.org:6636
            userBase = ou=people,dc=example,dc=org

            group.operator = cn=operators,dc=example,dc=org
            """;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path file;

    @Before
    public void name() {
        file = folder.getRoot().toPath().resolve("ldap.properties");
    }

    private DirectorySettings read(String text) throws IOException {
        Files.writeString(file, text);
        return DirectorySettings.read(file).orElseThrow();
    }

    @Test
    public void withoutAFileThereIsNoDirectory() throws IOException {
        assertFalse(DirectorySettings.read(file).isPresent());
    }

    @Test
    public void readsWhatIsThereAndFillsInTheRest() throws IOException {
        DirectorySettings settings = read(GOOD);
        assertEquals(List.of("ldaps://one.example.org", "ldaps://two.example.org:6636"), settings.urls());
        assertEquals(Set.of(Role.OPERATOR), settings.groups().keySet());
        assertEquals("(uid={0})", settings.userFilter());
        assertEquals(Duration.ofSeconds(3), settings.patience());
        assertFalse(settings.startTls());
    }

    @Test
    public void refusesWhatWouldSendPasswordsInClear() throws IOException {
        refused("in clear", GOOD.replace("ldaps://one", "ldap://one"));
        refused("startTls is for ldap", GOOD + "startTls = true\n");
        assertTrue(read(GOOD.replace("ldaps://one.example.org ldaps://two.example.org:6636", "ldap://one")
                        + "startTls = true\n")
                .startTls());
        for (String here : List.of("ldap://127.0.0.1:10389", "ldap://localhost", "ldap://[::1]/")) {
            read(GOOD.replace("ldaps://one.example.org ldaps://two.example.org:6636", here));
        }
    }

    @Test
    public void refusesWhatCannotBeMeant() {
        refused("is missing", GOOD.replace("userBase", "#"));
        refused("none of group.admin", GOOD.replace("group.operator", "#"));
        refused("no distinguished name", GOOD.replace("cn=operators,", "operators,"));
        refused("belong together", GOOD + "bindDn = cn=qrm\n");
        refused("no {0}", GOOD + "userFilter = (uid=ann)\n");
        refused("neither {0}", GOOD + "groupFilter = (member=ann)\n");
        refused("1 to 4", GOOD + "timeoutSeconds = 60\n");
        refused("true or false", GOOD + "startTls = yes\n");
        for (String url : List.of("http://x", "ldaps://", "ldaps://x/dc=org", "ldaps://x?uid", "ldaps://a b")) {
            refused(
                    url.equals("ldaps://a b") ? "b is not of the form" : "",
                    GOOD.replace("ldaps://one.example.org", url));
        }
        refused("line 6", GOOD + "passwort = x\n");
        refused("line 6", GOOD + "url\n");
    }

    private void refused(String reason, String text) {
        IOException refused = assertThrows(text, IOException.class, () -> read(text));
        assertTrue(refused.getMessage(), refused.getMessage().contains(reason));
    }

    @Test
    public void readsAPasswordThatOnlyItsOwnerCanRead() throws IOException {
        DirectorySettings settings = read(GOOD + "bindDn = cn=qrm\nbindPasswordFile = secret\n");
        Path secret = Files.writeString(file.resolveSibling("secret"), "s3cret\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r-----"));
        String said =
                assertThrows(IOException.class, settings::readBindPassword).getMessage();
        assertTrue(said, said.contains("chmod 600"));
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        assertArrayEquals("s3cret".toCharArray(), settings.readBindPassword());
        Files.writeString(secret, "\n");
        assertThrows(IOException.class, settings::readBindPassword);
    }

    @Test
    public void knowsNamesThatMeanNothingElse() {
        for (String good : List.of("ann", "a", "ann.smith@example.org", "x-1_2")) {
            assertTrue(good, DirectoryUsers.NAME.matcher(good).matches());
        }
        for (String bad :
                List.of("", "*", "a*", "a)(uid=*", "a,b", "a\\2a", "Ann", "-a", "a b", "a\0", "a".repeat(65))) {
            assertFalse(bad, DirectoryUsers.NAME.matcher(bad).matches());
        }
    }
}
