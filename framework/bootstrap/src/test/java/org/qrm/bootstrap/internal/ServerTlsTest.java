package org.qrm.bootstrap.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.QrmException;

public class ServerTlsTest {

    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @Rule
    public TemporaryFolder root = new TemporaryFolder();

    private Set<String> others = Set.of();
    private DataDirectory data;

    @Before
    public void createTheDataDirectory() throws IOException {
        data = new DataDirectory(root.getRoot().toPath().resolve("data"));
        data.create();
    }

    @Test
    public void namesEveryWayToTheServer() throws Exception {
        prepare(NOW, "10.77.0.1");
        assertEquals(Set.of("10.77.0.1", "127.0.0.1", "localhost", "rack1"), names(server()));
    }

    @Test
    public void hasTheNamesThatTheAdministratorGives() throws Exception {
        prepare(NOW, "10.77.0.1");
        others = Set.of("qrm.example.org");
        assertEquals(Set.of("localhost", "rack1", "qrm.example.org"), prepare(NOW, "10.77.0.1"));
        assertEquals(Set.of("10.77.0.1", "127.0.0.1", "localhost", "rack1", "qrm.example.org"), names(server()));
    }

    @Test
    public void issuesTheServersCertificateByTheAuthorityThatMachinesTrust() throws Exception {
        prepare(NOW, "10.77.0.1");
        server().verify(authority().getPublicKey());
        assertTrue("a certificate authority", authority().getBasicConstraints() >= 0);
        assertEquals("no authority", -1, server().getBasicConstraints());
    }

    @Test
    public void isValidForMachinesWhoseClockWasLost() throws Exception {
        prepare(NOW, "10.77.0.1");
        assertEquals(Instant.EPOCH, server().getNotBefore().toInstant());
        assertEquals(Instant.EPOCH, authority().getNotBefore().toInstant());
    }

    @Test
    public void keepsTheCertificateWhileItFits() throws Exception {
        prepare(NOW, "10.77.0.1");
        X509Certificate first = server();
        prepare(NOW.plus(Duration.ofDays(365)), "10.77.0.1");
        assertEquals(first, server());
    }

    @Test
    public void issuesAnotherWhenTheAddressChanges() throws Exception {
        prepare(NOW, "10.77.0.1");
        X509Certificate authority = authority();
        prepare(NOW, "10.77.0.2");
        assertTrue(names(server()).contains("10.77.0.2"));
        assertEquals("the authority stays", authority, authority());
    }

    @Test
    public void issuesAnotherAYearBeforeItEnds() throws Exception {
        prepare(NOW, "10.77.0.1");
        X509Certificate first = server();
        prepare(NOW.plus(Duration.ofDays(365 * 4 + 1)), "10.77.0.1");
        assertNotEquals(first, server());
    }

    @Test
    public void keepsKeysAndPasswordToTheOwner() throws Exception {
        prepare(NOW, "10.77.0.1");
        for (String file : new String[] {"tls/server.p12", "tls/ca.p12", "secrets/tls-keystore"}) {
            assertEquals(file, "rw-------", permissions(data.root().resolve(file)));
        }
        assertEquals("rwx------", permissions(data.root()));
    }

    @Test
    public void takesTheAdministratorsOwnCertificate() throws Exception {
        CertificateAuthority site = CertificateAuthority.create("site", NOW.plus(Duration.ofDays(10)));
        KeyPair keys = CertificateAuthority.newKeys();
        X509Certificate own = site.issue(
                keys.getPublic(), Set.of("10.77.0.1"), Set.of("*.Example.org"), NOW.plus(Duration.ofDays(5)));
        Path directory = Files.createDirectory(data.tls().resolve("own"));
        pem(directory.resolve("certificate.pem"), "CERTIFICATE", own.getEncoded());
        pem(directory.resolve("key.pem"), "PRIVATE KEY", keys.getPrivate().getEncoded());
        pem(directory.resolve("ca.pem"), "CERTIFICATE", site.certificate().getEncoded());
        assertEquals(Set.of("localhost", "rack1", "*.example.org"), prepare(NOW, "10.77.0.1"));
        assertEquals(own, server());
        assertEquals(site.certificate(), authority());
        assertArrayEquals(
                keys.getPrivate().getEncoded(),
                store().getKey("server", password()).getEncoded());
    }

    @Test
    public void goesBackToItsOwnAuthorityWhenTheAdministratorTakesHisCertificateAway() throws Exception {
        takesTheAdministratorsOwnCertificate();
        for (String file : new String[] {"certificate.pem", "key.pem", "ca.pem"}) {
            Files.delete(data.tls().resolve("own").resolve(file));
        }
        Files.delete(data.tls().resolve("own"));
        prepare(NOW, "10.77.0.1");
        server().verify(authority().getPublicKey());
        assertTrue(authority().getSubjectX500Principal().getName().contains("QRM authority of Rack1"));
    }

    @Test
    public void leavesTheFilesAloneWhileAllFits() throws Exception {
        prepare(NOW, "10.77.0.1");
        byte[] before = Files.readAllBytes(data.tls().resolve("server.p12"));
        prepare(NOW, "10.77.0.1");
        assertArrayEquals(before, Files.readAllBytes(data.tls().resolve("server.p12")));
    }

