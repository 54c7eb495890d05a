package org.qrm.core.subscription;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.qrm.api.QrmException;

/** Signs what is sent, as Standard Webhooks 1.0 say: HMAC-SHA-256 over {@code id.timestamp.body}. */
final class SigningKey {

    private static final String PREFIX = "whsec_";
    private static final int SHORTEST = 24;
    private static final int LONGEST = 64;
    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] key;

    private SigningKey(byte[] key) {
        this.key = key;
    }

    /** @throws QrmException INVALID for what is no secret; nothing of it is in the words */
    static SigningKey of(String attempted, String name, String secret) {
        byte[] key = new byte[0];
        if (secret.startsWith(PREFIX)) {
            try {
                key = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
            } catch (IllegalArgumentException malformed) {
                key = new byte[0];
            }
        }
        if (key.length < SHORTEST || key.length > LONGEST) {
            throw QrmException.invalid(
                    attempted,
                    name,
                    "the secret is not " + PREFIX + " and " + SHORTEST + " to " + LONGEST + " bytes in base64",
                    "Take the one that the receiver gave you, or make one: echo \"whsec_$(openssl rand -base64 32)\"");
        }
        return new SigningKey(key);
    }

    /** @param seconds since 1970 */
    String sign(String id, long seconds, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            mac.update((id + "." + seconds + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java runtime has " + ALGORITHM, impossible);
        }
    }
}
