package org.qrm.plugin.device;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * SHA-256 of a certificate, as {@code openssl x509 -fingerprint -sha256} tells it.
 *
 * @param text upper-case hexadecimal octets with colons between them
 */
public record Fingerprint(String text) {

    private static final Pattern PLAIN = Pattern.compile("[0-9A-F]{64}");
    private static final Pattern PAIRS = Pattern.compile("[0-9A-F]{2}(:[0-9A-F]{2}){31}");

    /** Empty when that is none; colons may be there or not, letters be small or not. */
    public static Optional<Fingerprint> parse(String text) {
        String upper = text.strip().toUpperCase(Locale.ROOT);
        if (PLAIN.matcher(upper).matches()) {
            return Optional.of(new Fingerprint(withColons(HexFormat.of().parseHex(upper))));
        }
        return PAIRS.matcher(upper).matches() ? Optional.of(new Fingerprint(upper)) : Optional.empty();
    }

    public static Fingerprint of(X509Certificate certificate) throws CertificateEncodingException {
        try {
            return new Fingerprint(
                    withColons(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded())));
        } catch (NoSuchAlgorithmException each) {
            throw new IllegalStateException("each Java runtime has SHA-256", each);
        }
    }

    private static String withColons(byte[] octets) {
        return HexFormat.ofDelimiter(":").withUpperCase().formatHex(octets);
    }

    @Override
    public String toString() {
        return text;
    }
}
