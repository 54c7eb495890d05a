package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.sshd.common.SshException;
import org.junit.Assume;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.RuleChain;

/** Users of a directory log in, beside those of the server's own file. */
public class LdapIT {

    private static final ServerProcess SERVER = new ServerProcess();
    private static final LdapDirectory DIRECTORY = new LdapDirectory();
    private static final String LOCAL = "of the users file";

    private static int newcomers;

    @ClassRule
    public static final RuleChain BOTH = RuleChain.outerRule(DIRECTORY).around(SERVER);

    @BeforeClass
    public static void start() throws Exception {
        Assume.assumeTrue("there is no slapd (Debian: slapd)", LdapDirectory.isThere());
        SERVER.set("QRM_ADMIN_PASSWORD", LOCAL).start();
    }

    @Before
    public void byLdaps() throws Exception {
        DIRECTORY.describeTo(SERVER.data(), ldaps(DIRECTORY.authority()));
    }

    @Test
    public void groupsOfTheDirectoryGiveTheRoles() throws Exception {
        assertEquals("ADMIN", roleOf("ann"));
        assertEquals("OPERATOR", roleOf("otto"));
        assertEquals("VIEWER", roleOf("vera"));
        assertEquals("an administrator's business", 403, get("/users", "otto", password("otto")));
        assertEquals(200, get("/users", "ann", password("ann")));
        assertEquals("in no group", 403, get("/session", "nora", password("nora")));
        assertEquals(401, get("/session", "vera", "wrong"));
        assertEquals(401, get("/session", "nobody", "wrong"));
    }

