package org.qrm.login.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.user.Role;
import org.qrm.api.user.UserKey;

public class FileUserKeysTest {

    private static final String ED = SshKeyTest.line("good-keys.txt", 0).split(" ", 3)[2];
    private static final String EC = SshKeyTest.line("good-keys.txt", 3).split(" ", 3)[2];
    private static final String RSA = SshKeyTest.line("good-keys.txt", 4).split(" ", 3)[2];

    @Rule
    public final TemporaryFolder data = new TemporaryFolder();

    private FileUsers users;
    private FileUserKeys keys;
    private Path file;

    @Before
    public void twoAdministrators() {
        UsersFile usersFile = UsersFile.below(data.getRoot().toPath());
        KeysFile keysFile = KeysFile.below(data.getRoot().toPath());
        users = new FileUsers(usersFile);
        keys = new FileUserKeys(usersFile, keysFile);
        file = keysFile.path();
        users.create("ann", "words of ann", Role.ADMIN);
        users.create("bob", "words of bob", Role.ADMIN);
    }

    @Test
    public void keepsThemInAFileOfTheOwner() throws Exception {
        UserKey added = keys.add("ann", ED);
        assertEquals("ann@work", added.comment());
        keys.add("bob", EC);
        keys.add("ann", RSA);
        assertEquals(List.of("ssh-ed25519", "ssh-rsa"), types("ann"));
        assertEquals(List.of("ecdsa-sha2-nistp521"), types("bob"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        keys.remove("ann", added.fingerprint());
        assertEquals(List.of("ssh-rsa"), types("ann"));
        refused(Problem.Kind.NOT_FOUND, () -> keys.remove("ann", added.fingerprint()));
    }

    @Test
    public void theSameKeyAgainStaysAsItIs() throws Exception {
        keys.add("ann", ED);
        assertEquals(
                "ann@work", keys.add("ann", ED.replace("ann@work", "again")).comment());
        assertEquals(1, keys.list("ann").size());
        keys.add("bob", ED);
        keys.remove("ann", keys.list("ann").get(0).fingerprint());
        assertEquals("another user's stays", 1, keys.list("bob").size());
    }

    @Test
    public void followsAnEditByHandAndKeepsItsOtherLines() throws Exception {
        Files.writeString(
                file,
                "# of the site\nann " + RSA + "\n\nann restrict " + EC + "\nnobody\n  bob\t" + ED
                        + "\nann ssh-dss AAAA\n");
        assertEquals(List.of("ssh-rsa"), types("ann"));
        assertEquals(List.of("ssh-ed25519"), types("bob"));
        keys.add("ann", ED);
        keys.remove("bob", keys.list("bob").get(0).fingerprint());
        assertEquals(
                "# of the site\nann " + RSA + "\n\nann restrict " + EC + "\nnobody\nann ssh-dss AAAA\nann " + ED + "\n",
                Files.readString(file));
    }

    @Test
    public void theKeysOfARemovedUserGoAndDoNotComeBackWithTheName() throws Exception {
        keys.add("bob", ED);
        Files.writeString(file, Files.readString(file) + "bob broken\n");
        users.delete("bob");
        assertFalse(Files.readString(file), Files.readString(file).contains("bob"));
        users.create("bob", "words of bob", Role.ADMIN);
        keys.add("bob", ED);
        // somebody takes the user out of the file by hand
        Path usersFile = data.getRoot().toPath().resolve("users.properties");
        Files.writeString(usersFile, Files.readString(usersFile).replaceAll("(?m)^bob.*\n", ""));
        refused(Problem.Kind.NOT_FOUND, () -> keys.list("bob"));
        users.create("bob", "words of bob", Role.ADMIN);
        assertEquals(List.of(), types("bob"));
    }

    @Test
    public void refusesWhatIsNoUserOrNoKey() {
        refused(Problem.Kind.NOT_FOUND, () -> keys.add("eve", ED));
        refused(Problem.Kind.NOT_FOUND, () -> keys.remove("eve", "SHA256:x"));
        refused(Problem.Kind.INVALID, () -> keys.add("ann", "from=\"x\" " + ED));
        refused(Problem.Kind.INVALID, () -> keys.add("ann", null));
        assertFalse(Files.exists(file));
    }

    @Test
    public void aUserHasAHundredAtMost() throws Exception {
        StringBuilder many = new StringBuilder();
        byte[] blob = SshKey.parse(ED).blob();
        for (int i = 0; i < 100; i++) {
            blob[blob.length - 1] = (byte) i;
            many.append("ann ")
                    .append(new SshKey("ssh-ed25519", blob, 256, "").line())
                    .append('\n');
        }
        Files.writeString(file, many);
        refused(Problem.Kind.REFUSED, () -> keys.add("ann", RSA));
        keys.add("bob", RSA);
    }

    private List<String> types(String user) {
        return keys.list(user).stream().map(UserKey::type).toList();
    }

    private static void refused(Problem.Kind kind, org.junit.function.ThrowingRunnable attempt) {
        QrmException refused = assertThrows(QrmException.class, attempt);
        assertEquals(refused.getMessage(), kind, refused.problem().kind());
        assertTrue(refused.getMessage(), !refused.problem().remedy().isEmpty() || kind == Problem.Kind.NOT_FOUND);
    }
}
