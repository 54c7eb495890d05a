package org.qrm.api.user;

import java.util.Objects;

/**
 * A public key by which a user logs in at the SSH console.
 *
 * @param user whose it is
 * @param fingerprint {@code SHA256:} and the digest in base64, as {@code ssh-keygen -l} shows it
 * @param type {@code ssh-ed25519}, {@code ecdsa-sha2-nistp256}, {@code ssh-rsa} …
 * @param bits its length
 * @param comment what stands behind it, for people; may be empty
 */
public record UserKey(String user, String fingerprint, String type, int bits, String comment) {
    public UserKey {
        Objects.requireNonNull(user);
        Objects.requireNonNull(fingerprint);
        Objects.requireNonNull(type);
        Objects.requireNonNull(comment);
    }
}
