package org.qrm.bootstrap.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The key and certificate of the HTTPS connector, in {@code tls/server.p12}, and the authority's certificate, in
 * {@code tls/ca.pem}. The authority is made once; the server's certificate is issued anew when it does not fit any more.
 */
final class ServerTls {

    /** As {@code $[secret:tls-keystore]} in etc/org.ops4j.pax.web.cfg. */
    private static final String PASSWORD_FILE = "tls-keystore";

    private static final Duration AUTHORITY_LIFE = Duration.ofDays(365L * 30);
    private static final Duration SERVER_LIFE = Duration.ofDays(365L * 5);
    private static final Duration RENEW_BEFORE_END = Duration.ofDays(365);
    private static final int PASSWORD_BYTES = 24;

    private final DataDirectory data;
    private final Clock clock;

    ServerTls(DataDirectory data, Clock clock) {
        this.data = data;
        this.clock = clock;
    }

    /**
     * @param others names of the server beside that of the host
     * @return all of its names, lower case; those of an administrator's own certificate may begin with {@code *.}
     */
    Set<String> prepare(String address, String hostName, Set<String> others)
            throws IOException, GeneralSecurityException {
        char[] password = password();
        Set<String> names = names(hostName, others);
        OwnCertificate own = new OwnCertificate(data.tls().resolve("own"));
        if (own.isGiven()) {
            store(data.tls().resolve("server.p12"), "server", own.key(), own.chain(), password);
            DataDirectory.write(data.tls().resolve("ca.pem"), own.authority());
            names.addAll(own.names());
            return names;
        }
        CertificateAuthority authority = authority(hostName, password);
        DataDirectory.write(data.tls().resolve("ca.pem"), pem(authority.certificate()));
        Set<String> addresses = new TreeSet<>(List.of(address, "127.0.0.1"));
        Path store = data.tls().resolve("server.p12");
        if (!fits(store, password, authority, addresses, names)) {
            KeyPair keys = CertificateAuthority.newKeys();
            X509Certificate certificate = authority.issue(
                    keys.getPublic(), addresses, names, clock.instant().plus(SERVER_LIFE));
            store(store, "server", keys.getPrivate(), List.of(certificate, authority.certificate()), password);
        }
        return names;
    }

    private CertificateAuthority authority(String hostName, char[] password)
            throws IOException, GeneralSecurityException {
        Path file = data.tls().resolve("ca.p12");
        if (Files.exists(file)) {
            KeyStore store = load(file, password);
            return new CertificateAuthority(
                    (PrivateKey) store.getKey("ca", password), (X509Certificate) store.getCertificate("ca"));
        }
        Instant end = clock.instant().plus(AUTHORITY_LIFE);
        CertificateAuthority authority = CertificateAuthority.create(hostName, end);
        store(file, "ca", authority.key(), List.of(authority.certificate()), password);
        return authority;
    }

    private boolean fits(
            Path file, char[] password, CertificateAuthority authority, Set<String> addresses, Set<String> names)
            throws IOException {
        if (!Files.exists(file)) {
            return false;
        }
        try {
            X509Certificate certificate = (X509Certificate) load(file, password).getCertificate("server");
            certificate.verify(authority.certificate().getPublicKey());
            Instant end = certificate.getNotAfter().toInstant();
            Set<String> wanted = new TreeSet<>(addresses);
            wanted.addAll(names);
            return end.isAfter(clock.instant().plus(RENEW_BEFORE_END))
                    && alternativeNames(certificate).equals(wanted);
        } catch (GeneralSecurityException e) {
            // of another authority, or of an administrator who has taken his own certificate away again
            return false;
        }
    }

    private static Set<String> alternativeNames(X509Certificate certificate) throws GeneralSecurityException {
        Set<String> found = new TreeSet<>();
        Collection<List<?>> all = certificate.getSubjectAlternativeNames();
        if (all != null) {
            all.forEach(typeAndName -> found.add(String.valueOf(typeAndName.get(1))));
        }
        return found;
    }

    private static Set<String> names(String hostName, Set<String> others) {
        Set<String> names = new TreeSet<>(others);
        names.add("localhost");
        if (hostName.matches("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")) {
            names.add(hostName.toLowerCase(Locale.ROOT));
        }
        return names;
    }

    private char[] password() throws IOException {
        Path file = data.secrets().resolve(PASSWORD_FILE);
        if (!Files.exists(file)) {
            byte[] random = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(random);
            DataDirectory.write(file, Base64.getUrlEncoder().withoutPadding().encode(random));
        }
        return Files.readString(file).trim().toCharArray();
    }

    private static KeyStore load(Path file, char[] password) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(new ByteArrayInputStream(Files.readAllBytes(file)), password);
        return store;
    }

    private static void store(Path file, String alias, PrivateKey key, List<X509Certificate> chain, char[] password)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(alias, key, password, chain.toArray(new Certificate[0]));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        store.store(bytes, password);
        DataDirectory.write(file, bytes.toByteArray());
    }

    private static byte[] pem(X509Certificate certificate) throws GeneralSecurityException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
        return ("-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
