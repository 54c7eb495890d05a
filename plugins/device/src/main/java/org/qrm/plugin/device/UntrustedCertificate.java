package org.qrm.plugin.device;

import java.security.cert.CertificateException;

/** A service showed a certificate that is not trusted. */
public final class UntrustedCertificate extends CertificateException {

    private static final long serialVersionUID = 1L;

    private final String found;

    /** @param found fingerprint of what it showed */
    UntrustedCertificate(String message, Fingerprint found, Throwable cause) {
        super(message, cause);
        this.found = found.text();
    }

    public String found() {
        return found;
    }
}