    @Test
    public void aSessionOfTheConsoleBegins() throws Exception {
        HttpResponse<String> answer = client().send(
                        request("/session")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(
                                        "{\"user\":\"otto\",\"password\":\"" + password("otto") + "\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertEquals(answer.body(), 200, answer.statusCode());
        assertTrue(
                answer.body(), answer.body().toUpperCase(java.util.Locale.ROOT).contains("\"OPERATOR\""));
        String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
        HttpResponse<String> next = client().send(
                        request("/session").header("Cookie", cookie).build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(next.body(), 200, next.statusCode());
    }

    @Test
    public void theCommandTakesTheDirectorysUsers() throws Exception {
        assertEquals(0, qrm("vera", password("vera"), "resource", "list"));
        assertTrue(qrm("vera", "wrong", "resource", "list") != 0);
    }

    @Test
    public void theSshConsoleTakesAdministratorsOnly() throws Exception {
        assertTrue(ssh("ann", password("ann")).contains("QRM :: Bootstrap"));
        assertThrows(SshException.class, () -> ssh("ann", "wrong"));
        String operator;
        try {
            operator = ssh("otto", password("otto"));
        } catch (SshException refused) {
            operator = "";
        }
        assertFalse(operator, operator.contains("QRM :: Bootstrap"));
        assertTrue("of the file", ssh("admin", LOCAL).contains("QRM :: Bootstrap"));
    }

    @Test
    public void theFileHasTheLastWordOnItsNames() throws Exception {
        assertEquals(200, get("/users", "admin", LOCAL));
        assertEquals("the directory's admin is another", 401, get("/session", "admin", password("admin")));
    }

    @Test
    public void startTlsDoesAsWell() throws Exception {
        DIRECTORY.describeTo(
                SERVER.data(),
                "url = " + DIRECTORY.url() + "\nstartTls = true\ncaCertificate = " + DIRECTORY.authority() + "\n");
        assertEquals(200, freshlyGet());
        DIRECTORY.describeTo(
                SERVER.data(),
                "url = " + DIRECTORY.url() + "\nstartTls = true\ncaCertificate = " + DIRECTORY.strangeAuthority()
                        + "\n");
        assertEquals("signed by somebody else", 503, freshlyGet());
    }

    @Test
    public void aDirectoryThatCannotProveItselfIsNotAsked() throws Exception {
        DIRECTORY.describeTo(SERVER.data(), ldaps(DIRECTORY.strangeAuthority()));
        assertEquals(503, freshlyGet());
        DIRECTORY.describeTo(SERVER.data(), ldaps(DIRECTORY.authority()).replace("127.0.0.1", "localhost"));
        assertEquals("the certificate is for another name", 503, freshlyGet());
    }

    @Test
    public void namesThatMeanSomethingToADirectoryAndEmptyPasswordsAreRefused() throws Exception {
        for (String name :
                new String[] {"*", "*)(uid=*", "ver*", "vera)(|(uid=*", "vera\\2a", "vera,ou=people", "VERA"}) {
            assertEquals(name, 401, get("/session", name, password("vera")));
        }
        assertEquals("an unauthenticated bind", 401, get("/session", "otto", ""));
    }

    @Test
    public void whoGuessesIsSlowedDown() throws Exception {
        int status = 401;
        for (int i = 0; i < 20 && status == 401; i++) {
            status = get("/session", "guessed", "guess " + i);
        }
        assertEquals("too many attempts", 429, status);
    }

    @Test
    public void aDirectoryThatHangsLocksNobodyOfTheFileOut() throws Exception {
        DIRECTORY.hang();
        try {
            DIRECTORY.describeTo(SERVER.data(), ldaps(DIRECTORY.authority()) + "timeoutSeconds = 2\n");
            long began = System.nanoTime();
            assertEquals(503, freshlyGet());
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
            assertTrue("answered only after " + seconds + " s", seconds < 20);
            for (int i = 0; i < 5; i++) {
                assertEquals("at once", 503, get("/session", "hanging" + i, "whatever"));
            }
            assertEquals(200, get("/users", "admin", LOCAL));
            assertTrue(ssh("admin", LOCAL).contains("QRM :: Bootstrap"));
            awaitLog("has not answered for 2 s");
        } finally {
            DIRECTORY.goOn();
        }
        byLdaps();
        assertEquals("with other settings it is asked anew", 200, freshlyGet());
    }

    @Test
    public void aDirectoryThatIsDownLocksNobodyOfTheFileOut() throws Exception {
        DIRECTORY.stop();
        try {
            DIRECTORY.describeTo(SERVER.data(), ldaps(DIRECTORY.authority()) + "timeoutSeconds = 4\n");
            assertEquals(503, freshlyGet());
            assertEquals(200, get("/users", "admin", LOCAL));
            awaitLog("it cannot be reached");
        } finally {
            DIRECTORY.start();
        }
    }

    @Test
    public void theBindPasswordIsForTheOwnersEyesAndInNoLog() throws Exception {
        Path secret = SERVER.data().resolve("secrets/ldap");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
        assertEquals(503, freshlyGet());
        awaitLog("secrets/ldap is open to others than its owner; chmod 600 it");
        byLdaps();
        Files.writeString(secret, "a wrong bind password");
        assertEquals(503, freshlyGet());
        awaitLog("it refuses bindDn");
        byLdaps();
        assertEquals(200, freshlyGet());
        for (String password : new String[] {LdapDirectory.BIND_PASSWORD, "a wrong bind password", password("vera")}) {
            assertFalse(password, log().contains(password));
        }
    }

    private static String ldaps(Path authority) {
        return "url = " + DIRECTORY.tlsUrl() + "\ncaCertificate = " + authority + "\n";
    }

    private static String password(String user) {
        return LdapDirectory.password(user);
    }

    /** A busy host writes its log a little after the answer. */
    private static void awaitLog(String text) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!log().contains(text)) {
            assertTrue(text, System.nanoTime() < end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    private static String log() throws IOException {
        return Files.readString(SERVER.data().resolve("log/qrm.log"))
                + Files.readString(SERVER.data().resolve("log/console.log"));
    }

    private static String ssh(String user, String password) throws IOException {
        return SshConsole.run(SERVER.port("QRM_SSH_PORT"), user, password, "bundle:list -t 0 --no-format");
    }

    private static int qrm(String user, String password, String... arguments) throws Exception {
        java.util.List<String> command = new java.util.ArrayList<>();
        command.add(UnpackedDistribution.home().resolve("bin/qrm").toString());
        command.addAll(java.util.List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("QRM_URL", "https://127.0.0.1:" + SERVER.port("QRM_HTTPS_PORT"));
        builder.environment().put("QRM_USER", user);
        builder.environment().put("QRM_PASSWORD", password);
        builder.environment()
                .put("QRM_CACERT", SERVER.data().resolve("tls/ca.pem").toString());
        Process process = builder.start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("bin/qrm did not end");
        }
        return process.exitValue();
    }

    private static String roleOf(String user) throws Exception {
        HttpResponse<String> answer = send("/session", user, password(user));
        assertEquals(user + ": " + answer.body(), 200, answer.statusCode());
        return new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree(answer.body())
                .get("role")
                .asText()
                .toUpperCase(java.util.Locale.ROOT);
    }

    /** Of a viewer who never logged in: REST remembers for a minute who did. */
    private static int freshlyGet() throws Exception {
        String user = LdapDirectory.newcomer(++newcomers);
        return get("/session", user, password(user));
    }

    private static int get(String path, String user, String password) throws Exception {
        return send(path, user, password).statusCode();
    }

    private static HttpResponse<String> send(String path, String user, String password) throws Exception {
        String credentials =
                Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return client().send(
                        request(path)
                                .header("Authorization", "Basic " + credentials)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static HttpClient client() throws Exception {
        return HttpClient.newBuilder()
                .sslContext(SERVER.trustingTheAuthority())
                .connectTimeout(Duration.ofSeconds(20))
                .build();
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                        URI.create("https://127.0.0.1:" + SERVER.port("QRM_HTTPS_PORT") + "/api/v1" + path))
                .timeout(Duration.ofSeconds(30));
    }
}
