package org.qrm.api.server;

import java.time.Instant;
import java.util.Objects;

/**
 * A certificate of the server.
 *
 * @param use what it is for
 * @param subject whom it names (RFC 4514)
 * @param issuer who signed it (RFC 4514)
 * @param end when it ends
 * @param sha256 of its DER encoding, 64 lower-case hexadecimal digits; of the first authority, machines are told it when they boot
 */
public record ServerCertificate(Use use, String subject, String issuer, Instant end, String sha256) {

    /** What a certificate is for. */
    public enum Use {
        /** The server proves itself by it. */
        SERVER,
        /** Leads from the server's to an authority. */
        BETWEEN,
        /** Machines are to trust it. */
        AUTHORITY
    }

    public ServerCertificate {
        Objects.requireNonNull(use);
        Objects.requireNonNull(subject);
        Objects.requireNonNull(issuer);
        Objects.requireNonNull(end);
        Objects.requireNonNull(sha256);
    }
}
