package org.qrm.login.internal;

import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Remembers, keyed and in memory only, which password was the right one for a hash: a REST client sends its password
 * with each request, and each look at the real hash costs a tenth of a second by design.
 */
final class KnownPasswords {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final int MOST = 100;

    private final SecretKeySpec key;
    private final Map<String, byte[]> known = new LinkedHashMap<>();

    KnownPasswords() {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        key = new SecretKeySpec(random, ALGORITHM);
    }

    boolean check(PasswordHash hash, char[] password) {
        byte[] mark = mark(password);
        String text = hash.text();
        synchronized (known) {
            byte[] right = known.get(text);
            if (right != null && MessageDigest.isEqual(right, mark)) {
                return true;
            }
        }
        if (!hash.isOf(password)) {
            return false;
        }
        remember(text, mark);
        return true;
    }

    private void remember(String text, byte[] mark) {
        synchronized (known) {
            if (known.size() >= MOST) {
                known.clear();
            }
            known.put(text, mark);
        }
    }

    private byte[] mark(char[] password) {
        byte[] bytes = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password)).array();
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(ALGORITHM + " is not available in this Java", e);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
