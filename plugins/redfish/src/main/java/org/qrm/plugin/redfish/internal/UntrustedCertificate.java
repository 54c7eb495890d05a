package org.qrm.plugin.redfish.internal;

import java.security.cert.CertificateException;

/** A service showed a certificate that is not trusted. */
final class UntrustedCertificate extends CertificateException {

    private static final long serialVersionUID = 1L;

    private final String found;

    /** @param found fingerprint of what it showed */
    UntrustedCertificate(String message, Fingerprint found, Throwable cause) {
        super(message, cause);
        this.found = found.text();
    }

    String found() {
        return found;
    }
}
