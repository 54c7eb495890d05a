package org.qrm.login.internal;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** What is kept of a password: PBKDF2 (RFC 8018), with its own salt and number of rounds. */
record PasswordHash(int rounds, byte[] salt, byte[] hash) {

    private static final String ALGORITHM = "PBKDF2WithHmacSHA512";
    private static final int ROUNDS = 210_000;
    private static final int MOST_ROUNDS = 10_000_000;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BITS = 256;
    private static final Pattern TEXT =
            Pattern.compile("pbkdf2-sha512:([1-9][0-9]{0,7}):([A-Za-z0-9_-]{22}):([A-Za-z0-9_-]{43})");

    static PasswordHash of(char[] password) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return new PasswordHash(ROUNDS, salt, hash(password, salt, ROUNDS));
    }

    static Optional<PasswordHash> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) > MOST_ROUNDS) {
            return Optional.empty();
        }
        Base64.Decoder decoder = Base64.getUrlDecoder();
        return Optional.of(new PasswordHash(
                Integer.parseInt(matcher.group(1)),
                decoder.decode(matcher.group(2)),
                decoder.decode(matcher.group(3))));
    }

    boolean isOf(char[] password) {
        return MessageDigest.isEqual(hash, hash(password, salt, rounds));
    }

    String text() {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        return "pbkdf2-sha512:" + rounds + ":" + encoder.encodeToString(salt) + ":" + encoder.encodeToString(hash);
    }

    private static byte[] hash(char[] password, byte[] salt, int rounds) {
        PBEKeySpec spec = new PBEKeySpec(password, salt, rounds, HASH_BITS);
        try {
            return SecretKeyFactory.getInstance(ALGORITHM).generateSecret(spec).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(ALGORITHM + " is not available in this Java", e);
        } finally {
            spec.clearPassword();
        }
    }
}
