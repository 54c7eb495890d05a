package org.qrm.login.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Whom to trust as the directory. JNDI takes no object for that, only the name of a class with {@link #getDefault}. */
public final class DirectoryTls {

    private static final ThreadLocal<SSLSocketFactory> OF_THIS_THREAD = new ThreadLocal<>();

    private DirectoryTls() {}

    /** What JNDI opens the connections of this thread with. */
    public static SocketFactory getDefault() {
        return OF_THIS_THREAD.get();
    }

    static void use(SSLSocketFactory sockets) {
        OF_THIS_THREAD.set(sockets);
    }

    static void forget() {
        OF_THIS_THREAD.remove();
    }

    /**
     * Sockets that trust the authorities in the file.
     *
     * @param authorities PEM; null for the authorities that Java trusts
     */
    static SSLSocketFactory trusting(Path authorities) throws IOException {
        try {
            if (authorities == null) {
                return SSLContext.getDefault().getSocketFactory();
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(read(authorities));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot trust " + authorities + ": " + e.getMessage(), e);
        }
    }

    private static KeyStore read(Path authorities) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(authorities)) {
            int number = 0;
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("authority-" + number++, one);
            }
        }
        if (trusted.size() == 0) {
            throw new IOException(authorities + " has no certificate");
        }
        return trusted;
    }
}
