package org.qrm.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Whom to trust at the other end of a connection. */
public final class TrustedAuthorities {

    private TrustedAuthorities() {}

    /**
     * TLS that trusts the authorities in a file.
     *
     * @param file certificates in PEM; null for the authorities that the Java runtime trusts
     * @throws IOException when it cannot be read, or has no certificate
     */
    public static SSLContext of(Path file) throws IOException {
        try {
            if (file == null) {
                return SSLContext.getDefault();
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {manager(file)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw untrusting(file, e);
        }
    }

    /**
     * Who decides that, for a program that also wants to tell what was refused.
     *
     * @param file certificates in PEM; null for the authorities that the Java runtime trusts
     * @throws IOException when it cannot be read, or has no certificate
     */
    public static X509ExtendedTrustManager manager(Path file) throws IOException {
        try {
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(file == null ? null : read(file));
            return Arrays.stream(managers.getTrustManagers())
                    .filter(X509ExtendedTrustManager.class::isInstance)
                    .map(X509ExtendedTrustManager.class::cast)
                    .findFirst()
                    .orElseThrow(() -> new GeneralSecurityException("no trust manager for X.509"));
        } catch (GeneralSecurityException e) {
            throw untrusting(file, e);
        }
    }

    private static IOException untrusting(Path file, GeneralSecurityException cause) {
        String whom = file == null ? "the authorities of the Java runtime" : file.toString();
        return new IOException("cannot trust " + whom + ": " + cause.getMessage(), cause);
    }

    private static KeyStore read(Path file) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            int number = 0;
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("authority-" + number++, one);
            }
        }
        if (trusted.size() == 0) {
            throw new IOException(file + " has no certificate");
        }
        return trusted;
    }
}
