package org.qrm.core.node;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.qrm.api.resource.MacAddress;

/**
 * Boot tokens: made without a write while a boot loader is answered, and checked when the machine registers. A keyed
 * hash (HMAC-SHA256, RFC 2104) over version, time, nonce and MAC address; see docs/node-protocol.md.
 */
final class BootTokens {

    static final Duration GOOD_FOR = Duration.ofMinutes(15);

    private static final byte IN_THE_OPEN = 1;
    /** One that was told to a partition's host, over its own channel. */
    private static final byte TO_HOST = 2;

    private static final int NONCE = 16;
    private static final int TAG = 16;
    private static final int CLAIMS = 1 + Long.BYTES + NONCE;
    private static final Duration SKEW = Duration.ofMinutes(1);

    private final SecretKeySpec key;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** @param key 32 secret bytes, the same on all servers */
    BootTokens(byte[] key, Clock clock) {
        this.key = new SecretKeySpec(key, "HmacSHA256");
        this.clock = clock;
    }

    /**
     * A token for the next registration of that machine.
     *
     * @param toHost whether nobody but its host is told
     */
    String issue(MacAddress mac, boolean toHost) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        byte[] claims = ByteBuffer.allocate(CLAIMS)
                .put(toHost ? TO_HOST : IN_THE_OPEN)
                .putLong(clock.instant().getEpochSecond())
                .put(nonce)
                .array();
        byte[] token = Arrays.copyOf(claims, CLAIMS + TAG);
        System.arraycopy(tag(claims, mac), 0, token, CLAIMS, TAG);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /** The nonce in hexadecimal, if the token is ours, of that machine, and not too old. */
    Optional<String> nonce(String token, MacAddress mac) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
        if (bytes.length != CLAIMS + TAG || bytes[0] != IN_THE_OPEN && bytes[0] != TO_HOST) {
            return Optional.empty();
        }
        byte[] claims = Arrays.copyOf(bytes, CLAIMS);
        byte[] tag = Arrays.copyOfRange(bytes, CLAIMS, CLAIMS + TAG);
        if (!MessageDigest.isEqual(tag, tag(claims, mac))) {
            return Optional.empty();
        }
        long age = clock.instant().getEpochSecond()
                - ByteBuffer.wrap(claims, 1, Long.BYTES).getLong();
        boolean fresh = age <= GOOD_FOR.toSeconds() && age >= -SKEW.toSeconds();
        return fresh ? Optional.of(HexFormat.of().formatHex(claims, 1 + Long.BYTES, CLAIMS)) : Optional.empty();
    }

    /** Whether one that is good was told to a host. */
    static boolean isToHost(String token) {
        return Base64.getUrlDecoder().decode(token)[0] == TO_HOST;
    }

    private byte[] tag(byte[] claims, MacAddress mac) {
        try {
            Mac hmac = Mac.getInstance("HmacSHA256");
            hmac.init(key);
            hmac.update(claims);
            return Arrays.copyOf(hmac.doFinal(mac.bytes()), TAG);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
