package org.qrm.bootstrap.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class SettingsTest {

    @Rule
    public TemporaryFolder home = new TemporaryFolder();

    @Test
    public void hasDefaultsForEverything() throws IOException {
        Settings settings = read(Map.of());
        assertEquals("127.0.0.1", settings.address());
        assertEquals(8080, settings.httpPort());
        assertEquals(8443, settings.httpsPort());
        assertEquals(8101, settings.sshPort());
        assertEquals(home().resolve("var"), settings.dataDirectory());
        assertEquals("jdbc:derby:" + home().resolve("var/database") + ";create=true", settings.databaseUrl());
    }

    @Test
    public void takesTheEnvironmentBeforeTheFile() throws IOException {
        file("QRM_HTTP_PORT=8081\nQRM_SSH_PORT = 8102 \n");
        Settings settings = read(Map.of("QRM_HTTP_PORT", "8082"));
        assertEquals(8082, settings.httpPort());
        assertEquals(8102, settings.sshPort());
    }

    @Test
    public void ignoresCommentsAndBlankLinesOfTheFile() throws IOException {
        file("# a comment\n\n   \n  # QRM_HTTP_PORT=1\n");
        assertEquals(8080, read(Map.of()).httpPort());
    }

    @Test
    public void keepsEqualSignsOfAValue() throws IOException {
        file("QRM_DATABASE_URL=jdbc:postgresql://db/qrm?user=qrm&password=a=b\n");
        assertEquals(
                "jdbc:postgresql://db/qrm?user=qrm&password=a=b", read(Map.of()).databaseUrl());
    }

    @Test
    public void knowsEverySettingThatTheScriptAndItsFileKnow() throws IOException {
        Path distribution = Path.of("../../karaf-assembly/distribution/src/main/resources");
        Matcher list = Pattern.compile("(?m)^SETTINGS=\"(.*)\"$")
                .matcher(Files.readString(distribution.resolve("bin/qrm-server")));
        assertTrue(list.find());
        assertEquals(List.of(list.group(1).split(" ")), SettingsFile.NAMES);
        String documented = Files.readString(distribution.resolve("etc/qrm.cfg"));
        SettingsFile.NAMES.forEach(name -> assertTrue(name, documented.contains("\n#" + name + "=")));
    }

    @Test
    public void refusesWhatIsNoNameOfAnAdministrator() throws IOException {
        assertEquals("admin", read(Map.of()).administrator());
        assertEquals("qrm", read(Map.of("QRM_ADMIN_USER", "qrm")).administrator());
        for (String name : new String[] {"Qrm", "1st", "a b", "root:x", "ä", "-q", "a".repeat(33), "q,admin"}) {
            String message = refusal(Map.of("QRM_ADMIN_USER", name));
            assertTrue(message, message.startsWith("QRM_ADMIN_USER=" + name + " is no name of a user; give 1 to 32"));
        }
    }

    @Test
    public void refusesAnUnknownSettingWithItsLine() throws IOException {
        file("QRM_ADDRESS=127.0.0.1\nQRM_HTTP_PROT=8081\n");
        String message = refusal(Map.of());
        assertTrue(message, message.contains("qrm.cfg, line 2: no setting is called QRM_HTTP_PROT"));
    }

    @Test
    public void refusesWhatIsNoPort() {
        for (String port : new String[] {"0", "65536", "-1", "http", "8080 ", "99999999999"}) {
            assertTrue(refusal(Map.of("QRM_HTTPS_PORT", port)).startsWith("QRM_HTTPS_PORT=" + port + " is no port"));
        }
    }

    @Test
    public void knowsNoConsoleByAPortOfZero() throws IOException {
        assertTrue(read(Map.of()).hasConsole());
        assertFalse(read(Map.of("QRM_SSH_PORT", "0")).hasConsole());
        assertTrue(refusal(Map.of("QRM_SSH_PORT", "00")).startsWith("QRM_SSH_PORT=00 is no port"));
    }

    @Test
    public void theConsoleTakesKeysAndUnlessItIsToldOtherwisePasswords() throws IOException {
        assertEquals("publickey,keyboard-interactive,password", read(Map.of()).consoleLogins());
        assertEquals("publickey", read(Map.of("QRM_SSH_PASSWORDS", "off")).consoleLogins());
        assertTrue(refusal(Map.of("QRM_SSH_PASSWORDS", "no")).startsWith("QRM_SSH_PASSWORDS=no says neither"));
    }

    @Test
    public void takesAddressesAndNetworksOfProxies() throws IOException {
        assertEquals(List.of(), read(Map.of()).trustedProxies());
        assertEquals(
                List.of("192.0.2.7", "198.51.100.0/28", "2001:db8::/32", "::1"),
                read(Map.of("QRM_TRUSTED_PROXIES", "192.0.2.7, 198.51.100.0/28 2001:db8::/32,::1"))
                        .trustedProxies());
        for (String proxy : new String[] {
            "proxy.example.org", "192.0.2", "192.0.2.256", "192.0.2.0/33", "192.0.2.0/", "2001:db8::/129", "1:2", "*"
        }) {
            String message = refusal(Map.of("QRM_TRUSTED_PROXIES", "192.0.2.7," + proxy));
            assertTrue(message, message.startsWith("QRM_TRUSTED_PROXIES: " + proxy + " is no IP address or network"));
        }
    }

    @Test
    public void takesNamesOfHosts() throws IOException {
        assertEquals(Set.of(), read(Map.of()).names());
        assertEquals(
                Set.of("qrm.example.org", "qrm", "2nd"),
                read(Map.of("QRM_NAMES", "QRM.example.org, qrm 2nd")).names());
        for (String name :
                new String[] {"qrm.example.org:8443", "192.0.2.7", "::1", "*.example.org", "a_b", "a..b", "-a"}) {
            String message = refusal(Map.of("QRM_NAMES", "qrm," + name));
            assertTrue(message, message.startsWith("QRM_NAMES: " + name + " is no name of a host"));
        }
    }

    @Test
    public void refusesOnePortForTwoPurposes() {
        assertTrue(refusal(Map.of("QRM_HTTPS_PORT", "8080")).contains("give each its own port"));
    }

    @Test
    public void refusesWhatIsNoAddress() {
        for (String address : new String[] {"localhost", "1.2.3", "1.2.3.256", "::1", "10.0.0.1;x"}) {
            assertTrue(refusal(Map.of("QRM_ADDRESS", address)).contains("is no IPv4 address"));
        }
    }

    @Test
    public void refusesTheAddressThatStandsForAll() {
        assertTrue(refusal(Map.of("QRM_ADDRESS", "0.0.0.0")).contains("give one address of this host"));
    }

    @Test
    public void saysWhichPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Settings settings = read(Map.of("QRM_SSH_PORT", Integer.toString(taken.getLocalPort())));
            BadSetting refusal = assertThrows(BadSetting.class, () -> settings.checkFree("QRM_SSH_PORT"));
            assertTrue(refusal.getMessage(), refusal.getMessage().contains("QRM_SSH_PORT=" + taken.getLocalPort()));
        }
    }

    @Test
    public void saysWhenTheAddressIsNotOfThisHost() throws IOException {
        // 192.0.2.0/24 is for documentation (RFC 5737): no host has it
        Settings settings = read(Map.of("QRM_ADDRESS", "192.0.2.1"));
        BadSetting refusal = assertThrows(BadSetting.class, () -> settings.checkFree("QRM_HTTP_PORT"));
        assertTrue(refusal.getMessage(), refusal.getMessage().contains("no network card of this host"));
    }

    @Test
    public void doesNotShowTheDatabaseUrl() throws IOException {
        String text = read(Map.of("QRM_DATABASE_URL", "jdbc:postgresql://db/qrm?password=secret"))
                .toString();
        assertFalse(text, text.contains("secret"));
    }

    private String refusal(Map<String, String> environment) {
        return assertThrows(BadSetting.class, () -> read(environment)).getMessage();
    }

    private Settings read(Map<String, String> environment) throws IOException {
        return Settings.read(environment, home(), home());
    }

    private void file(String text) throws IOException {
        Files.writeString(home().resolve("qrm.cfg"), text);
    }

    private Path home() {
        return home.getRoot().toPath();
    }
}