    @Test
    public void whoTrustsOneOfTwoAuthoritiesKnowsTheServerUntilTheFormerIsForgotten() throws Exception {
        prepare(NOW, "10.77.0.1");
        X509Certificate former = authority();
        tls(NOW).succeedAuthority();
        assertThrows("one at a time", QrmException.class, () -> tls(NOW).succeedAuthority());
        prepare(NOW, "10.77.0.1");
        X509Certificate present = authority();
        assertNotEquals("machines are told the new one", former, present);
        for (List<X509Certificate> trusted : List.of(List.of(former), List.of(present), List.of(former, present))) {
            assertTrue(trusted.toString(), isKnownTo(trusted));
        }
        assertTrue("for GnuTLS, which counts", former.getBasicConstraints() >= 1);
        tls(NOW).forgetFormerAuthority();
        prepare(NOW, "10.77.0.1");
        assertFalse(isKnownTo(List.of(former)));
        assertTrue(isKnownTo(List.of(present)));
        assertThrows(QrmException.class, () -> tls(NOW).forgetFormerAuthority());
        tls(NOW).succeedAuthority();
        prepare(NOW, "10.77.0.1");
        assertTrue("and once more", isKnownTo(List.of(present)));
    }

    @Test
    public void anAuthorityOfTheFirstReleaseIsRenewedAndWhoTrustsItGoesOn() throws Exception {
        CertificateAuthority made = CertificateAuthority.create("rack1", NOW.plus(Duration.ofDays(1000)));
        CertificateAuthority early = new CertificateAuthority(made.key(), made.introduce(made));
        assertFalse(early.canIntroduce());
        new ServerTls(data, Clock.fixed(NOW, ZoneOffset.UTC)).prepare("10.77.0.1", "rack1", Set.of());
        new Authorities(early, null, null).write(data.tls().resolve("ca.p12"), password());
        prepare(NOW, "10.77.0.1");
        assertEquals(1, authority().getBasicConstraints());
        assertEquals(early.certificate().getPublicKey(), authority().getPublicKey());
        assertTrue(isKnownTo(List.of(early.certificate())));
        assertTrue(isKnownTo(List.of(authority())));
    }

    @Test
    public void refusesAKeyThatIsNotTheCertificates() throws Exception {
        takesTheAdministratorsOwnCertificate();
        byte[] before = Files.readAllBytes(data.tls().resolve("server.p12"));
        pem(
                data.tls().resolve("own/key.pem"),
                "PRIVATE KEY",
                CertificateAuthority.newKeys().getPrivate().getEncoded());
        assertThrows(BadSetting.class, () -> prepare(NOW, "10.77.0.1"));
        assertArrayEquals(before, Files.readAllBytes(data.tls().resolve("server.p12")));
    }

    /** As Java looks at it, which has the server's clock. */
    private boolean isKnownTo(List<X509Certificate> trusted) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (X509Certificate each : trusted) {
            store.setCertificateEntry(each.getSerialNumber().toString(), each);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        X509Certificate[] chain = Arrays.stream(store().getCertificateChain("server"))
                .map(X509Certificate.class::cast)
                .toArray(X509Certificate[]::new);
        try {
            ((X509TrustManager) factory.getTrustManagers()[0]).checkServerTrusted(chain, "ECDHE_ECDSA");
            return true;
        } catch (CertificateException unknown) {
            return false;
        }
    }

    private ServerTls tls(Instant now) {
        return new ServerTls(data, Clock.fixed(now, ZoneOffset.UTC));
    }

    @Test
    public void saysWhatIsMissingOfAnOwnCertificate() throws IOException {
        Files.createDirectory(data.tls().resolve("own"));
        BadSetting refusal = assertThrows(BadSetting.class, () -> prepare(NOW, "10.77.0.1"));
        assertTrue(
                refusal.getMessage(), refusal.getMessage().contains("must hold certificate.pem, key.pem and ca.pem"));
    }

    private Set<String> prepare(Instant now, String address) throws IOException, GeneralSecurityException {
        return new ServerTls(data, Clock.fixed(now, ZoneOffset.UTC)).prepare(address, "Rack1", others);
    }

    private X509Certificate server() throws Exception {
        return (X509Certificate) store().getCertificate("server");
    }

    private KeyStore store() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(data.tls().resolve("server.p12"))) {
            store.load(in, password());
        }
        return store;
    }

    private char[] password() throws IOException {
        return Files.readString(data.secrets().resolve("tls-keystore")).toCharArray();
    }

    private X509Certificate authority() throws Exception {
        try (InputStream in = Files.newInputStream(data.tls().resolve("ca.pem"))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static Set<String> names(X509Certificate certificate) throws Exception {
        Set<String> names = new TreeSet<>();
        certificate.getSubjectAlternativeNames().forEach(name -> names.add((String) name.get(1)));
        return names;
    }

    private static void pem(Path file, String type, byte[] content) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Files.write(
                file,
                ("-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n")
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
