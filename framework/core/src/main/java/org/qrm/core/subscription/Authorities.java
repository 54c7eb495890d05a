package org.qrm.core.subscription;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

/** Whom to trust as receivers. */
public final class Authorities {

    private static final String SETTING = "QRM_WEBHOOK_CA";

    private Authorities() {}

    /**
     * TLS that trusts the authorities in the file that {@code QRM_WEBHOOK_CA} names (PEM); without it those that the Java
     * runtime trusts.
     *
     * @param settings answers the value of a setting, or null
     * @throws QrmException INVALID when the file cannot be used
     */
    public static SSLContext trusted(UnaryOperator<String> settings) {
        String file = settings.apply(SETTING);
        try {
            if (file == null || file.isBlank()) {
                return SSLContext.getDefault();
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(read(Path.of(file)));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException unusable) {
            throw new QrmException(
                    new Problem(
                            Problem.Kind.INVALID,
                            "read setting",
                            SETTING,
                            "the certificates in " + file + " cannot be read: " + unusable,
                            "Name a file with certificates in PEM, or leave it out, in etc/qrm.cfg or the environment."),
                    unusable);
        }
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
            throw new IOException("it has none");
        }
        return trusted;
    }
}
