package org.qrm.bootstrap.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * The authority, and the one before it while machines may trust that one only. One file holds all, so that a crash leaves what was
 * before or what is next. The key of the former one is not kept.
 *
 * @param former its certificate, or null
 * @param introduction of the present one by the former one, or null
 */
record Authorities(CertificateAuthority present, X509Certificate former, X509Certificate introduction) {

    private static final String PRESENT = "ca";
    private static final String FORMER = "former";
    private static final String INTRODUCTION = "introduction";

    static Authorities read(Path file, char[] password) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        return new Authorities(
                new CertificateAuthority(
                        (PrivateKey) store.getKey(PRESENT, password), (X509Certificate) store.getCertificate(PRESENT)),
                (X509Certificate) store.getCertificate(FORMER),
                (X509Certificate) store.getCertificate(INTRODUCTION));
    }

    void write(Path file, char[] password) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(PRESENT, present.key(), password, new Certificate[] {present.certificate()});
        if (former != null) {
            store.setCertificateEntry(FORMER, former);
            store.setCertificateEntry(INTRODUCTION, introduction);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        store.store(bytes, password);
        DataDirectory.write(file, bytes.toByteArray());
    }

    /** What to trust, the present one first. */
    List<X509Certificate> trusted() {
        List<X509Certificate> trusted = new ArrayList<>(List.of(present.certificate()));
        if (former != null) {
            trusted.add(former);
        }
        return trusted;
    }

    /** What the server sends after its own certificate: so those who trust the former one only know the present one, too. */
    X509Certificate next() {
        return introduction == null ? present.certificate() : introduction;
    }
}
