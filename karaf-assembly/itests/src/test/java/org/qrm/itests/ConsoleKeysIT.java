package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.SshException;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Public keys at Karaf's console, by OpenSSH's own client. */
public class ConsoleKeysIT {

    private static final String PASSWORD = "words of my own";
    private static final int DENIED = 255;

    @Rule
    public final ServerProcess server = new ServerProcess();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Set<String> told = new HashSet<>();
    private RestClient rest;

    @Before
    public void start() throws Exception {
        server.set("QRM_ADMIN_PASSWORD", PASSWORD).set("QRM_PASSWORD", PASSWORD).start();
        rest = new RestClient(server.port("QRM_HTTPS_PORT"), server.trustingTheAuthority(), PASSWORD);
    }

    @Test
    public void whoHasAKeyGetsInAndNobodyElse() throws Exception {
        for (String type : List.of("ed25519", "ecdsa", "rsa")) {
            Path key = key(type, type);
            assertEquals(type, DENIED, ssh(List.of(key)).status());
            ServerProcess.Outcome added = server.qrm("", "user", "add-key", "admin", key + ".pub");
            assertEquals(added.output(), 0, added.status());
            ServerProcess.Outcome shell = ssh(List.of(key));
            assertEquals(type + ": " + shell.output(), 0, shell.status());
            assertTrue(shell.output(), shell.output().startsWith("there"));
            assertEquals(List.of("done, key " + fingerprint(key)), logins());
            ServerProcess.Outcome listed = server.qrm("", "user", "list-keys", "admin");
            assertTrue(listed.output(), listed.output().contains(fingerprint(key)));
            String removed = console(PASSWORD, "qrm:user-remove-key admin " + fingerprint(key));
            assertTrue(removed, removed.contains("has the key " + fingerprint(key) + " no longer"));
            assertEquals(type, DENIED, ssh(List.of(key)).status());
        }
        String audit = rest.get("/audit?limit=1000").toString();
        assertTrue(
                audit,
                audit.contains(
                        "fingerprint=" + fingerprint(folder.getRoot().toPath().resolve("rsa"))));
    }

    @Test
    public void aProgramThatOffersManyKeysGuessesNothing() throws Exception {
        List<Path> five = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            five.add(key("ed25519", "key" + i));
        }
        Files.writeString(
                server.data().resolve("users.keys"), "admin " + Files.readString(Path.of(five.get(4) + ".pub")));
        for (int i = 0; i < 12; i++) {
            assertEquals(DENIED, ssh(five.subList(0, 4)).status());
        }
        ServerProcess.Outcome byTheFifth = ssh(five);
        assertEquals(byTheFifth.output(), 0, byTheFifth.status());
        assertEquals(List.of("done, key " + fingerprint(five.get(4))), logins());
        assertEquals(0, rest.get("/events?type=login.locked").get("items").size());
        console(PASSWORD, "shell:echo there");
        withoutPasswordsItTakesKeysAlone(five.get(4));
    }

    private void withoutPasswordsItTakesKeysAlone(Path key) throws Exception {
        assertEquals(0, server.run("stop").status());
        server.set("QRM_SSH_PASSWORDS", "off").start();
        ServerProcess.Outcome shell = ssh(List.of(key));
        assertEquals(shell.output(), 0, shell.status());
        assertThrows(SshException.class, () -> console(PASSWORD, "shell:echo there"));
        Files.delete(server.data().resolve("users.keys"));
        ServerProcess.Outcome refused = ssh(List.of(key));
        assertTrue(refused.output(), refused.output().contains("Permission denied (publickey)"));
        assertFalse(rest.get("/users").get("items").isEmpty());
    }

    private Path key(String type, String name) throws Exception {
        Path file = folder.getRoot().toPath().resolve(name);
        run(List.of("ssh-keygen", "-q", "-t", type, "-N", "", "-C", "test of " + type, "-f", file.toString()));
        return file;
    }

    private String fingerprint(Path key) throws Exception {
        return run(List.of("ssh-keygen", "-l", "-f", key + ".pub")).output().split(" ")[1];
    }

    private ServerProcess.Outcome ssh(List<Path> keys) throws Exception {
        List<String> command = new ArrayList<>(List.of("ssh", "-F", "none", "-o", "BatchMode=yes"));
        for (String option : List.of(
                "IdentitiesOnly=yes",
                "IdentityAgent=none",
                "StrictHostKeyChecking=no",
                "LogLevel=ERROR",
                "UserKnownHostsFile=" + folder.getRoot().toPath().resolve("known"))) {
            command.addAll(List.of("-o", option));
        }
        keys.forEach(key -> command.addAll(List.of("-i", key.toString())));
        command.addAll(
                List.of("-p", Integer.toString(server.port("QRM_SSH_PORT")), "admin@127.0.0.1", "shell:echo there"));
        return run(command);
    }

    private static ServerProcess.Outcome run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(command + " ends", process.waitFor(1, TimeUnit.MINUTES));
        return new ServerProcess.Outcome(process.exitValue(), output.strip());
    }

    private String console(String password, String command) throws IOException {
        return SshConsole.run(server.port("QRM_SSH_PORT"), "admin", password, command);
    }

    /** Those by key that are written down since this was last asked: result and details. */
    private List<String> logins() throws Exception {
        List<String> found = new ArrayList<>();
        for (JsonNode entry : rest.get("/audit?limit=1000").get("items")) {
            boolean byKey = entry.get("action").asText().equals("log in")
                    && !entry.get("details").asText().isEmpty();
            String login =
                    entry.get("result").asText() + ", " + entry.get("details").asText();
            if (byKey && told.add(entry.get("id").asText())) {
                found.add(login);
            }
        }
        return found;
    }
}
