package org.qrm.plugin.device;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.qrm.api.Name;
import org.qrm.api.TrustedAuthorities;

/**
 * Trusts one certificate, whatever it says of itself; or, without a fingerprint, what authorities have signed for that host name.
 * Whoever is refused learns the fingerprint that was found.
 */
final class Trust extends X509ExtendedTrustManager {

    private static final int LONGEST_WORDS = 200;

    /** With thousands of services, what is remembered of each to greet it quicker the next time is more than it spares. */
    private static final int MOST_SESSIONS = 64;

    private final Pins pins;
    private final X509ExtendedTrustManager authorities;

    /**
     * One of them is null.
     *
     * @param pins where one certificate is trusted at each address
     */
    private Trust(Pins pins, X509ExtendedTrustManager authorities) {
        this.pins = pins;
        this.authorities = authorities;
    }

    /** TLS that trusts, at each address, the certificate that counts there. */
    static SSLContext context(Pins pins) {
        return context(new Trust(pins, null));
    }

    /**
     * TLS that trusts authorities.
     *
     * @param authorities file with their certificates in PEM; null for those that the Java runtime trusts
     * @throws IOException when that file cannot be used
     */
    static SSLContext context(Path authorities) throws IOException {
        return context(new Trust(null, TrustedAuthorities.manager(authorities)));
    }

    private static SSLContext context(Trust trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust}, null);
            context.getClientSessionContext().setSessionCacheSize(MOST_SESSIONS);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no TLS in this Java runtime", e);
        }
    }

    /** With the host name among what is checked by authorities. */
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        Fingerprint found = Fingerprint.of(chain[0]);
        if (pins != null) {
            checkPinned(found, engine);
            return;
        }
        try {
            authorities.checkServerTrusted(chain, authType, engine);
        } catch (CertificateException untrusted) {
            throw new UntrustedCertificate(
                    "its certificate is not trusted here, and no fingerprint was answered: " + why(untrusted),
                    found,
                    untrusted);
        }
    }

    private void checkPinned(Fingerprint found, SSLEngine engine) throws CertificateException {
        Fingerprint pinned =
                pins.at(engine).orElseThrow(() -> new CertificateException("no certificate counts at this address"));
        if (!pinned.equals(found)) {
            throw new UntrustedCertificate(
                    "its certificate has the fingerprint " + found + ", not " + pinned + " as was answered",
                    found,
                    null);
        }
    }

    private static String why(CertificateException untrusted) {
        return untrusted.getCause() instanceof CertPathBuilderException
                ? "no authority that is trusted here has signed it"
                : Name.printable(untrusted.getMessage(), LONGEST_WORDS);
    }

    /** Connections here have engines. */
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("not asked for");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("not asked for");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("not asked for");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("not asked for");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("not asked for");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
