package org.qrm.bootstrap.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.qrm.api.QrmException;

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

    /** The core makes it at the first start, and never again. */
    private static final String WAS_AT_WORK = "server-id";

    private final DataDirectory data;
    private final Clock clock;
    private volatile boolean madeAgain;

    ServerTls(DataDirectory data, Clock clock) {
        this.data = data;
        this.clock = clock;
    }

    /**
     * Makes what is missing, does not fit, or is near its end; what fits is left alone. May be asked again at any time: the web server
     * takes what has changed.
     *
     * @param others names of the server beside that of the host
     * @return all of its names, lower case; those of an administrator's own certificate may begin with {@code *.}
     */
    synchronized Set<String> prepare(String address, String hostName, Set<String> others)
            throws IOException, GeneralSecurityException {
        char[] password = password();
        Set<String> names = names(hostName, others);
        OwnCertificate own = own();
        if (own.isGiven()) {
            own.check();
            storeOther(own.key(), own.chain(), password);
            writeOther(data.tls().resolve("ca.pem"), own.authority());
            names.addAll(own.names());
            return names;
        }
        Authorities authorities = authorities(hostName, password);
        writeOther(data.tls().resolve("ca.pem"), pem(authorities.trusted()));
        Set<String> addresses = new TreeSet<>(List.of(address, "127.0.0.1"));
        if (!fits(password, authorities, addresses, names)) {
            KeyPair keys = CertificateAuthority.newKeys();
            X509Certificate certificate = authorities
                    .present()
                    .issue(keys.getPublic(), addresses, names, clock.instant().plus(SERVER_LIFE));
            storeOther(keys.getPrivate(), List.of(certificate, authorities.next()), password);
        }
        return names;
    }

    /** What there is now: the server's chain, then what machines are to trust. */
    synchronized List<List<X509Certificate>> present() throws IOException, GeneralSecurityException {
        List<X509Certificate> chain = Arrays.stream(load(server(), password()).getCertificateChain("server"))
                .map(X509Certificate.class::cast)
                .toList();
        try (InputStream in = Files.newInputStream(data.tls().resolve("ca.pem"))) {
            return List.of(
                    chain,
                    CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                            .map(X509Certificate.class::cast)
                            .toList());
        }
    }

    /** Another text when a file has changed; empty when that cannot be seen. */
    String stamp() {
        try (Stream<Path> files = Files.walk(data.tls(), 2)) {
            StringBuilder stamp = new StringBuilder();
            for (Path file : files.sorted().toList()) {
                stamp.append(file).append(' ').append(Files.size(file)).append(' ');
                stamp.append(Files.getLastModifiedTime(file)).append('\n');
            }
            return stamp.toString();
        } catch (IOException | UncheckedIOException changing) {
            return "";
        }
    }

    /** Whether this server was at work before, and its authority was not there any more when it started. */
    boolean isMadeAgain() {
        return madeAgain;
    }

    /** Whether the administrator has brought the certificates. */
    boolean isOwn() {
        return own().isGiven();
    }

    /** Another authority, which the present one introduces; {@link #prepare} does the rest. */
    synchronized void succeedAuthority() throws IOException, GeneralSecurityException {
        Authorities before = Authorities.read(authorityFile(), password());
        if (before.former() != null) {
            throw QrmException.refused(
                    "rotate the authority",
                    "",
                    "machines may trust the former one still",
                    "Let them restart, then: qrm certificate forget-former.");
        }
        CertificateAuthority next = before.present().successor(clock.instant().plus(AUTHORITY_LIFE));
        new Authorities(next, before.present().certificate(), before.present().introduce(next))
                .write(authorityFile(), password());
    }

    /** Who trusts the former authority only knows this server no more; {@link #prepare} does the rest. */
    synchronized void forgetFormerAuthority() throws IOException, GeneralSecurityException {
        Authorities before = Authorities.read(authorityFile(), password());
        if (before.former() == null) {
            throw QrmException.refused("forget the former authority", "", "there is none", "");
        }
        new Authorities(before.present(), null, null).write(authorityFile(), password());
    }

    private OwnCertificate own() {
        return new OwnCertificate(data.tls().resolve("own"));
    }

    private Path server() {
        return data.tls().resolve("server.p12");
    }

    private Path authorityFile() {
        return data.tls().resolve("ca.p12");
    }

    private Authorities authorities(String hostName, char[] password) throws IOException, GeneralSecurityException {
        Path file = authorityFile();
        if (!Files.exists(file)) {
            madeAgain = Files.exists(data.root().resolve(WAS_AT_WORK));
            Instant end = clock.instant().plus(AUTHORITY_LIFE);
            new Authorities(CertificateAuthority.create(hostName, end), null, null).write(file, password);
        }
        Authorities found = Authorities.read(file, password);
        if (!found.present().canIntroduce()) {
            // the server's certificate names the number of the authority's; it is made anew
            Files.deleteIfExists(server());
            found = new Authorities(found.present().renewed(), found.former(), found.introduction());
            found.write(file, password);
        }
        return found;
    }

    private boolean fits(char[] password, Authorities authorities, Set<String> addresses, Set<String> names)
            throws IOException {
        if (!Files.exists(server())) {
            return false;
        }
        try {
            Certificate[] chain = load(server(), password).getCertificateChain("server");
            X509Certificate certificate = (X509Certificate) chain[0];
            certificate.verify(authorities.present().certificate().getPublicKey());
            Instant end = certificate.getNotAfter().toInstant();
            Set<String> wanted = new TreeSet<>(addresses);
            wanted.addAll(names);
            return end.isAfter(clock.instant().plus(RENEW_BEFORE_END))
                    && chain[chain.length - 1].equals(authorities.next())
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

    /** A file that changes is one that the web server takes anew, so what is there already stays. */
    private void storeOther(PrivateKey key, List<X509Certificate> chain, char[] password)
            throws IOException, GeneralSecurityException {
        if (isThere(key, chain, password)) {
            return;
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", key, password, chain.toArray(new Certificate[0]));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        store.store(bytes, password);
        DataDirectory.write(server(), bytes.toByteArray());
    }

    private boolean isThere(PrivateKey key, List<X509Certificate> chain, char[] password) {
        try {
            KeyStore there = load(server(), password);
            return key.equals(there.getKey("server", password))
                    && chain.equals(Arrays.asList(there.getCertificateChain("server")));
        } catch (IOException | GeneralSecurityException none) {
            return false;
        }
    }

    private static void writeOther(Path file, byte[] content) throws IOException {
        if (!Files.exists(file) || !Arrays.equals(content, Files.readAllBytes(file))) {
            DataDirectory.write(file, content);
        }
    }

    private static byte[] pem(List<X509Certificate> certificates) throws GeneralSecurityException {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            text.append("-----BEGIN CERTIFICATE-----\n")
                    .append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded()))
                    .append("\n-----END CERTIFICATE-----\n");
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
